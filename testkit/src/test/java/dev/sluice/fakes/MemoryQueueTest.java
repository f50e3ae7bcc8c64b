package dev.sluice.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contracts.MessageSourceContract;
import dev.sluice.queue.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryQueueTest extends MessageSourceContract {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryQueue queue = new MemoryQueue(clock, Duration.ofSeconds(30));

  @Override
  protected MessageSource source() {
    return queue;
  }

  @Override
  protected void send(List<String> bodies) {
    bodies.forEach(queue::send);
  }

  @Override
  protected void expire(List<MessageSource.Received> messages) {
    clock.advance(Duration.ofSeconds(30));
  }

  @Test
  void reportsThatAnOutdatedHandleDidNotDelete() {
    queue.send("body");
    String outdated = queue.receive(1).getFirst().handle();
    clock.advance(Duration.ofSeconds(30));
    String current = queue.receive(1).getFirst().handle();

    assertThat(queue.delete(List.of(outdated))).isEqualTo(1);
    assertThat(queue.delete(List.of(current))).isZero();
    assertThat(queue.depth()).isZero();
  }
}
