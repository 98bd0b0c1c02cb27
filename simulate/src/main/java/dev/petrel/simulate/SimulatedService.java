// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A service that calls models.
 *
 * @param name its name
 * @param version the version that is deployed on an ordinary day
 * @param weight share of the traffic, relative to the others
 * @param instances how many instances of it run
 * @param features what its calls are for
 * @param account whose limits its calls are counted against; one for each model of each provider
 * @param models the models that it calls, by their weights
 * @param streams whether answers are streamed
 * @param timeout how long it waits for a first chunk, or for the whole answer
 * @param logInput mean of the logarithm of its prompts' tokens
 * @param logOutput the same of answers
 * @param maxOutputTokens most tokens of an answer
 * @param ownSdk what it calls OpenAI with when not with what the others do, otherwise null
 */
record SimulatedService(
    String name,
    String version,
    double weight,
    int instances,
    List<String> features,
    AccountKind account,
    List<SimulatedModel> models,
    boolean streams,
    Duration timeout,
    double logInput,
    double logOutput,
    long maxOutputTokens,
    @Nullable String ownSdk) {

  /** Deviation of the logarithm of prompts' tokens. */
  static final double INPUT_DEVIATION = 1;

  /** Deviation of the logarithm of answers' tokens. */
  static final double OUTPUT_DEVIATION = 0.8;

  private static final List<SimulatedModel> ALL_MODELS =
      List.of(
          SimulatedModel.GPT_4O,
          SimulatedModel.GPT_4O_MINI,
          SimulatedModel.CLAUDE_SONNET,
          SimulatedModel.GEMINI_FLASH);

  static final SimulatedService CHAT_API =
      new SimulatedService(
          "chat-api",
          "1.14.2",
          45,
          3,
          List.of("chat", "assistant"),
          AccountKind.MAIN,
          ALL_MODELS,
          true,
          Duration.ofSeconds(30),
          6.3,
          4.8,
          1024,
          null);

  static final SimulatedService SEARCH =
      new SimulatedService(
          "search",
          "3.2.0",
          25,
          2,
          List.of("answers"),
          AccountKind.MAIN,
          ALL_MODELS,
          false,
          Duration.ofSeconds(20),
          7.0,
          4.2,
          512,
          null);

  static final SimulatedService SUMMARIZER =
      new SimulatedService(
          "summarizer",
          "2.3.1",
          20,
          4,
          List.of("summaries", "reports"),
          AccountKind.MAIN,
          ALL_MODELS,
          false,
          Duration.ofSeconds(60),
          7.6,
          5.2,
          1024,
          null);

  /** Works through documents in the background, on an account of its own. */
  static final SimulatedService ENRICHER =
      new SimulatedService(
          "enricher",
          "0.9.4",
          10,
          2,
          List.of("tagging"),
          AccountKind.BATCH,
          List.of(SimulatedModel.GPT_4O_MINI),
          false,
          Duration.ofSeconds(30),
          5.8,
          3.5,
          256,
          "openai-python/1.99.9");

  static final List<SimulatedService> ALL = List.of(CHAT_API, SEARCH, SUMMARIZER, ENRICHER);

  /** The name of one of the instances, the first is 0. */
  String instance(int number) {
    return name + "-" + number;
  }

  /** Names of the first instances. */
  List<String> instanceNames() {
    return IntStream.range(0, instances).mapToObj(this::instance).toList();
  }

  /** The library that it calls this provider with. */
  String sdk(SimulatedProvider provider) {
    return ownSdk == null ? provider.sdk() : ownSdk;
  }

  /** Share of all calls that it makes to a model. */
  double share(SimulatedModel model) {
    if (!models.contains(model)) {
      return 0;
    }
    double services = ALL.stream().mapToDouble(SimulatedService::weight).sum();
    double weights = models.stream().mapToDouble(SimulatedModel::weight).sum();
    return weight / services * (model.weight() / weights);
  }

  /** Expected tokens of a call, prompt and answer. */
  double meanTokens() {
    return Math.exp(logInput + INPUT_DEVIATION * INPUT_DEVIATION / 2)
        + Math.exp(logOutput + OUTPUT_DEVIATION * OUTPUT_DEVIATION / 2);
  }

  /** Fingerprint of the key that it shows to a provider: each account has one. */
  String credential(SimulatedProvider provider) {
    return Hex.fingerprint(account.accountName() + provider.wireName());
  }

  /** Whether conversations go on over several calls. */
  boolean converses() {
    return streams;
  }
}
