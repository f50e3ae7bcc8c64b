package dev.sluice.extract;

import dev.sluice.extract.ChunkFiller.First;
import dev.sluice.ledger.Ledger;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.queue.MessageSource;
import dev.sluice.tick.Executions;

/// The start of a tick, when the schedule invokes Extract: stages at most one chunk, and starts the
/// execution of the tick if there is anything to do for it.
///
/// Most invocations of a pipeline with few events end here: an idle tick is two reads of the ledger
/// and a few receives that do not wait.
public final class TickStarter {
  private final Extract extract;
  private final MessageSource source;
  private final Ledger ledger;
  private final Executions executions;
  private final Observer observer;
  private final Lane first;
  private final int maxLanes;

  /// @param share the limits of a lane
  /// @param maxLanes the maximum number of lanes of an execution
  public TickStarter(
      Extract extract,
      MessageSource source,
      Ledger ledger,
      Executions executions,
      Observer observer,
      Lane share,
      int maxLanes) {
    this.extract = extract;
    this.source = source;
    this.ledger = ledger;
    this.executions = executions;
    this.observer = observer;
    this.first = share.ofOneChunk();
    this.maxLanes = maxLanes;
  }

  /// Starts a tick. It can be started again: its execution is started once.
  ///
  /// @throws dev.sluice.failure.TransientFailure if a service fails. What was staged before is
  ///   processed: by the execution of this tick, or of the next one
  public Extracted run(String tick) {
    Backlog backlog = Backlog.read(ledger);
    Extracted extracted = extract(tick, backlog);
    observer.observe(new Observation.StagedCount(backlog.staged().size() + extracted.chunks()));
    boolean isQueueEmpty = extracted.drained() || extracted.paused();
    if (!isQueueEmpty || extracted.chunks() > 0 || backlog.hasWork()) {
      executions.start(tick, isQueueEmpty ? 0 : lanes());
    }
    return extracted;
  }

  private Extracted extract(String tick, Backlog backlog) {
    try {
      return extract.run(first.of(tick, 0), backlog, First.POLLS);
    } catch (RuntimeException failed) {
      startForStagedChunks(tick, failed);
      throw failed;
    }
  }

  /// If the queue or the bucket fails, the chunks that are staged are still processed.
  private void startForStagedChunks(String tick, RuntimeException failed) {
    try {
      if (Backlog.read(ledger).hasWork()) {
        executions.start(tick, 0);
      }
    } catch (RuntimeException another) {
      failed.addSuppressed(another);
    }
  }

  /// One lane for each full chunk that waits; at least one, because the number may be outdated.
  private int lanes() {
    long full = Math.ceilDiv(source.waiting(), first.maxMessages());
    return Math.clamp(full, 1, maxLanes);
  }
}
