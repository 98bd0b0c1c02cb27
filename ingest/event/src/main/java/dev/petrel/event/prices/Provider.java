// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is called, as the table's keys need it.
 *
 * @param id one spelling for all of its names
 * @param prefixes what its keys in the table begin with, the likeliest first
 * @param ownPricesOnly whether only keys with such a prefix are its prices. The others resell at
 *     list prices, which stand under the bare name of a model, or are what a client reports that
 *     was pointed at some other server
 */
record Provider(String id, List<String> prefixes, boolean ownPricesOnly) {
  /** Not reported. */
  static final Provider UNKNOWN = new Provider("", List.of(), false);

  /** One a line: id, prefixes after {@code :}, further spellings after {@code =}. */
  private static final String LIST_PRICES =
      """
      openai : openai = textcompletionopenai
      azure : azure azure_ai = azureopenai azureaiopenai azaiopenai azuretext
      azureai : azure_ai azure = azureaiinference azaiinference azureaifoundry azurefoundry
      anthropic : anthropic
      bedrock : bedrock bedrock_mantle = awsbedrock amazonbedrock bedrockconverse aws
      vertexai : vertex_ai = gcpvertexai googlevertexai googlevertex
      gemini : gemini = gcpgemini googleaistudio googlegemini
      google : gemini vertex_ai = gcpgenai googlegenai
      cohere : cohere = coherechat
      ai21 : ai21 = ai21labs
      jinaai : jina_ai = jina
      openrouter : openrouter
      vercelaigateway : vercel_ai_gateway = vercel
      """;

  /**
   * Those with prices of their own whose name in OpenTelemetry or in traffic is not the prefix.
   * Others with keys in the table need no line, local servers need one to be known as such.
   */
  private static final String OWN_PRICES =
      """
      mistral : mistral = mistralai
      moonshot : moonshot = moonshotai
      zai : zai = zhipu zhipuai bigmodel
      watsonx : watsonx = ibmwatsonxai ibmwatsonx
      togetherai : together_ai = together
      fireworksai : fireworks_ai = fireworks
      dashscope : dashscope = alibaba alibabacloud
      nvidianim : nvidia_nim = nim
      databricks : databricks = mosaicai
      ollama : ollama
      lemonade : lemonade
      vllm : vllm = hostedvllm
      llamacpp : llama_cpp
      llamafile : llamafile
      lmstudio : lm_studio
      sglang : sglang
      tgi : tgi = textgenerationinference
      localai : localai
      xinference : xinference
      triton : triton = tritoninferenceserver
      dockermodelrunner : docker_model_runner
      """;

  private static final Map<String, Provider> BY_SPELLING = new HashMap<>();

  static {
    read(LIST_PRICES, false);
    read(OWN_PRICES, true);
  }

  private static void read(String lines, boolean ownPricesOnly) {
    for (String line : lines.strip().split("\n", -1)) {
      String[] nameAndRest = line.split(" : ", -1);
      String[] prefixesAndSpellings = nameAndRest[1].split(" = ", -1);
      Provider provider =
          new Provider(
              nameAndRest[0], List.of(prefixesAndSpellings[0].split(" ", -1)), ownPricesOnly);
      BY_SPELLING.put(provider.id, provider);
      if (prefixesAndSpellings.length > 1) {
        for (String spelling : prefixesAndSpellings[1].split(" ", -1)) {
          BY_SPELLING.put(spelling, provider);
        }
      }
    }
  }

  /**
   * The provider of any spelling; null when neither this class nor the snapshot knows it.
   *
   * @param name for example {@code azure.ai.openai}, {@code Azure OpenAI} or {@code azure}
   */
  static @Nullable Provider find(String name, PriceSnapshot snapshot) {
    String spelling = normalised(name);
    Provider known = BY_SPELLING.get(spelling);
    if (known != null) {
      return known;
    }
    String prefix = snapshot.prefixOf(spelling);
    return prefix == null ? null : new Provider(spelling, List.of(prefix), true);
  }

  /** As {@link #find}; what nobody knows has no prefix, and list prices. */
  static Provider of(@Nullable String name, PriceSnapshot snapshot) {
    if (name == null) {
      return UNKNOWN;
    }
    Provider found = find(name, snapshot);
    return found != null ? found : new Provider(normalised(name), List.of(), false);
  }

  /** The id of any spelling. */
  static String idOf(String name) {
    String spelling = normalised(name);
    Provider known = BY_SPELLING.get(spelling);
    return known == null ? spelling : known.id;
  }

  /** Letters and digits, in lower case. */
  static String normalised(String name) {
    StringBuilder letters = new StringBuilder(name.length());
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (Character.isLetterOrDigit(c)) {
        letters.append(c);
      }
    }
    return letters.toString();
  }

  /** Whether a key of the table may be a price of this provider. */
  boolean mayHave(String key) {
    if (!ownPricesOnly) {
      return true;
    }
    for (String prefix : prefixes) {
      if (key.length() > prefix.length()
          && key.startsWith(prefix)
          && key.charAt(prefix.length()) == '/') {
        return true;
      }
    }
    return false;
  }
}
