package dev.sluice.extract;

import dev.sluice.bucket.InParallel;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.extract.MessageSource.Received;
import dev.sluice.failure.TransientFailure;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Fills one chunk from the queue, with several receives in flight.
final class Filling {
  /// The most messages one chunk holds.
  static final int MOST_MESSAGES = 10_000;

  /// When a chunk is full, before compression; exceeded by what is in flight.
  static final long MOST_BYTES = 16L << 20;

  private static final int RECEIVERS = 8;

  private final MessageSource source;
  private final long mostMessages;
  private final long mostBytes;
  private final Clock clock;
  private final Instant deadline;
  private final ChunkWriter chunk = new ChunkWriter();
  private final List<String> handles = Collections.synchronizedList(new ArrayList<>());
  private int promised;
  private volatile boolean drained;
  private volatile @Nullable TransientFailure broken;

  /// @param mostMessages and `mostBytes` are what is left for the lane; a chunk's own limits hold
  ///   too
  Filling(MessageSource source, long mostMessages, long mostBytes, Clock clock, Instant deadline) {
    this.source = source;
    this.mostMessages = Math.min(mostMessages, MOST_MESSAGES);
    this.mostBytes = Math.min(mostBytes, MOST_BYTES);
    this.clock = clock;
    this.deadline = deadline;
  }

  /// Receives until the chunk is full, the queue empty, the time over or a receive fails; true when
  /// the queue is empty.
  ///
  /// @throws TransientFailure when a receive fails and there is nothing to stage
  boolean fill() {
    // The first receive alone tells an empty queue, for the price of one call.
    receive();
    if (!drained) {
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

  private boolean receive() {
    int most = promise();
    if (most == 0) {
      return false;
    }
    try {
      List<Received> messages = source.receive(most);
      if (messages.isEmpty()) {
        drained = true;
      }
      for (Received message : messages) {
        chunk.add(message.envelope());
        handles.add(message.handle());
      }
      return !messages.isEmpty();
    } catch (TransientFailure failed) {
      // What the others received is hidden from the queue by now, so it is staged all the same.
      broken = failed;
      return false;
    } finally {
      release(most);
    }
  }

  /// Room is promised before a receive, so that no chunk has too many messages.
  private synchronized int promise() {
    if (drained
        || broken != null
        || !clock.instant().isBefore(deadline)
        || chunk.bytes() >= mostBytes) {
      return 0;
    }
    int room =
        (int) Math.min(mostMessages - chunk.messages() - promised, MessageSource.MOST_AT_ONCE);
    promised += Math.max(room, 0);
    return Math.max(room, 0);
  }

  private synchronized void release(int room) {
    promised -= room;
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
