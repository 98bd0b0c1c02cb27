// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the manifest. */
final class PetrelVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = PetrelVersion.class.getPackage().getImplementationVersion();
    return new String[] {
      "petrel " + (version == null ? "(unpackaged)" : version), "Java " + Runtime.version()
    };
  }
}
