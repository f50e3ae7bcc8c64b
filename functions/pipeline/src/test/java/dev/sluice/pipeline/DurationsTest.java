package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
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
  void eachIntervalHasItsText() {
    for (String text : List.of("10s", "30s", "1m", "5m", "15m", "1h")) {
      assertThat(Durations.text(Durations.frequency(text).orElseThrow())).isEqualTo(text);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.text(Duration.ofMinutes(2)));
  }

  @Test
  void readsSizesUpToFourGibibytes() {
    assertThat(Durations.bytes("256MiB")).contains(256L << 20);
    assertThat(Durations.bytes("4GiB")).contains(4L << 30);
    assertThat(Durations.bytes("4097MiB")).isEmpty();
    assertThat(Durations.bytes("256MB")).isEmpty();
  }
}
