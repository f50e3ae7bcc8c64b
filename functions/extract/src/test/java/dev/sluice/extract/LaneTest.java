package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LaneTest {
  private static final Duration TIME = Duration.ofSeconds(30);

  @Test
  void rejectsLimitsThatReceiveNothing() {
    assertThat(new Lane("tick", 0, 1, 1, Duration.ZERO).maxMessages()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Lane("tick", 0, 0, 1, TIME));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lane("tick", 0, -1, 1, TIME));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lane("tick", 0, 1, 0, TIME));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lane("tick", 0, 1, -1, TIME));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Lane("tick", 0, 1, 1, Duration.ofNanos(-1)))
        .withMessageContaining("limits above 0");
  }

  @Test
  void oneChunkHasTheLowerOfBothLimits() {
    assertThat(new Lane("t", 0, 9, 8, TIME).ofOneChunk()).isEqualTo(new Lane("t", 0, 9, 8, TIME));
    assertThat(new Lane("t", 0, 1_000_000, 1L << 30, TIME).ofOneChunk())
        .isEqualTo(new Lane("t", 0, 10_000, 16 << 20, TIME));
  }
}
