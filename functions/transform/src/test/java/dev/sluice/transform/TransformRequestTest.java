package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransformRequestTest {
  @Test
  void acceptsALeaseOfOneSecond() {
    assertThat(new TransformRequest("tick", 1).leaseSeconds()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"NULL,900", "'',900", "' ',900", "tick,0", "tick,-1"},
      nullValues = "NULL")
  void rejectsAMissingTickOrLease(String tick, long leaseSeconds) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransformRequest(tick, leaseSeconds))
        .withMessage(
            "the input of Transform needs a tick and leaseSeconds of at least 1:"
                + " {\"tick\": %s, \"leaseSeconds\": %d}",
            tick, leaseSeconds);
  }
}
