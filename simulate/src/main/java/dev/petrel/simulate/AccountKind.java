// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/** The accounts that an organisation has with each provider, and what they are allowed. */
enum AccountKind {
  /** That of the services which answer people. */
  MAIN("main", 2.5, 0),

  /** That of background work. Refused requests count half against its limits. */
  BATCH("batch", 2, 0.5);

  private final String accountName;
  private final double headroom;
  private final double refusalCost;

  AccountKind(String accountName, double headroom, double refusalCost) {
    this.accountName = accountName;
    this.headroom = headroom;
    this.refusalCost = refusalCost;
  }

  String accountName() {
    return accountName;
  }

  /** How many times the expected requests the limit is. */
  double headroom() {
    return headroom;
  }

  /** How much of a request a refused one counts. */
  double refusalCost() {
    return refusalCost;
  }
}
