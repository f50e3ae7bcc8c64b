package dev.sluice.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Admission.Admitted;
import dev.sluice.json.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Normal forms and hashes that were computed by `make_known_answers.py`. Seen files contain the
/// hashes, so a different hash would load each event again.
final class KnownAnswersTest {
  private final Admitter admitter =
      new Admitter(
          new Admission.Rules(
              new EventType.Always("t"),
              JsonPath.parse("$.id"),
              JsonPath.parse("$.at").orElseThrow(),
              Duration.ofDays(1),
              Duration.ofDays(1),
              Map.of("t", new Admission.TypeRules(List.of(), List.of()))));

  static Stream<String> answers() throws IOException {
    try (InputStream in = KnownAnswersTest.class.getResourceAsStream("known-answers.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines();
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void hasTheKnownNormalFormAndHashes(String answer) {
    String[] columns = answer.split("\t", -1);

    List<Admission> events = admitter.admit(new Envelope("m", Instant.EPOCH, columns[0]));

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Admitted.class,
            event -> {
              assertThat(event.json()).isEqualTo(columns[1]);
              assertThat(event.id()).isEqualTo(Optional.of(columns[2]));
              assertThat(event.identity()).contains(UUID.fromString(columns[3]));
              assertThat(event.content()).isEqualTo(UUID.fromString(columns[4]));
            });
  }

  @Test
  void hasAnswers() throws IOException {
    assertThat(answers()).hasSize(120);
  }

  /// `printf %s TEXT | sha256sum | cut -c1-32`.
  @ParameterizedTest
  @CsvSource({
    "'', e3b0c442-98fc-1c14-9afb-f4c8996fb924",
    "abc, ba7816bf-8f01-cfea-4141-40de5dae2223",
  })
  void hashesMessageIds(String id, UUID hash) {
    assertThat(admitter.identity(id)).isEqualTo(hash);
  }
}
