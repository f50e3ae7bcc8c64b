package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class StagedLimitTest {
  private final StagedLimit limit = new StagedLimit(3, 100, 1_000);

  @Test
  void isReachedByTheMessagesOfAllBatches() {
    assertThat(limit.isReached(List.of(chunk(100, 1), chunk(199, 1)))).isFalse();
    assertThat(limit.isReached(List.of(chunk(100, 1), chunk(200, 1)))).isTrue();
  }

  @Test
  void isReachedByTheBytesOfAllBatches() {
    assertThat(limit.isReached(List.of(chunk(1, 1_000), chunk(1, 1_999)))).isFalse();
    assertThat(limit.isReached(List.of(chunk(1, 1_000), chunk(1, 2_000)))).isTrue();
  }

  @Test
  void isReachedByTheChunksOfAllBatches() {
    assertThat(limit.isReached(Collections.nCopies(269, chunk(0, 0)))).isFalse();
    assertThat(limit.isReached(Collections.nCopies(270, chunk(0, 0)))).isTrue();
  }

  @Test
  void isNotReachedByNothing() {
    assertThat(new StagedLimit(1, 1, 1).isReached(List.of())).isFalse();
  }

  @Test
  void mustBeAboveZero() {
    assertThatIllegalArgumentException().isThrownBy(() -> new StagedLimit(0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new StagedLimit(1, 0, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StagedLimit(1, 1, 0))
        .withMessageContaining("above 0: 1 batches, 1 messages, 0 bytes");
  }

  private static StagedChunk chunk(int messages, long bytes) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, 1)),
        new ObjectKey("raw/1"),
        messages,
        bytes,
        Instant.EPOCH,
        Sha256.of(new byte[0]));
  }
}
