// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the address of a call tells.
 *
 * @param provider by OpenTelemetry's names; by the host, or else whose protocol it is
 * @param operation by OpenTelemetry's names
 * @param model where the path names it, null where the body does
 * @param stream whether the path asks for a streamed answer
 * @param isOfKnownHost whether the provider is the one whose host it is
 */
record Endpoint(
    String provider,
    String operation,
    @Nullable String model,
    boolean stream,
    boolean isOfKnownHost) {

  /** A host, or with a dot in front all below it. */
  private record Host(String name, String provider) {}

  private static final List<Host> HOSTS =
      List.of(
          new Host("api.openai.com", "openai"),
          new Host(".api.openai.com", "openai"),
          new Host(".openai.azure.com", "azure.ai.openai"),
          new Host(".cognitiveservices.azure.com", "azure.ai.openai"),
          new Host(".services.ai.azure.com", "azure.ai.inference"),
          new Host(".models.ai.azure.com", "azure.ai.inference"),
          new Host("api.anthropic.com", "anthropic"),
          new Host("generativelanguage.googleapis.com", "gcp.gemini"),
          new Host("aiplatform.googleapis.com", "gcp.vertex_ai"),
          new Host(".googleapis.com", "gcp.vertex_ai"),
          new Host(".amazonaws.com", "aws.bedrock"),
          new Host("api.mistral.ai", "mistral_ai"),
          new Host("api.cohere.com", "cohere"),
          new Host("api.cohere.ai", "cohere"),
          new Host("api.groq.com", "groq"),
          new Host("api.x.ai", "x_ai"),
          new Host("api.deepseek.com", "deepseek"),
          new Host("api.perplexity.ai", "perplexity"),
          new Host("openrouter.ai", "openrouter"),
          new Host("api.together.xyz", "together"),
          new Host("api.together.ai", "together"),
          new Host("api.fireworks.ai", "fireworks"),
          new Host("api.moonshot.ai", "moonshot_ai"),
          new Host("api.moonshot.cn", "moonshot_ai"));

  /** A path, its operation, and whose protocol it is where the host is nobody's. */
  private record Path(
      Pattern path, String operation, String protocol, boolean stream, boolean ownHostOnly) {

    Path(String path, String operation, String protocol) {
      this(Pattern.compile(path), operation, protocol, false, false);
    }
  }

  private static final List<Path> PATHS =
      List.of(
          new Path("/chat/completions$", "chat", "openai"),
          new Path("/responses$", "chat", "openai"),
          new Path("/v\\d/messages$", "chat", "anthropic"),
          new Path("/completions$", "text_completion", "openai"),
          new Path("/embeddings$", "embeddings", "openai"),
          new Path("/images/(?:generations|edits|variations)$", "image_generation", "openai"),
          new Path("/audio/(?:speech|transcriptions|translations)$", "audio", "openai"),
          new Path("/moderations$", "moderation", "openai"),
          new Path("/models/(?<model>[^/:]+):generateContent$", "generate_content", "gcp.gemini"),
          streamed(
              "/models/(?<model>[^/:]+):streamGenerateContent$", "generate_content", "gcp.gemini"),
          new Path(
              "/models/(?<model>[^/:]+):(?:batchE|e)mbedContents?$", "embeddings", "gcp.gemini"),
          new Path("/models/(?<model>[^/:]+):rawPredict$", "chat", "gcp.vertex_ai"),
          streamed("/models/(?<model>[^/:]+):streamRawPredict$", "chat", "gcp.vertex_ai"),
          new Path("/model/(?<model>[^/]+)/(?:converse|invoke)$", "chat", "aws.bedrock"),
          streamed(
              "/model/(?<model>[^/]+)/(?:converse-stream|invoke-with-response-stream)$",
              "chat",
              "aws.bedrock"),
          new Path("/api/chat$", "chat", "ollama"),
          new Path("/api/generate$", "text_completion", "ollama"),
          new Path("/api/embed(?:dings)?$", "embeddings", "ollama"),
          own("/v\\d/chat$", "chat", "cohere"),
          own("/v\\d/embed$", "embeddings", "cohere"),
          own("/v\\d/rerank$", "rerank", "cohere"),
          own("/fim/completions$", "text_completion", "mistral_ai"));

  private static final Pattern AZURE_DEPLOYMENT = Pattern.compile("/deployments/([^/]+)/");

  private static Path streamed(String path, String operation, String protocol) {
    return new Path(Pattern.compile(path), operation, protocol, true, false);
  }

  /** A path that is too common to be anyone's protocol elsewhere. */
  private static Path own(String path, String operation, String provider) {
    return new Path(Pattern.compile(path), operation, provider, false, true);
  }

  /** The same call, of another provider's. */
  Endpoint withProvider(String other) {
    return new Endpoint(other, operation, model, stream, isOfKnownHost);
  }

  /** What the address tells; null when it is no call of an LLM API. */
  static @Nullable Endpoint of(String method, URI uri) {
    String path = uri.getPath();
    if (path == null || !"POST".equals(method)) {
      return null;
    }
    String provider = provider(uri.getHost());
    for (Path known : PATHS) {
      Matcher matcher = known.path().matcher(path);
      if (matcher.find() && (!known.ownHostOnly() || known.protocol().equals(provider))) {
        return new Endpoint(
            provider == null ? known.protocol() : provider,
            known.operation(),
            model(known, matcher, path),
            known.stream(),
            provider != null);
      }
    }
    return null;
  }

  private static @Nullable String provider(@Nullable String host) {
    if (host == null) {
      return null;
    }
    String name = host.toLowerCase(Locale.ROOT);
    for (Host known : HOSTS) {
      if (known.name().startsWith(".") ? name.endsWith(known.name()) : name.equals(known.name())) {
        return known.provider();
      }
    }
    return name.endsWith("-aiplatform.googleapis.com") ? "gcp.vertex_ai" : null;
  }

  private static @Nullable String model(Path known, Matcher matcher, String path) {
    if (known.path().pattern().contains("(?<model>")) {
      return matcher.group("model");
    }
    Matcher deployment = AZURE_DEPLOYMENT.matcher(path);
    return deployment.find() ? deployment.group(1) : null;
  }
}
