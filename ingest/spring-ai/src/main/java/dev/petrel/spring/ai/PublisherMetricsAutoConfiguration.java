// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.publisher.EventPublisher;
import dev.petrel.publisher.PublisherMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The publisher's metrics, for applications with Micrometer: Spring Boot binds them to its
 * registries.
 */
@AutoConfiguration(after = PetrelAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(EventPublisher.class)
public final class PublisherMetricsAutoConfiguration {

  /** For Spring. */
  PublisherMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  PublisherMetrics petrelPublisherMetrics(EventPublisher publisher) {
    return new PublisherMetrics(publisher);
  }
}
