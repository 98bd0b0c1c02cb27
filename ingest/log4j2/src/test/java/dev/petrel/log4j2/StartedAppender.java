// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import dev.petrel.publisher.AppenderSettings;
import dev.petrel.publisher.CallPublisher;
import java.util.List;
import java.util.Map;

/** An appender LLM at the root, started or not, as its settings allow. */
record StartedAppender(Configured log4j, LlmCallAppender appender) {

  static StartedAppender start(
      Configured log4j, CallPublisher publisher, Map<String, String> settings) {
    LlmCallAppenderBuilder builder =
        new LlmCallAppenderBuilder(new AppenderSettings(unused -> publisher)).setName("LLM");
    settings.forEach(
        (name, value) -> {
          switch (name) {
            case "service" -> builder.setService(value);
            case "environment" -> builder.setEnvironment(value);
            case "instance" -> builder.setInstance(value);
            case "version" -> builder.setVersion(value);
            case "attributes" -> builder.setAttributes(value);
            case "spoolDirectory" -> builder.setSpoolDirectory(value);
            case "spoolMaxBytes" -> builder.setSpoolMaxBytes(value);
            case "tenantMdcKey" -> builder.setTenantMdcKey(value);
            case "userMdcKey" -> builder.setUserMdcKey(value);
            case "userHashKey" -> builder.setUserHashKey(value);
            case "ignoreExceptions" -> builder.setIgnoreExceptions(Boolean.parseBoolean(value));
            default -> throw new AssertionError(name);
          }
        });
    LlmCallAppender appender = builder.build();
    if (appender != null) {
      log4j.add(appender);
    }
    return new StartedAppender(log4j, appender);
  }

  long rejected() {
    return appender.rejected();
  }

  List<String> trouble() {
    return log4j.statuses().stream().filter(told -> told.startsWith("Appender LLM: ")).toList();
  }

  void stop() {
    appender.stop();
  }
}
