// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import java.util.List;

/**
 * The result of evaluating a rule over a group at one time.
 *
 * @param state what to remember
 * @param alerts the documents to publish, in order
 */
record Evaluation(GroupState state, List<Alert> alerts) {}
