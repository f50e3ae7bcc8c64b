package dev.sluice.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InstantsTest {
  private static final String FIRST = "0001-01-01T00:00:00Z";
  private static final long SECONDS = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T09:15Z, 2026-11-21T09:15:00Z",
    "2026-11-21T09:15:07Z, 2026-11-21T09:15:07Z",
    "2026-11-21t09:15:07z, 2026-11-21T09:15:07Z",
    "2026-11-21T10:15:00.123456789+01:00, 2026-11-21T09:15:00.123456Z",
    "2026-11-21T10:15:00.5-00:30, 2026-11-21T10:45:00.500Z",
    "2026-11-21T10:15-18:00, 2026-11-22T04:15:00Z",
    "2026-11-21T10:15+18:00, 2026-11-20T16:15:00Z",
    "2024-02-29T00:00:00-00:00, 2024-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "0000-12-31T23:00:00-01:00, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
  })
  void readsATimeWithAnOffset(String text, Instant time) {
    assertThat(Instants.parse(text)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-21",
        "2026-11-21T09:15",
        "2026-11-21T09:15:00",
        "2026-11-21 09:15:00Z",
        "2026-11-21\u014409:15:00Z",
        "2026-11-21T09Z",
        "2026-11-21T09:15:00,5Z",
        "2026-11-21T09:15:00.Z",
        "2026-11-21T09:15:00.1234567890Z",
        "2026-11-21T09:15:0Z",
        "2026-11-21T9:15:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T23:60:00Z",
        "2026-11-21T23:59:60Z",
        "2026-11-21T09:15:00+99:99",
        "2026-11-21T09:15:00+01:60",
        "2026-11-21T09:15:00-24:00",
        "2026-11-21T09:15:00+18:01",
        "2026-11-21T09:15:00+0100",
        "2026-11-21T09:15:00+01",
        "2026-11-21T09:15:00+01:00:30",
        "2026-11-21T09:15:00+01:00 ",
        "2026-11-21T09:15:00Z ",
        "2026-02-30T09:15:00Z",
        "2026-13-01T09:15:00Z",
        "2026-00-01T09:15:00Z",
        "2026-11-00T09:15:00Z",
        "12026-11-21T09:15:00Z",
        "+2026-11-21T09:15:00Z",
        "-2026-11-21T09:15:00Z",
        "0000-11-21T09:15:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:00-00:01",
        "٢٠٢٦-11-21T09:15:00Z",
      })
  void rejectsEverythingElse(String text) {
    assertThat(Instants.parse(text)).isEmpty();
  }

  /// `OffsetDateTime` is an independent reader of the same format.
  @Test
  void agreesWithJavaTime() {
    Random random = new Random(1);
    long first = Instant.parse(FIRST).getEpochSecond();
    for (int i = 0; i < 20_000; i++) {
      Instant time =
          Instant.ofEpochSecond(random.nextLong(first, SECONDS), random.nextInt(1_000_000) * 1000L);
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 60, 18 * 60) * 60);
      OffsetDateTime local = time.atOffset(offset);
      if (local.getYear() >= 0 && local.getYear() <= 9999) {
        assertThat(Instants.parse(local.toString())).as(local.toString()).contains(time);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01", "2024-02-29", "9999-12-31"})
  void readsADay(String text) {
    assertThat(Instants.parseDay(text)).contains(LocalDate.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0000-01-01",
        "2026-02-29",
        "2026-2-28",
        "28.02.2026",
        "2026-02-28 ",
        "2026/02/28"
      })
  void rejectsWhatIsNotADay(String text) {
    assertThat(Instants.parseDay(text)).isEmpty();
  }
}
