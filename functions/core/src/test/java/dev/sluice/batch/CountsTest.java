package dev.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CountsTest {
  @Test
  void addsEachCount() {
    assertThat(new Counts(1, 2, 3, 4, 5).plus(new Counts(10, 200, 3_000, 40_000, 500_000)))
        .isEqualTo(new Counts(11, 202, 3_003, 40_004, 500_005));
  }
}
