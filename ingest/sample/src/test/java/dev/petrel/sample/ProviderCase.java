// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import dev.petrel.hook.contract.FakeProvider.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a provider does with one call.
 *
 * @param answers to its attempts, one after the other; the last one to all others
 * @param timeout how long the client waits for data
 */
record ProviderCase(List<Answer> answers, Duration timeout) {

  /** So long that a machine under load fails nothing. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  /** Where it is to run out; before that, a machine under load must get the request out. */
  private static final Duration SHORT = Duration.ofSeconds(4);

  private static final List<Answer> ERRORS =
      List.of(
          Answer.BAD_KEY,
          Answer.RATE_LIMIT,
          Answer.QUOTA,
          Answer.BAD_PARAMETER,
          Answer.CONTEXT_LENGTH,
          Answer.SERVER_ERROR,
          Answer.OVERLOADED,
          Answer.SILENT,
          Answer.CLOSED,
          Answer.GARBAGE);

  private static final List<Answer> IN_ONE_DOCUMENT =
      List.of(Answer.OK, Answer.TRUNCATED, Answer.FILTERED, Answer.CUT);

  private static final List<Answer> STREAMED =
      List.of(
          Answer.STREAM,
          Answer.STREAM_CUT,
          Answer.STREAM_ENDED_EARLY,
          Answer.STREAM_STALLED,
          Answer.STREAM_ERROR);

  /** All that are played to a client: each answer for itself, and an error, a limit, success. */
  static List<ProviderCase> all(boolean streamed) {
    List<ProviderCase> cases = new ArrayList<>();
    ERRORS.forEach(answer -> cases.add(of(answer)));
    (streamed ? STREAMED : IN_ONE_DOCUMENT).forEach(answer -> cases.add(of(answer)));
    cases.add(of(Answer.SERVER_ERROR, Answer.RATE_LIMIT, streamed ? Answer.STREAM : Answer.OK));
    return cases;
  }

  private static ProviderCase of(Answer... answers) {
    Duration timeout =
        switch (answers[answers.length - 1]) {
          case SILENT, STREAM_STALLED -> SHORT;
          default -> PATIENT;
        };
    return new ProviderCase(List.of(answers), timeout);
  }

  /** The answer to an attempt, from 0. */
  Answer answer(int attempt) {
    return answers.get(Math.min(attempt, answers.size() - 1));
  }

  @Override
  public String toString() {
    return String.join("-", answers.stream().map(Answer::name).toList());
  }
}
