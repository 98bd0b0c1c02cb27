// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes the bundled snapshot out of LiteLLM's {@code model_prices_and_context_window.json}, and a
 * report of everything in it that the snapshot does not have.
 */
final class LiteLlmPrices {
  private static final Map<String, Rate> RATES =
      Map.of(
          "input_cost_per_token", Rate.INPUT,
          "output_cost_per_token", Rate.OUTPUT,
          "cache_read_input_token_cost", Rate.CACHE_READ,
          "cache_creation_input_token_cost", Rate.CACHE_WRITE,
          "cache_creation_input_token_cost_above_1hr", Rate.CACHE_WRITE_1H,
          "output_cost_per_reasoning_token", Rate.REASONING,
          "input_cost_per_audio_token", Rate.AUDIO_INPUT,
          "output_cost_per_audio_token", Rate.AUDIO_OUTPUT);
  private static final String OLD_CACHE_READ = "input_cost_per_token_cache_hit";
  private static final Pattern PRICE =
      Pattern.compile("(.+?)(?:_above_(\\d+)k_tokens)?(?:_(batches|flex|priority))?");

  /** Modes whose tokens are text or counted apart from it; others are sold by the image or hour. */
  private static final Set<String> MODES =
      Set.of(
          "chat",
          "completion",
          "responses",
          "embedding",
          "realtime",
          "rerank",
          "moderation",
          "audio_transcription",
          "");

  /** Not models. */
  private static final Set<String> RESERVED =
      Set.of("sample_spec", "fallback_generalizations", "last_updated");

  /** What runs on the operator's own machines, where LiteLLM's 0 is a price. */
  private static final Set<String> FREE_PROVIDERS = Set.of("ollama", "lemonade");

  /** USD per million tokens; dearer ones are mistakes of a unit. */
  private static final BigDecimal BELIEVABLE = BigDecimal.valueOf(1000);

  private final TreeMap<String, String> lines = new TreeMap<>();
  private final TreeSet<String> conflicting = new TreeSet<>();
  private final TreeMap<String, Integer> otherModes = new TreeMap<>();
  private final TreeMap<String, Integer> otherFields = new TreeMap<>();
  private final List<String> leftOut = new ArrayList<>();
  private int zeros;

  LiteLlmPrices(JsonNode table) {
    table.properties().forEach(model -> add(model.getKey(), model.getValue()));
    conflicting.forEach(lines::remove);
  }

  /** The lines of the snapshot, by key. */
  TreeMap<String, String> lines() {
    return lines;
  }

  /** What was left out and why, for the one who runs this. */
  String report() {
    StringBuilder report = new StringBuilder();
    report.append(lines.size()).append(" models\n");
    otherModes.forEach(
        (mode, n) -> report.append("not sold by the token: ").append(n + " " + mode + "\n"));
    otherFields.forEach(
        (field, n) -> report.append("field not used: ").append(field + " of " + n + " models\n"));
    report.append(zeros).append(" models with a price of 0 that is no price (listed below)\n");
    leftOut.forEach(line -> report.append(line).append('\n'));
    return report.toString();
  }

  private void add(String name, JsonNode model) {
    if (RESERVED.contains(name)) {
      return;
    }
    String key = name.toLowerCase(Locale.ROOT);
    if (!model.isObject() || !key.matches("[!-~&&[^#=]]{1,256}")) {
      leftOut.add(name + ": no model, or a name with other characters than ASCII's");
      return;
    }
    String mode = model.path("mode").asString("");
    if (!MODES.contains(mode)) {
      otherModes.merge(mode, 1, Integer::sum);
      return;
    }
    TreeMap<String, String> members = new TreeMap<>();
    limit(members, PriceSnapshot.CONTEXT_WINDOW, name, model.path("max_input_tokens"));
    limit(members, PriceSnapshot.MAX_OUTPUT_TOKENS, name, model.path("max_output_tokens"));
    prices(name, mode, model)
        .forEach((price, usd) -> members.put(price, UsdPerMillion.format(usd)));
    if (members.isEmpty()) {
      leftOut.add(name + ": neither a price nor a limit");
      return;
    }
    StringBuilder line = new StringBuilder();
    members.forEach((k, v) -> line.append(line.isEmpty() ? "" : " ").append(k + "=" + v));
    String other = lines.putIfAbsent(key, line.toString());
    if (other != null && !other.contentEquals(line)) {
      conflicting.add(key);
      leftOut.add(name + ": is there twice, in other case, and not the same");
    }
  }

  private void limit(Map<String, String> members, String as, String name, JsonNode limit) {
    if (limit.isMissingNode() || limit.isNull()) {
      return;
    }
    BigDecimal number = limit.isNumber() ? limit.decimalValue() : BigDecimal.ZERO;
    if (number.signum() <= 0 || number.remainder(BigDecimal.ONE).signum() != 0) {
      leftOut.add(name + ": " + as + " left out, no number of tokens: " + limit);
      return;
    }
    members.put(as, number.toBigInteger().toString());
  }

  private TreeMap<String, Long> prices(String name, String mode, JsonNode model) {
    TreeMap<String, Long> prices = new TreeMap<>();
    TreeSet<String> notUnderstood = new TreeSet<>();
    model
        .properties()
        .forEach(field -> price(prices, notUnderstood, field.getKey(), field.getValue(), model, 0));
    for (JsonNode band : model.path("tiered_pricing").values()) {
      long above = band.path("range").path(0).asLong(-1);
      band.properties()
          .forEach(f -> price(prices, notUnderstood, f.getKey(), f.getValue(), band, above));
    }
    if (!notUnderstood.isEmpty()) {
      leftOut.add(name + ": all prices left out because of " + String.join(", ", notUnderstood));
      return new TreeMap<>();
    }
    if (prices.isEmpty()) {
      return prices;
    }
    Set<String> withoutOutput = Set.of("embedding", "rerank", "moderation");
    if (withoutOutput.contains(mode)) {
      prices.putIfAbsent(Rate.OUTPUT.key(), 0L);
    }
    String problem = problem(name, mode, model, prices);
    if (problem != null) {
      leftOut.add(name + ": all prices left out: " + problem);
      return new TreeMap<>();
    }
    removeUnbelievable(name, prices);
    return prices;
  }

  private void price(
      TreeMap<String, Long> prices,
      Set<String> notUnderstood,
      String field,
      JsonNode value,
      JsonNode model,
      long above) {
    if (!field.contains("cost")) {
      return;
    }
    Matcher matcher = PRICE.matcher(field);
    String base = matcher.matches() ? matcher.group(1) : field;
    Rate rate = RATES.get(base);
    if (base.equals(OLD_CACHE_READ) && !model.has("cache_read_input_token_cost")) {
      rate = Rate.CACHE_READ;
    }
    if (rate == null) {
      if (!base.equals(OLD_CACHE_READ)) {
        otherFields.merge(field, 1, Integer::sum);
      }
      return;
    }
    if (!value.isNumber() || above < 0 || above % 1000 != 0) {
      notUnderstood.add(field + "=" + value);
      return;
    }
    long threshold = matcher.group(2) == null ? above : Long.parseLong(matcher.group(2)) * 1000;
    String tierName = matcher.group(3);
    ServiceTier tier =
        tierName == null
            ? ServiceTier.STANDARD
            : ServiceTier.ofKey(tierName.equals("batches") ? "batch" : tierName);
    Long pico = pico(value.decimalValue());
    if (pico == null || tier == null) {
      notUnderstood.add(field + "=" + value);
    } else {
      prices.put(new PriceKey(rate, threshold, tier).text(), pico);
    }
  }

  /** Rounded where the source has noise of binary fractions; null when it cannot be a price. */
  private static @Nullable Long pico(BigDecimal usdPerToken) {
    BigDecimal usdPerMillion = usdPerToken.movePointRight(6);
    if (usdPerMillion.signum() < 0 || usdPerMillion.compareTo(BELIEVABLE) > 0) {
      return null;
    }
    BigDecimal rounded = usdPerMillion.setScale(UsdPerMillion.DECIMALS, RoundingMode.HALF_UP);
    BigDecimal error = rounded.subtract(usdPerMillion).abs();
    return error.compareTo(usdPerMillion.movePointLeft(6)) > 0
        ? null
        : UsdPerMillion.toPicoPerToken(rounded);
  }

  /** Why the prices as a whole cannot be used. */
  private @Nullable String problem(
      String name, String mode, JsonNode model, Map<String, Long> prices) {
    if (!prices.containsKey(Rate.INPUT.key()) || !prices.containsKey(Rate.OUTPUT.key())) {
      return "no price of " + (prices.containsKey(Rate.INPUT.key()) ? "output" : "input");
    }
    boolean zero = prices.values().stream().allMatch(price -> price == 0);
    String provider = model.path("litellm_provider").asString("");
    boolean free =
        (FREE_PROVIDERS.contains(provider) && !name.endsWith("-cloud"))
            || (mode.equals("moderation") && provider.equals("openai"))
            || name.toLowerCase(Locale.ROOT).endsWith("free");
    if (zero && !free) {
      zeros++;
      return "0, and not known to be free";
    }
    return null;
  }

  private void removeUnbelievable(String name, Map<String, Long> prices) {
    long input = prices.getOrDefault(Rate.INPUT.key(), 0L);
    long written = prices.getOrDefault(Rate.CACHE_WRITE.key(), 0L);
    prices
        .entrySet()
        .removeIf(
            price -> {
              PriceKey key = PriceKey.parse(price.getKey());
              long standard =
                  key == null ? 0 : prices.getOrDefault(PriceKey.standard(key.rate()).text(), 0L);
              boolean odd =
                  standard > 0
                      && (price.getValue() > 20 * standard || price.getValue() * 20 < standard);
              boolean oddHour =
                  price.getKey().equals(Rate.CACHE_WRITE_1H.key())
                      && (price.getValue() < written || price.getValue() > 10 * input);
              if (odd || oddHour) {
                leftOut.add(
                    name
                        + ": left out, not believable beside the standard prices: "
                        + price.getKey()
                        + "="
                        + UsdPerMillion.format(price.getValue()));
              }
              return odd || oddHour;
            });
  }
}
