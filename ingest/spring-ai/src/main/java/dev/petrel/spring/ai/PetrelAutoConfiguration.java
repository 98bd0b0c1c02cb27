// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.CallPublisher;
import dev.petrel.publisher.EventPublisher;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The publisher and the observer that {@code petrel.*} describes. An application that has a {@link
 * CallPublisher} or {@link HttpCallObserver} of its own keeps it; one that neither has a publisher
 * nor says where Kafka is gets nothing.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "petrel.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PetrelProperties.class)
public final class PetrelAutoConfiguration {

  /** For Spring. */
  PetrelAutoConfiguration() {}

  /** Closed with the context. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean(CallPublisher.class)
  @ConditionalOnProperty("petrel.kafka.bootstrap-servers")
  EventPublisher petrelPublisher(PetrelProperties properties) {
    return properties.publisher().build();
  }

  @Bean
  @ConditionalOnBean(CallPublisher.class)
  @ConditionalOnMissingBean
  HttpCallObserver petrelObserver(
      CallPublisher publisher, PetrelProperties properties, Environment environment) {
    return properties
        .applyTo(
            HttpCallObserver.newBuilder(publisher),
            environment.getProperty("spring.application.name"))
        .build();
  }
}
