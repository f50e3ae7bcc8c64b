package dev.sluice.fakes;

import dev.sluice.event.Envelope;
import dev.sluice.queue.MessageSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An in-memory [MessageSource] with at-least-once delivery and a visibility timeout. A later
/// delivery of a message invalidates its older handles, as FIFO queues do and standard queues may.
public final class MemoryQueue implements MessageSource {
  private final Clock clock;
  private final Duration visibility;
  private final Map<String, Waiting> messages = new LinkedHashMap<>();
  private final Set<String> undeletable = new HashSet<>();
  private int sent;
  private int deliveries;

  private record Waiting(Envelope envelope, Instant visibleAt, String handle) {}

  public MemoryQueue(Clock clock, Duration visibility) {
    this.clock = clock;
    this.visibility = visibility;
  }

  /// Sends a message and returns its id.
  public synchronized String send(String body) {
    String id = "message-%05d".formatted(sent++);
    return send(id, body);
  }

  /// Sends a message with the given id, and returns the id.
  public synchronized String send(String id, String body) {
    messages.put(id, new Waiting(new Envelope(id, clock.instant(), body), Instant.MIN, ""));
    return id;
  }

  /// Causes every delete of this message to fail.
  public synchronized void failDeletesOf(String messageId) {
    undeletable.add(messageId);
  }

  /// The number of messages in the queue, including those in flight.
  public synchronized int depth() {
    return messages.size();
  }

  @Override
  public synchronized List<Received> receive(int max) {
    List<Received> received = new ArrayList<>();
    for (Map.Entry<String, Waiting> entry : messages.entrySet()) {
      Waiting message = entry.getValue();
      if (received.size() < max && !message.visibleAt.isAfter(clock.instant())) {
        String handle = message.envelope.messageId() + "/" + deliveries++;
        entry.setValue(new Waiting(message.envelope, clock.instant().plus(visibility), handle));
        received.add(new Received(message.envelope, handle));
      }
    }
    return received;
  }

  @Override
  public List<Received> poll(int max) {
    return receive(max);
  }

  @Override
  public synchronized long waiting() {
    return messages.values().stream()
        .filter(message -> !message.visibleAt.isAfter(clock.instant()))
        .count();
  }

  @Override
  public synchronized int delete(List<String> handles) {
    int failed = 0;
    for (String handle : handles) {
      String id = handle.substring(0, handle.lastIndexOf('/'));
      Waiting message = messages.get(id);
      if (message != null && (undeletable.contains(id) || !message.handle.equals(handle))) {
        failed++;
      } else {
        messages.remove(id);
      }
    }
    return failed;
  }
}
