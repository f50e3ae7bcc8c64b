package dev.sluice.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Envelope;
import dev.sluice.queue.MessageSource;
import dev.sluice.queue.MessageSource.Received;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The contract of [MessageSource].
public abstract class MessageSourceContract {
  /// The queue under test, empty at the start of each test.
  protected abstract MessageSource source();

  protected abstract void send(List<String> bodies);

  /// Makes received messages visible again, as if their visibility timeout had passed.
  protected abstract void expire(List<Received> messages);

  @Test
  void receivesNothingFromAnEmptyQueue() {
    assertThat(source().receive(10)).isEmpty();
  }

  @Test
  void receivesBodiesVerbatimWithIdAndTime() {
    String body = "{\"name\": \"Zoë 🙂\",\n\t\"amount\": 119.50}";
    send(List.of(body));

    Envelope message = source().receive(10).getFirst().envelope();

    assertThat(message.body()).isEqualTo(body);
    assertThat(message.messageId()).isNotBlank();
    assertThat(message.sentAt()).isAfter(Instant.parse("2025-01-01T00:00:00Z"));
  }

  @Test
  void receivesAtMostTheRequestedNumberAndHidesReceivedMessages() {
    send(IntStream.range(0, 12).mapToObj(i -> "body " + i).toList());

    List<Received> three = source().receive(3);
    List<Received> others = receiveAll();

    assertThat(three).hasSizeBetween(1, 3);
    assertThat(bodies(three)).doesNotContainAnyElementsOf(bodies(others));
    assertThat(three.size() + others.size()).isEqualTo(12);
  }

  @Test
  void redeliversAnUndeletedMessageWithTheSameId() {
    send(List.of("body"));
    Received first = source().receive(10).getFirst();

    expire(List.of(first));
    Received again = source().receive(10).getFirst();

    assertThat(again.envelope()).isEqualTo(first.envelope());
  }

  @Test
  void neverRedeliversADeletedMessage() {
    send(List.of("one", "two"));
    List<Received> all = receiveAll();

    int failed = source().delete(handles(all));

    assertThat(failed).isZero();
    assertThat(source().receive(10)).isEmpty();
  }

  private List<Received> receiveAll() {
    List<Received> all = new ArrayList<>();
    List<Received> some = source().receive(10);
    while (!some.isEmpty()) {
      all.addAll(some);
      some = source().receive(10);
    }
    return all;
  }

  private static List<String> bodies(List<Received> messages) {
    return messages.stream().map(m -> m.envelope().body()).toList();
  }

  private static List<String> handles(List<Received> messages) {
    return messages.stream().map(Received::handle).toList();
  }
}
