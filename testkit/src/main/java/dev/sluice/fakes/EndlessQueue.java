package dev.sluice.fakes;

import dev.sluice.event.Envelope;
import dev.sluice.queue.MessageSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// A queue that always has messages: every receive returns as many as requested. Their ids are `m`
/// and a number.
public class EndlessQueue implements MessageSource {
  private final Instant sent;
  private final String body;
  private final List<String> deleted = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger received = new AtomicInteger();

  /// @param sent when every message was sent
  /// @param body of every message
  public EndlessQueue(Instant sent, String body) {
    this.sent = sent;
    this.body = body;
  }

  @Override
  public List<Received> receive(int max) {
    return IntStream.range(0, max)
        .mapToObj(_ -> "m" + received.incrementAndGet())
        .map(id -> new Received(new Envelope(id, sent, body), id))
        .toList();
  }

  @Override
  public List<Received> poll(int max) {
    return receive(max);
  }

  @Override
  public long waiting() {
    return Long.MAX_VALUE;
  }

  @Override
  public int delete(List<String> handles) {
    deleted.addAll(handles);
    return 0;
  }

  /// The handles of the deleted messages, which are their ids.
  public List<String> deleted() {
    return List.copyOf(deleted);
  }

  /// How many messages were received.
  public int received() {
    return received.get();
  }
}
