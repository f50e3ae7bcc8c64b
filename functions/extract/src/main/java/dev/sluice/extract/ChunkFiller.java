package dev.sluice.extract;

import dev.sluice.chunk.ChunkWriter;
import dev.sluice.failure.TransientFailure;
import dev.sluice.parallel.InParallel;
import dev.sluice.queue.MessageSource;
import dev.sluice.queue.MessageSource.Received;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Fills one chunk from the queue with several concurrent receives.
final class ChunkFiller {
  /// The maximum number of messages of a chunk.
  static final int MAX_MESSAGES = 10_000;

  /// The size before compression at which a chunk is full. Receives in progress may exceed it.
  static final long MAX_BYTES = 16L << 20;

  private static final int RECEIVERS = 8;
  private static final int POLLS = 3;

  private final MessageSource source;
  private final long maxMessages;
  private final long maxBytes;
  private final Clock clock;
  private final Instant deadline;
  private final ChunkWriter chunk = new ChunkWriter();
  private final List<String> handles = Collections.synchronizedList(new ArrayList<>());
  private int reserved;
  private volatile boolean drained;
  private volatile @Nullable TransientFailure broken;

  /// The limits of a chunk also apply.
  ///
  /// @param maxMessages how many messages the lane may still receive
  /// @param maxBytes how many bytes the lane may still receive
  ChunkFiller(
      MessageSource source, long maxMessages, long maxBytes, Clock clock, Instant deadline) {
    this.source = source;
    this.maxMessages = Math.min(maxMessages, MAX_MESSAGES);
    this.maxBytes = Math.min(maxBytes, MAX_BYTES);
    this.clock = clock;
    this.deadline = deadline;
  }

  /// How the first receive asks the queue. It runs alone, so that an empty queue costs no more.
  enum First {
    /// Waits for a message, and asks all servers of the queue.
    WAITS,
    /// Asks some servers of the queue, a few times, without waiting: an empty queue costs the least
    /// time. A message that all of them miss is received in the next tick.
    POLLS
  }

  /// Receives until the chunk is full, the queue is empty, the time limit is reached or a receive
  /// fails. Returns whether the queue is empty.
  ///
  /// @throws TransientFailure if a receive fails and there is nothing to stage
  boolean fill(First first) {
    boolean hasMore =
        switch (first) {
          case WAITS -> receive();
          case POLLS -> poll();
        };
    if (hasMore) {
      InParallel.map(
          IntStream.range(0, RECEIVERS).boxed().toList(),
          _ -> {
            while (receive()) {}
            return true;
          });
    }
    TransientFailure failure = broken;
    if (failure != null && chunk.messages() == 0) {
      throw failure;
    }
    return drained;
  }

  /// Whether there may be more messages.
  private boolean receive() {
    int received = receive(source::receive);
    drained |= received == 0;
    return received > 0;
  }

  private boolean poll() {
    int received = 0;
    for (int polls = 0; polls < POLLS && received == 0; polls++) {
      received = receive(source::poll);
    }
    drained = received == 0;
    return received > 0;
  }

  /// The number of messages, or -1 if nothing was received because of a limit or a failure.
  private int receive(IntFunction<List<Received>> receive) {
    int max = reserve();
    if (max == 0) {
      return -1;
    }
    try {
      List<Received> messages = receive.apply(max);
      for (Received message : messages) {
        chunk.add(message.envelope());
        handles.add(message.handle());
      }
      return messages.size();
    } catch (TransientFailure failed) {
      // The messages of the other receivers are already invisible in the queue, so they are staged.
      broken = failed;
      return -1;
    } finally {
      release(max);
    }
  }

  /// Room is reserved before each receive, so that a chunk never has too many messages.
  private synchronized int reserve() {
    if (drained
        || broken != null
        || !clock.instant().isBefore(deadline)
        || chunk.bytes() >= maxBytes) {
      return 0;
    }
    int room = (int) Math.min(maxMessages - chunk.messages() - reserved, MessageSource.MAX_AT_ONCE);
    reserved += Math.max(room, 0);
    return Math.max(room, 0);
  }

  private synchronized void release(int room) {
    reserved -= room;
  }

  int messages() {
    return chunk.messages();
  }

  long bytes() {
    return chunk.bytes();
  }

  Instant oldest() {
    return chunk.oldest();
  }

  List<String> handles() {
    return handles;
  }

  byte[] finish() {
    return chunk.finish();
  }
}
