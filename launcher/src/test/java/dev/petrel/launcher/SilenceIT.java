// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.test.servers.PrivateKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SilenceIT {

  private static String run(String kafka, int expected, String... arguments) {
    List<String> all = new ArrayList<>(List.of("silence"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--kafka", kafka));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Petrel.run(
            all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    assertThat(code).as("%s: %s", all, err).isEqualTo(expected);
    return out.toString().strip();
  }

  @Test
  void silence_isAddedListedAndExpired() {
    try (PrivateKafka kafka = PrivateKafka.start()) {
      String brokers = kafka.bootstrapServers();
      String id =
          run(brokers, 0, "add", "tenant=acme", "--for", "2h", "--by", "kim", "--comment", "why");
      run(brokers, 0, "add", "tenant=bolt", "--for", "1m", "--comment", "another");

      assertThat(run(brokers, 0, "list").lines())
          .hasSize(2)
          .anySatisfy(
              line -> assertThat(line).contains(id, "active", "[tenant=\"acme\"]", "by kim: why"));

      run(brokers, 0, "expire", id);
      assertThat(run(brokers, 0, "list").lines()).noneMatch(line -> line.contains(id));
      assertThat(run(brokers, 0, "list", "--all")).contains(id, "expired");
      run(brokers, 1, "expire", "no-such-silence");
    }
  }
}
