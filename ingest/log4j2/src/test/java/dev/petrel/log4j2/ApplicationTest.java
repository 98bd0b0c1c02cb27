// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole application, whose first line of code starts the logging. */
@Timeout(120)
class ApplicationTest {

  @TempDir private Path directory;

  /** The application. */
  public static final class Main {
    private Main() {}

    public static void main(String[] args) {
      Logger log = LoggerFactory.getLogger("com.example.App");
      log.info("started");
      log.atInfo().addKeyValue("event", "llm_call").addKeyValue("outcome", "success").log("called");
      log.info("ended");
    }
  }

  @Test
  void application_runsToItsEnd_withoutKafka() throws Exception {
    assertThat(run("bootstrapServers=\"127.0.0.1:9\" closeTimeoutMillis=\"200\""))
        .contains("INFO started", "INFO called", "INFO ended")
        .doesNotContain("ERROR", "WARN", "Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bootstrapServers=\"127.0.0.1:9\" topic=\"a b\""})
  void application_runsToItsEnd_configuredWrongly(String attributes) throws Exception {
    assertThat(run(attributes))
        .contains("INFO started", "INFO called", "INFO ended")
        .contains("ERROR Appender LLM: LLM calls are not published");
  }

  private String run(String attributes) throws Exception {
    Path configuration = directory.resolve("log4j2.xml");
    Files.writeString(
        configuration,
        """
        <Configuration>
          <Appenders>
            <LlmCall name="LLM" %s/>
            <Console name="OUT"><PatternLayout pattern="%%level %%msg%%n"/></Console>
          </Appenders>
          <Loggers>
            <Logger name="org.apache.kafka" level="OFF"/>
            <Root level="DEBUG"><AppenderRef ref="OUT"/><AppenderRef ref="LLM"/></Root>
          </Loggers>
        </Configuration>
        """
            .formatted(attributes));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlog4j2.configurationFile=" + configuration);
    String selector = System.getProperty("log4j2.contextSelector");
    if (selector != null) {
      command.add("-Dlog4j2.contextSelector=" + selector);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, UTF_8);
  }
}
