// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Log4j2 makes of configuration files with the appender in them. */
class ConfigurationTest {
  private static final String ALL_IN_XML =
      """
      <Configuration>
        <Appenders>
          <LlmCall name="LLM" bootstrapServers="127.0.0.1:9" topic="calls" clientId="app"
              queueMaxEvents="100" queueMaxBytes="1 MB" closeTimeoutMillis="100"
              spoolDirectory="target/spool" spoolMaxBytes="64 MB"
              service="bot" instance="bot-1" version="1" environment="prod"
              attributes="region_group, queue" tenantMdcKey="customer" userMdcKey="login"
              userHashKey="SECRET-of-16-bytes">
            <producerProperty name="security.protocol" value="SASL_SSL"/>
            <producerProperty name="sasl.jaas.config" value="a=b SECRET;"/>
            <ThresholdFilter level="INFO"/>
          </LlmCall>
        </Appenders>
        <Loggers><Root level="INFO"><AppenderRef ref="LLM"/></Root></Loggers>
      </Configuration>
      """;

  private static final String ALL_IN_PROPERTIES =
      """
      appender.llm.type = LlmCall
      appender.llm.name = LLM
      appender.llm.bootstrapServers = 127.0.0.1:9
      appender.llm.queueMaxEvents = 100
      appender.llm.closeTimeoutMillis = 100
      appender.llm.spoolDirectory = target/spool
      appender.llm.service = bot
      appender.llm.attributes = region_group, queue
      appender.llm.userHashKey = SECRET-of-16-bytes
      appender.llm.tls.type = ProducerProperty
      appender.llm.tls.name = security.protocol
      appender.llm.tls.value = SASL_SSL
      appender.llm.jaas.type = ProducerProperty
      appender.llm.jaas.name = sasl.jaas.config
      appender.llm.jaas.value = a=b SECRET;
      rootLogger.level = INFO
      rootLogger.appenderRef.llm.ref = LLM
      """;

  private static final String ALL_IN_JSON =
      """
      {"configuration": {
        "appenders": {"LlmCall": {
          "name": "LLM", "bootstrapServers": "127.0.0.1:9", "queueMaxEvents": 100,
          "closeTimeoutMillis": 100, "service": "bot", "attributes": "region_group, queue",
          "userHashKey": "SECRET-of-16-bytes",
          "producerProperty": [
            {"name": "security.protocol", "value": "SASL_SSL"},
            {"name": "sasl.jaas.config", "value": "a=b SECRET;"}
          ]
        }},
        "loggers": {"root": {"level": "INFO", "appenderRef": {"ref": "LLM"}}}
      }}
      """;

  private final Configured log4j = new Configured(Level.WARN);

  @TempDir private Path directory;

  @AfterEach
  void restore() {
    log4j.close();
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("xml", ALL_IN_XML),
        Arguments.of("properties", ALL_IN_PROPERTIES),
        Arguments.of("json", ALL_IN_JSON));
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_configuresTheAppender(String ending, String text) {
    log4j.load(ending, text);

    assertThat((LlmCallAppender) log4j.appender("LLM"))
        .isNotNull()
        .matches(LlmCallAppender::isStarted);
    assertThat(log4j.statuses()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_isReadWithoutTellingSecrets(String ending, String text) {
    try (Configured tracing = new Configured(Level.TRACE)) {
      tracing.load(ending, text);

      assertThat(tracing.statuses())
          .anyMatch(told -> told.contains("LlmCallAppenderBuilder"))
          .noneMatch(told -> told.contains("SECRET"));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_leavesTheAppenderOut_whereASettingIsWrong(String ending, String text) {
    log4j.load(ending, text.replace("127.0.0.1:9", "127.0.0.1"));

    assertThat((LlmCallAppender) log4j.appender("LLM")).isNull();
    assertThat(log4j.statuses()).anyMatch(told -> told.contains("bootstrapServers must be"));
  }

  static Stream<Arguments> appender_isLeftOut_andTheApplicationRunsOn() {
    return Stream.of(
        Arguments.of("bootstrapServers", ""),
        Arguments.of("topic", "topic=\"a b\""),
        Arguments.of("clientId", "clientId=\" \""),
        Arguments.of("queueMaxEvents", "queueMaxEvents=\"0\""),
        Arguments.of("queueMaxBytes", "queueMaxBytes=\"0 MB\""),
        Arguments.of("closeTimeout", "closeTimeoutMillis=\"-1\""),
        Arguments.of("spoolDirectory", "spoolDirectory=\" \""),
        Arguments.of("spoolMaxBytes", "spoolMaxBytes=\"1 KB\""),
        Arguments.of("service", "service=\"" + "x".repeat(300) + "\""),
        Arguments.of("instance", "instance=\"" + "x".repeat(300) + "\""),
        Arguments.of("version", "version=\"" + "x".repeat(300) + "\""),
        Arguments.of("environment", "environment=\"" + "x".repeat(300) + "\""),
        Arguments.of("attribute", "attributes=\"queue,tenant\""),
        Arguments.of("tenantMdcKey", "tenantMdcKey=\" \""),
        Arguments.of("userMdcKey", "userMdcKey=\" \""),
        Arguments.of("userHashKey", "userHashKey=\"${env:PETREL_TEST_KEY_THAT_IS_NOT_SET}\""),
        Arguments.of("acks", "><producerProperty name=\"acks\" value=\"0\"/></LlmCall"));
  }

  @ParameterizedTest
  @MethodSource
  void appender_isLeftOut_andTheApplicationRunsOn(String setting, String attribute)
      throws Exception {
    String servers = setting.equals("bootstrapServers") ? "" : "bootstrapServers=\"kafka:9092\" ";
    Path file = directory.resolve("application.log");
    loadBesideAFile(file, servers + attribute);
    log4j.log("com.example.App", null, Map.of("event", "llm_call", "outcome", "success"));

    assertThat((LlmCallAppender) log4j.appender("LLM")).isNull();
    assertThat(log4j.statuses())
        .anyMatch(told -> told.contains("LLM calls are not published") && told.contains(setting));
    assertThat(Files.readString(file)).contains("llm_call");
  }

  static Stream<Arguments> appender_keepsTheDefault_whereASettingCannotBeRead() {
    return Stream.of(
        Arguments.of("queueMaxEvents", "queueMaxEvents=\"many\""),
        Arguments.of("closeTimeoutMillis", "closeTimeoutMillis=\"PT5S\""),
        Arguments.of("FileSize", "queueMaxBytes=\"much\""),
        Arguments.of("FileSize", "spoolMaxBytes=\"much\""),
        Arguments.of("bootstrapServer", "bootstrapServer=\"kafka:9092\""),
        Arguments.of("producerProperty", "><producerProperty name=\"acks\"/></LlmCall"));
  }

  @ParameterizedTest
  @MethodSource
  void appender_keepsTheDefault_whereASettingCannotBeRead(String setting, String attribute)
      throws Exception {
    Path file = directory.resolve("application.log");
    loadBesideAFile(file, "bootstrapServers=\"127.0.0.1:9\" " + attribute);
    log4j.log("com.example.App", null, Map.of("message", "no call"));

    assertThat((LlmCallAppender) log4j.appender("LLM"))
        .isNotNull()
        .matches(LlmCallAppender::isStarted);
    assertThat(log4j.statuses()).anyMatch(told -> told.contains(setting));
    assertThat(Files.readString(file)).contains("no call");
  }

  @Test
  void eventPublisher_tellsWhatBecameOfTheEvents() throws Exception {
    loadBesideAFile(
        directory.resolve("application.log"),
        "bootstrapServers=\"127.0.0.1:9\" closeTimeoutMillis=\"0\"");
    log4j.log("com.example.App", null, Map.of("event", "llm_call", "outcome", "success"));
    log4j.settle();

    LlmCallAppender appender = log4j.appender("LLM");
    assertThat(appender.eventPublisher().counters().accepted()).isEqualTo(1);
  }

  @Test
  void appender_needsAName() {
    log4j.load(
        "xml",
        "<Configuration><Appenders><LlmCall bootstrapServers=\"127.0.0.1:9\"/></Appenders>"
            + "</Configuration>");

    assertThat(log4j.statuses()).anyMatch(told -> told.contains("No appender name provided"));
    assertThat(LlmCallAppender.newBuilder().setBootstrapServers("127.0.0.1:9").build()).isNull();
  }

  private void loadBesideAFile(Path file, String attributes) {
    String element = attributes.endsWith("</LlmCall") ? attributes + ">" : attributes + "/>";
    log4j.load(
        "xml",
        """
        <Configuration>
          <Appenders>
            <LlmCall name="LLM" %s
            <File name="FILE" fileName="%s"/>
          </Appenders>
          <Loggers>
            <Root level="INFO"><AppenderRef ref="LLM"/><AppenderRef ref="FILE"/></Root>
          </Loggers>
        </Configuration>
        """
            .formatted(element, file));
  }
}
