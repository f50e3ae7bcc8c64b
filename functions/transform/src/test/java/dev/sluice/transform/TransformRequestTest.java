package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransformRequestTest {
  @ParameterizedTest
  @CsvSource({",900", "'',900", "' ',900", "tick,0", "tick,-1"})
  void rejectsAMissingTickOrLease(String tick, long leaseSeconds) {
    assertThat(new TransformRequest("tick", 1).leaseSeconds()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransformRequest(tick, leaseSeconds))
        .withMessageContaining("needs a tick and leaseSeconds of at least 1");
  }
}
