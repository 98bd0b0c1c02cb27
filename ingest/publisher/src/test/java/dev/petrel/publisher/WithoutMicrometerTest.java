// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The module on a class path without its optional dependency. */
@Timeout(60)
class WithoutMicrometerTest {

  /**
   * Publishes an event, with a spool; tells how many were sent. Loaded by the test's own loader.
   */
  public static final class PublishesOne implements Callable<Long> {
    @Override
    public Long call() throws Exception {
      FakeKafkaProducer kafka = new FakeKafkaProducer();
      EventPublisher publisher =
          EventPublisher.newBuilder()
              .bootstrapServers("kafka:9092")
              .spoolDirectory(Path.of("target", "no-micrometer"))
              .producerFactory(config -> kafka)
              .build();
      publisher.publish(Events.success("e-1"));
      boolean flushed = publisher.flush(Duration.ofSeconds(20));
      publisher.close();
      return flushed ? publisher.counters().sent() : -1;
    }
  }

  @Test
  void publish_works() throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> publishesOne = loader.loadClass(PublishesOne.class.getName());
      assertThat(publishesOne).isNotEqualTo(PublishesOne.class);
      Callable<?> call = (Callable<?>) publishesOne.getConstructor().newInstance();

      assertThat(call.call()).isEqualTo(1L);
    }
  }

  private static URL[] classPath() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    for (String entry : entries) {
      if (!entry.contains("micrometer")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    assertThat(urls).hasSizeLessThan(entries.length);
    return urls.toArray(URL[]::new);
  }
}
