// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import java.util.List;

/**
 * What became of a request.
 *
 * @param accepted calls that are durable
 * @param rejections items that are not, and never will be
 */
public record Receipt(int accepted, List<Rejection> rejections) {

  public Receipt {
    rejections = List.copyOf(rejections);
  }
}
