package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
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
  void readsItsNumberFromTheEvent() {
    Lane share = new Lane("", 0, 5, 6, TIME);

    assertThat(share.of("tick", Map.of("lane", 2))).isEqualTo(new Lane("tick", 2, 5, 6, TIME));
    assertThat(share.of("tick", Map.of("lane", 3L)).number()).isEqualTo(3);
    assertThat(share.of("tick", null).number()).isZero();
    assertThat(share.of("tick", Map.of()).number()).isZero();
    assertThat(share.of("tick", Map.of("lane", "2")).number()).isZero();
    assertThat(share.of("tick", Map.of("lan", 2)).number()).isZero();
  }
}
