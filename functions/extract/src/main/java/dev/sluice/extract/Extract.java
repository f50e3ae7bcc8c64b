package dev.sluice.extract;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.extract.ChunkFiller.First;
import dev.sluice.failure.TransientFailure;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.Ledger;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.parallel.InParallel;
import dev.sluice.queue.MessageSource;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// The first stage: one lane moves messages from the queue into staged chunks.
///
/// A message is deleted only after its chunk is in the bucket and in the ledger. If it is unknown
/// whether the ledger accepted a chunk, the lane ends without deleting: the queue delivers the
/// messages again, and the message ids detect the copies.
public final class Extract {
  private final MessageSource source;
  private final Bucket bucket;
  private final Ledger ledger;
  private final Layout layout;
  private final StagedLimit limit;
  private final Observer observer;
  private final Clock clock;
  private final Supplier<UUID> ids;

  public Extract(
      String pipeline,
      MessageSource source,
      Bucket bucket,
      Ledger ledger,
      StagedLimit limit,
      Observer observer,
      Clock clock,
      Supplier<UUID> ids) {
    this.source = source;
    this.bucket = bucket;
    this.ledger = ledger;
    this.layout = new Layout(pipeline);
    this.limit = limit;
    this.observer = observer;
    this.clock = clock;
    this.ids = ids;
  }

  /// Receives until the queue is empty or the lane's limits are reached. Receives nothing if the
  /// limit of staged chunks is reached.
  ///
  /// @throws dev.sluice.failure.TransientFailure if a service fails; chunks staged before stay
  ///   staged
  public Extracted run(Lane lane) {
    // If the ledger does not answer, nothing is received: a message that cannot be staged must stay
    // visible in the queue.
    return run(lane, Backlog.read(ledger), First.WAITS);
  }

  /// The same with a backlog that was read before.
  ///
  /// @param first how the first receive of the lane asks the queue
  Extracted run(Lane lane, Backlog backlog, First first) {
    if (limit.isReached(backlog.staged())) {
      observer.observe(new Observation.Paused(lane.number(), backlog.staged().size()));
      return new Extracted(lane.tick(), lane.number(), 0, 0, 0, 0, false, true);
    }
    First receive = first;
    Instant deadline = clock.instant().plus(lane.time());
    int chunks = 0;
    long messages = 0;
    long bytes = 0;
    long undeleted = 0;
    boolean drained = false;
    while (!drained
        && messages < lane.maxMessages()
        && bytes < lane.maxBytes()
        && clock.instant().isBefore(deadline)) {
      ChunkFiller filling =
          new ChunkFiller(
              source, lane.maxMessages() - messages, lane.maxBytes() - bytes, clock, deadline);
      drained = filling.fill(receive);
      receive = First.WAITS;
      if (filling.messages() > 0) {
        StagedChunk chunk = stage(filling);
        long left = delete(filling.handles());
        observer.observe(new Observation.Staged(chunk, left));
        undeleted += left;
        chunks++;
        messages += filling.messages();
        bytes += filling.bytes();
      }
    }
    observer.observe(new Observation.Drained(lane.number(), drained));
    return new Extracted(
        lane.tick(), lane.number(), chunks, messages, bytes, undeleted, drained, false);
  }

  private StagedChunk stage(ChunkFiller filling) {
    ChunkId id = ChunkId.of(ids.get());
    ObjectKey key = layout.chunk(id, clock.instant());
    byte[] bytes = filling.finish();
    if (bucket.putIfAbsent(key, bytes) == Bucket.Put.ALREADY_EXISTS) {
      throw new IllegalStateException(key + " already exists, although its UUID is random");
    }
    StagedChunk chunk =
        new StagedChunk(
            id, key, filling.messages(), filling.bytes(), filling.oldest(), Sha256.of(bytes));
    ledger.stage(chunk);
    return chunk;
  }

  private long delete(List<String> handles) {
    List<List<String>> groups = new ArrayList<>();
    for (int from = 0; from < handles.size(); from += MessageSource.MAX_AT_ONCE) {
      groups.add(handles.subList(from, Math.min(from + MessageSource.MAX_AT_ONCE, handles.size())));
    }
    return InParallel.map(groups, this::deleteGroup).stream().mapToLong(n -> n).sum();
  }

  /// The chunk is staged, so a failed delete costs one more delivery and does not fail the lane.
  private int deleteGroup(List<String> handles) {
    try {
      return source.delete(handles);
    } catch (TransientFailure failed) {
      return handles.size();
    }
  }
}
