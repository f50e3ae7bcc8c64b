package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @Test
  void readsDurations() {
    assertThat(Durations.span("90s")).contains(Duration.ofSeconds(90));
    assertThat(Durations.span("14d")).contains(Duration.ofDays(14));
    assertThat(Durations.signed("-90d")).contains(Duration.ofDays(-90));
    assertThat(Durations.signed("+1h")).contains(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "h", "0h", "01h", "1.5h", "-1h", "1H", "1 h", "9999999s"})
  void rejectsInvalidDurations(String text) {
    assertThat(Durations.span(text)).isEmpty();
  }

  @Test
  void acceptsOnlyTheIntervalsOfSchedules() {
    assertThat(Durations.frequency("5m")).contains(Duration.ofMinutes(5));
    assertThat(Durations.frequency("2m")).isEmpty();
    assertThat(Durations.frequency("60s")).isEmpty();
  }

  @Test
  void readsSizesUpToFourGibibytes() {
    assertThat(Durations.bytes("256MiB")).contains(256L << 20);
    assertThat(Durations.bytes("4GiB")).contains(4L << 30);
    assertThat(Durations.bytes("4097MiB")).isEmpty();
    assertThat(Durations.bytes("256MB")).isEmpty();
  }
}
