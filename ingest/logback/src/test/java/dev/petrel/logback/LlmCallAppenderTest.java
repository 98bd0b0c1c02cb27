// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import dev.petrel.appender.contract.TypedAppenderContract;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

class LlmCallAppenderTest extends TypedAppenderContract {
  private final LoggerContext context = Configured.newContext();
  private LlmCallAppender appender;

  @TempDir private Path directory;

  @AfterEach
  void stopContext() {
    context.stop();
  }

  @Override
  protected void start(Map<String, String> settings) {
    appender = new LlmCallAppender(builder -> publisher);
    appender.setContext(context);
    settings.forEach(
        (name, value) -> {
          switch (name) {
            case "service" -> appender.setService(value);
            case "environment" -> appender.setEnvironment(value);
            case "instance" -> appender.setInstance(value);
            case "version" -> appender.setVersion(value);
            case "attributes" -> Arrays.stream(value.split(",")).forEach(appender::addAttribute);
            case "spoolDirectory" -> appender.setSpoolDirectory(value);
            case "spoolMaxBytes" -> appender.setSpoolMaxBytes(FileSize.valueOf(value));
            case "tenantMdcKey" -> appender.setTenantMdcKey(value);
            case "userMdcKey" -> appender.setUserMdcKey(value);
            case "userHashKey" -> appender.setUserHashKey(value);
            default -> throw new AssertionError(name);
          }
        });
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  @Override
  protected void log(String logger, Throwable thrown, Map<String, Object> keyValues) {
    Configured.log(context.getLogger(logger), thrown, keyValues);
  }

  @Override
  protected void withContext(Map<String, String> mdc, Runnable statements) {
    Configured.withMdc(mdc, statements);
  }

  @Override
  protected long rejected() {
    return appender.rejected();
  }

  @Override
  protected List<String> trouble() {
    return Configured.statuses(context, Status.WARN);
  }

  @Override
  protected void stop() {
    appender.stop();
  }

  @Test
  void start_leavesTheAppenderOff_withoutBootstrapServers() throws Exception {
    configure("");

    assertThat(configured().isStarted()).isFalse();
    assertThat(errors()).anyMatch(m -> m.contains("bootstrapServers is not set"));
    log(LOGGER, null, pairs("event", "llm_call", "outcome", "success"));
    assertThat(configured().rejected()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<bootstrapServers>kafka</bootstrapServers>",
        "<bootstrapServers>kafka:9092</bootstrapServers><topic>a b</topic>",
        "<bootstrapServers>kafka:9092</bootstrapServers><queueMaxEvents>0</queueMaxEvents>",
        "<bootstrapServers>kafka:9092</bootstrapServers><producerProperty>acks=0</producerProperty>",
        "<bootstrapServers>kafka:9092</bootstrapServers>"
            + "<userHashKey>${PETREL_TEST_KEY_THAT_IS_NOT_SET}</userHashKey>",
      })
  void start_leavesTheAppenderOff_whenConfiguredWrongly(String settings) throws Exception {
    configure(settings);

    assertThat(configured().isStarted()).isFalse();
    assertThat(errors()).anyMatch(m -> m.contains("LLM calls are not published"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<queueMaxEvents>many</queueMaxEvents>",
        "<closeTimeout>soon</closeTimeout>",
        "<spoolMaxBytes>much</spoolMaxBytes>",
        "<bootstrapServer>kafka:9092</bootstrapServer>",
      })
  void start_keepsTheDefault_whereASettingCannotBeRead(String setting) throws Exception {
    configure("<bootstrapServers>127.0.0.1:9</bootstrapServers>" + setting);

    assertThat(configured().isStarted()).isTrue();
    String name = setting.substring(1, setting.indexOf('>'));
    assertThat(Configured.statuses(context, Status.WARN))
        .anyMatch(m -> m.toLowerCase().contains(name.toLowerCase()));
  }

  @Test
  void start_takesItsSettingsFromXml() throws Exception {
    configure(
        """
        <bootstrapServers>127.0.0.1:9</bootstrapServers>
        <topic>calls</topic>
        <clientId>app</clientId>
        <queueMaxEvents>100</queueMaxEvents>
        <queueMaxBytes>1MB</queueMaxBytes>
        <closeTimeout>100 milliseconds</closeTimeout>
        <spoolDirectory>%s</spoolDirectory>
        <spoolMaxBytes>64MB</spoolMaxBytes>
        <producerProperty>security.protocol=SASL_SSL</producerProperty>
        <producerProperty>sasl.jaas.config=a=b secret;</producerProperty>
        <service>bot</service>
        <instance>bot-1</instance>
        <version>1</version>
        <environment>prod</environment>
        <attribute>region_group</attribute>
        <attribute>queue</attribute>
        <tenantMdcKey>customer</tenantMdcKey>
        <userMdcKey>login</userMdcKey>
        <userHashKey>0123456789abcdef</userHashKey>
        """
            .formatted(directory));

    assertThat(configured().isStarted()).isTrue();
    assertThat(trouble()).isEmpty();
  }

  @Test
  void eventPublisher_tellsWhatBecameOfTheEvents() throws Exception {
    configure(
        "<bootstrapServers>127.0.0.1:9</bootstrapServers>"
            + "<closeTimeout>0 milliseconds</closeTimeout>");
    assertThat(new LlmCallAppender().eventPublisher()).isNull();
    log(LOGGER, null, pairs("event", "llm_call", "outcome", "success"));

    assertThat(configured().eventPublisher().counters().accepted()).isEqualTo(1);
  }

  @Test
  void addProducerProperty_doesNotRepeatWhatItRefuses() throws Exception {
    configure(
        "<bootstrapServers>kafka:9092</bootstrapServers><producerProperty>SECRET</producerProperty>");

    assertThat(errors()).anyMatch(m -> m.contains("must be name=value"));
    assertThat(trouble()).noneMatch(m -> m.contains("SECRET"));
  }

  private void configure(String settings) throws Exception {
    Configured.configure(context, "INFO", settings, "");
  }

  private LlmCallAppender configured() {
    return (LlmCallAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("LLM");
  }

  private List<String> errors() {
    return Configured.statuses(context, Status.ERROR);
  }
}
