// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.petrel.hook.contract.FakeProvider;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.openai.ObservedOpenAi;
import dev.petrel.publisher.EventPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service that asks an LLM what its users ask it, and the two ways in which its calls come to
 * Petrel: those of {@code /ask} by the hook into OpenAI's SDK, those of {@code /ask-logged} by log
 * statements and the appender in {@code logback.xml}.
 */
public final class SupportBot implements AutoCloseable {

  private static final int THREADS = 16;

  private final EventPublisher publisher;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final HttpServer server;

  /** Starts it; the SDK's own settings, as {@code OPENAI_API_KEY}, say which provider it asks. */
  private SupportBot(BotSettings settings, Map<String, HttpHandler> more) throws IOException {
    // What the hook needs: one publisher and one observer in an application, and clients that are
    // made with it.
    publisher = EventPublisher.newBuilder().bootstrapServers(settings.kafka()).build();
    HttpCallObserver observer =
        HttpCallObserver.newBuilder(publisher)
            .service("support-bot")
            .environment("dev")
            .hashKey(settings.hashKey())
            .build();
    OpenAIClient hooked = ObservedOpenAi.client(observer, options -> options.fromEnv());

    // What the appender needs: nothing here.
    OpenAIClient plain = OpenAIOkHttpClient.builder().fromEnv().maxRetries(0).build();

    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
    server.setExecutor(threads);
    server.createContext("/ask", new AskHandler(new HookedAssistant(hooked, settings.model())));
    server.createContext(
        "/ask-logged", new AskHandler(new LoggingAssistant(plain, settings.model())));
    more.forEach(server::createContext);
    server.start();
  }

  /** Lets requests end, and sends or gives up what is not in Kafka yet. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    publisher.close();
  }

  /**
   * Runs the service until the process is asked to end.
   *
   * @param arguments see {@link BotSettings}
   */
  public static void main(String[] arguments) throws IOException {
    BotSettings settings;
    try {
      settings = BotSettings.of(arguments, System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Map<String, HttpHandler> more = new LinkedHashMap<>();
    if (settings.fakeProvider()) {
      FakeProvider provider = new FakeProvider();
      // Where the SDK looks before it looks into the environment.
      System.setProperty("openai.baseUrl", provider.baseUri(FakeProvider.Answer.OK).toString());
      System.setProperty("openai.apiKey", "key-of-the-fake-provider");
      more.put("/next-answers", new NextAnswersHandler(provider));
    }
    SupportBot bot = new SupportBot(settings, more);
    Runtime.getRuntime().addShutdownHook(new Thread(bot::close, "support-bot-close"));
    System.out.printf(
        "support-bot is up: http://127.0.0.1:%d/ask%n", bot.server.getAddress().getPort());
  }
}
