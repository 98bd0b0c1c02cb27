// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.sun.net.httpserver.HttpExchange;
import dev.petrel.hook.contract.FakeProvider;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * {@code POST /next-answers} with names of {@link FakeProvider.Answer}: what the fake provider
 * gives to the next attempts, before it works again. No real service has this.
 */
final class NextAnswersHandler extends PostHandler {

  private final FakeProvider provider;

  NextAnswersHandler(FakeProvider provider) {
    this.provider = provider;
  }

  @Override
  Answer answer(HttpExchange exchange, String body) {
    try {
      FakeProvider.Answer[] answers =
          Stream.of(body.strip().split("[\\s,]+"))
              .map(FakeProvider.Answer::valueOf)
              .toArray(FakeProvider.Answer[]::new);
      provider.answerNext(answers);
      return new Answer(200, "next: " + Arrays.toString(answers));
    } catch (IllegalArgumentException e) {
      return new Answer(400, "send some of " + Arrays.toString(FakeProvider.Answer.values()));
    }
  }
}
