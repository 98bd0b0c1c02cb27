// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that a model is also known by: as given, then without what only dates or numbers a
 * version, then without what only says where it runs, and that without its date.
 *
 * <p>Nothing else is ever taken off. {@code gpt-4o-audio-preview} is no {@code gpt-4o}, {@code
 * kimi-k2-0905} no {@code kimi-k2}, {@code llama-3.3-70b:free} not what it is without {@code
 * :free}.
 */
final class ModelNames {
  /** More wrapping than any name has. */
  private static final int MAX_LAYERS = 8;

  private static final Pattern DATE = Pattern.compile("[-@](20[2-3]\\d)(-?)(\\d\\d)\\2(\\d\\d)$");
  // Bedrock's :0 and :0:200k, Vertex AI's @default, and -latest.
  private static final Pattern VERSION =
      Pattern.compile("(?:(?<=:\\d):\\d{1,4}k|:\\d|(?<=[^/])@[a-z0-9.-]+|-latest)$");
  private static final Pattern GEO =
      Pattern.compile("^(?:us|eu|apac|jp|au|ca|sa|me|af|uk|in|us-gov|global)\\.(?=[a-z0-9]+\\.)");
  private static final Pattern REGION =
      Pattern.compile("^(?:us|eu|global|global-standard|[a-z]{2}(?:-gov)?-[a-z]+-\\d)/");
  private static final Pattern BEDROCK_VERSION = Pattern.compile("-v\\d(?::\\d+)?$");
  private static final Pattern BEDROCK_ARN =
      Pattern.compile("^arn:aws[a-z-]*:bedrock:[^/]*:(?:foundation-model|inference-profile)/");
  private static final String ANTHROPIC_ON_BEDROCK = "anthropic.";
  private static final String FIREWORKS_MODELS = "accounts/fireworks/models/";
  private static final String FINE_TUNED = "ft:";

  private ModelNames() {}

  /**
   * A name to look up.
   *
   * @param name in lower case
   * @param provider whom the name as given names, null when it names none
   */
  record Name(String name, @Nullable Provider provider) {}

  /** The names of a model, the most exact first. */
  static List<Name> of(String model, PriceSnapshot snapshot) {
    List<Name> names = new ArrayList<>();
    Name layer = new Name(model.trim().toLowerCase(Locale.ROOT), null);
    if (layer.name.startsWith(FIREWORKS_MODELS)) {
      layer = new Name(layer.name, Provider.find("fireworks", snapshot));
    }
    for (int i = 0; layer != null && i < MAX_LAYERS; i++) {
      addWithShorter(layer, names);
      layer = unwrapped(layer, snapshot);
    }
    return names;
  }

  private static void addWithShorter(Name layer, List<Name> names) {
    String name = layer.name;
    for (int i = 0; i < MAX_LAYERS && !name.isEmpty(); i++) {
      names.add(new Name(name, layer.provider));
      String shorter = withoutVersion(name);
      if (shorter.equals(name)) {
        return;
      }
      name = shorter;
    }
  }

  private static String withoutVersion(String name) {
    Matcher date = DATE.matcher(name);
    if (date.find()) {
      return isDate(date.group(1), date.group(3), date.group(4))
          ? name.substring(0, date.start())
          : name;
    }
    return name.startsWith(FINE_TUNED) ? name : VERSION.matcher(name).replaceFirst("");
  }

  private static boolean isDate(String year, String month, String day) {
    try {
      LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The name without its outermost wrapping, null when it has none. */
  private static @Nullable Name unwrapped(Name layer, PriceSnapshot snapshot) {
    String name = layer.name;
    if (name.startsWith(FINE_TUNED)) {
      // ft:<base>:<organization>:<suffix>:<id>. Fine-tuned models have prices of their own.
      int end = name.indexOf(':', FINE_TUNED.length());
      return end < 0 ? null : new Name(name.substring(0, end), layer.provider);
    }
    if (name.startsWith("arn:")) {
      Matcher arn = BEDROCK_ARN.matcher(name);
      return arn.find()
          ? new Name(name.substring(arn.end()), of("bedrock", snapshot, layer))
          : null;
    }
    if (name.startsWith("projects/") || name.startsWith("publishers/")) {
      int models = name.indexOf("/models/");
      return models < 0
          ? null
          : new Name(name.substring(models + "/models/".length()), of("vertexai", snapshot, layer));
    }
    if (name.startsWith("models/")) {
      return new Name(name.substring("models/".length()), layer.provider);
    }
    if (name.startsWith(FIREWORKS_MODELS)) {
      return new Name(name.substring(FIREWORKS_MODELS.length()), layer.provider);
    }
    Matcher geo = GEO.matcher(name);
    if (geo.find()) {
      return new Name(name.substring(geo.end()), layer.provider);
    }
    Matcher region = REGION.matcher(name);
    if (region.find()) {
      return new Name(name.substring(region.end()), layer.provider);
    }
    if (name.startsWith(ANTHROPIC_ON_BEDROCK)) {
      String rest = name.substring(ANTHROPIC_ON_BEDROCK.length());
      return new Name(BEDROCK_VERSION.matcher(rest).replaceFirst(""), layer.provider);
    }
    int slash = name.indexOf('/');
    Provider provider = slash <= 0 ? null : Provider.find(name.substring(0, slash), snapshot);
    return provider == null ? null : new Name(name.substring(slash + 1), provider);
  }

  private static @Nullable Provider of(String provider, PriceSnapshot snapshot, Name layer) {
    return layer.provider != null ? layer.provider : Provider.find(provider, snapshot);
  }
}
