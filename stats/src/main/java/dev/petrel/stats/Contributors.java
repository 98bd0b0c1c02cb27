// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom failed attempts come from, and the request ids of a few of them. Not thread-safe. */
public final class Contributors {

  /** Stands between code and parameter of a signature. */
  public static final String SIGNATURE_SEPARATOR = " ";

  private static final int MAX_SIGNATURE = 120;

  private final TopCounts tenants = new TopCounts();
  private final TopCounts instances = new TopCounts();
  private final TopCounts credentials = new TopCounts();
  private final TypedCounts instancesByType = new TypedCounts();
  private final TypedCounts credentialsByType = new TypedCounts();
  private final TypedCounts servicesByType = new TypedCounts();
  private final TypedCounts versionsByType = new TypedCounts();
  private final TypedCounts signatures = new TypedCounts();
  private final SampleIds requestIds = new SampleIds();

  Contributors() {}

  void add(LlmCallEvent failure) {
    add(tenants, failure.get(EventField.TENANT));
    add(instances, failure.get(EventField.INSTANCE));
    add(credentials, failure.get(EventField.CREDENTIAL));
    ErrorType type = failure.get(EventField.ERROR_TYPE);
    ErrorType known = type == null ? ErrorType.UNKNOWN : type;
    add(instancesByType, known, failure.get(EventField.INSTANCE));
    add(credentialsByType, known, failure.get(EventField.CREDENTIAL));
    add(servicesByType, known, failure.get(EventField.SERVICE));
    add(versionsByType, known, failure.get(EventField.VERSION));
    add(signatures, known, signatureOf(failure));
    String requestId = failure.get(EventField.REQUEST_ID);
    if (requestId != null) {
      requestIds.add(requestId);
    }
  }

  private static void add(TypedCounts counts, ErrorType type, @Nullable String name) {
    if (name != null) {
      counts.add(type, name);
    }
  }

  /** The provider's code, else its type, and the parameter it names; null when all are unknown. */
  private static @Nullable String signatureOf(LlmCallEvent failure) {
    String code = failure.get(EventField.PROVIDER_ERROR_CODE);
    String said = code == null ? failure.get(EventField.PROVIDER_ERROR_TYPE) : code;
    String param = failure.get(EventField.PROVIDER_ERROR_PARAM);
    if (said == null && param == null) {
      return null;
    }
    String text = (said == null ? "" : said) + (param == null ? "" : SIGNATURE_SEPARATOR + param);
    return text.substring(0, Math.min(text.length(), MAX_SIGNATURE));
  }

  private static void add(TopCounts counts, @Nullable String name) {
    if (name != null) {
      counts.add(name, 1);
    }
  }

  void merge(Contributors other) {
    tenants.merge(other.tenants);
    instances.merge(other.instances);
    credentials.merge(other.credentials);
    instancesByType.merge(other.instancesByType);
    credentialsByType.merge(other.credentialsByType);
    servicesByType.merge(other.servicesByType);
    versionsByType.merge(other.versionsByType);
    signatures.merge(other.signatures);
    requestIds.merge(other.requestIds);
  }

  /** Failed attempts by tenant. */
  public TopCounts tenants() {
    return tenants;
  }

  /** Failed attempts by instance of the calling service. */
  public TopCounts instances() {
    return instances;
  }

  /** Failed attempts by API key's fingerprint. */
  public TopCounts credentials() {
    return credentials;
  }

  /** Failed attempts by error type and instance of the calling service. */
  public TypedCounts instancesByType() {
    return instancesByType;
  }

  /** Failed attempts by error type and API key's fingerprint. */
  public TypedCounts credentialsByType() {
    return credentialsByType;
  }

  /** Failed attempts by error type and calling service. */
  public TypedCounts servicesByType() {
    return servicesByType;
  }

  /** Failed attempts by error type and version of the calling service. */
  public TypedCounts versionsByType() {
    return versionsByType;
  }

  /**
   * Failed attempts by error type and what the provider said: its code, or else its type, and
   * behind a {@link #SIGNATURE_SEPARATOR} the parameter that it names.
   */
  public TypedCounts signatures() {
    return signatures;
  }

  /** The provider's request ids of a few failures, chosen evenly among all that have one. */
  public List<String> requestIds() {
    return requestIds.ids();
  }

  int encodedSizeBound() {
    return tenants.encodedSizeBound()
        + instances.encodedSizeBound()
        + credentials.encodedSizeBound()
        + instancesByType.encodedSizeBound()
        + credentialsByType.encodedSizeBound()
        + servicesByType.encodedSizeBound()
        + versionsByType.encodedSizeBound()
        + signatures.encodedSizeBound()
        + requestIds.encodedSizeBound();
  }

  void encode(ByteBuffer out) {
    tenants.encode(out);
    instances.encode(out);
    credentials.encode(out);
    instancesByType.encode(out);
    credentialsByType.encode(out);
    servicesByType.encode(out);
    versionsByType.encode(out);
    signatures.encode(out);
    requestIds.encode(out);
  }

  void merge(ByteBuffer in) {
    tenants.merge(in);
    instances.merge(in);
    credentials.merge(in);
    instancesByType.merge(in);
    credentialsByType.merge(in);
    servicesByType.merge(in);
    versionsByType.merge(in);
    signatures.merge(in);
    requestIds.merge(in);
  }
}
