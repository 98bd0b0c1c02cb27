// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost, and how large models' contexts are.
 *
 * <p>
 *
 * {@snippet :
 * PriceTable prices = PriceTable.bundled().withOverrides(PriceOverrides.read(file));
 * Cost cost =
 *     prices.cost(Usage.newBuilder(event).serviceTier(answer.serviceTier()).build());
 * }
 *
 * <p>The bundled table is a snapshot of LiteLLM's. A model is looked up by the name in the answer
 * and, when the table does not have that, by the name in the request; each as {@code
 * provider/model}, then by its name alone, then without date or version, then without region and
 * provider. At each of these steps an operator's entry wins over the bundled one. What is found
 * nowhere is unpriced, which is not free.
 *
 * <p>Immutable and thread-safe. The cost of a model seen lately takes 50 to 150 ns, of a new name
 * some microseconds; at most 4,096 names are remembered, whatever is asked.
 */
public final class PriceTable {
  /** Longer names are no models'; they are neither looked up nor remembered. */
  static final int MAX_NAME_LENGTH = 256;

  static final int REMEMBERED_NAMES = 4096;

  private final PriceSnapshot snapshot;
  private final PriceOverrides overrides;
  private final String version;
  private final BoundedCache<CalledModel, PriceEntry> found =
      new BoundedCache<>(REMEMBERED_NAMES / 2);

  PriceTable(PriceSnapshot snapshot, PriceOverrides overrides) {
    this.snapshot = snapshot;
    this.overrides = overrides;
    this.version =
        overrides.size() == 0 ? snapshot.version() : snapshot.version() + "+" + overrides.hash();
  }

  /** The bundled table, which the first call reads, in some 30 ms, and all share. */
  public static PriceTable bundled() {
    return Bundled.TABLE;
  }

  /** This table's snapshot with these overrides, in place of those that it has. */
  public PriceTable withOverrides(PriceOverrides overrides) {
    return new PriceTable(snapshot, requireNonNull(overrides, "overrides"));
  }

  /**
   * The cost of a call.
   *
   * <p>Null when it is unknown: no price for the model, or no number for tokens that cost
   * something.
   */
  public @Nullable Cost cost(Usage usage) {
    PriceEntry entry = entry(usage.provider, usage.responseModel);
    if (entry.isAbsent()) {
      entry = entry(usage.provider, usage.requestModel);
    }
    Prices prices = entry.prices();
    return prices == null ? null : CostRules.cost(entry, prices, usage, version);
  }

  /** The most input tokens of a model, null when it is unknown. */
  public @Nullable Long contextWindow(@Nullable String provider, @Nullable String model) {
    return entry(provider, model).contextWindow();
  }

  /** The most output tokens of a model, null when it is unknown. */
  public @Nullable Long maxOutputTokens(@Nullable String provider, @Nullable String model) {
    return entry(provider, model).maxOutputTokens();
  }

  /**
   * Which table this is: the snapshot's date and hash, and the overrides' hash if there are any.
   */
  public String version() {
    return version;
  }

  /** What is known of a model; {@link PriceEntry#ABSENT} when nothing is. */
  PriceEntry entry(@Nullable String provider, @Nullable String model) {
    if (model == null
        || model.length() > MAX_NAME_LENGTH
        || (provider != null && provider.length() > MAX_NAME_LENGTH)) {
      return PriceEntry.ABSENT;
    }
    CalledModel called = new CalledModel(provider, model);
    PriceEntry entry = found.get(called);
    if (entry == null) {
      entry = find(Provider.of(provider, snapshot), model);
      found.put(called, entry);
    }
    return entry;
  }

  int rememberedNames() {
    return found.size();
  }

  private PriceEntry find(Provider called, String model) {
    PriceEntry result = PriceEntry.ABSENT;
    boolean overridden = false;
    for (ModelNames.Name name : ModelNames.of(model, snapshot)) {
      PriceEntry override = overridden ? null : overrides.find(name, called);
      if (override != null) {
        // An entry may state prices or limits only; the rest is then the bundled one's.
        result = result.orElse(override);
        overridden = true;
      }
      PriceEntry bundled = bundledEntry(name, called);
      if (bundled != null) {
        return result.orElse(bundled);
      }
    }
    return result;
  }

  private @Nullable PriceEntry bundledEntry(ModelNames.Name name, Provider called) {
    PriceEntry entry = prefixedEntry(called, name.name(), called);
    Provider named = name.provider();
    if (entry == null && named != null) {
      entry = prefixedEntry(named, name.name(), called);
    }
    if (entry == null
        && called.mayHave(name.name())
        && (named == null || named.mayHave(name.name()))) {
      entry = snapshot.entry(name.name());
    }
    return entry;
  }

  private @Nullable PriceEntry prefixedEntry(Provider provider, String name, Provider called) {
    for (String prefix : provider.prefixes()) {
      String key = prefix + "/" + name;
      PriceEntry entry = called.mayHave(key) ? snapshot.entry(key) : null;
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  private record CalledModel(@Nullable String provider, String model) {
    // Written out, as in PriceKey.
    @Override
    public int hashCode() {
      return model.hashCode() + 31 * (provider == null ? 0 : provider.hashCode());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof CalledModel that
          && model.equals(that.model)
          && Objects.equals(provider, that.provider);
    }
  }

  /** Read when it is first asked for. */
  private static final class Bundled {
    static final PriceTable TABLE = new PriceTable(PriceSnapshot.bundled(), PriceOverrides.none());
  }
}
