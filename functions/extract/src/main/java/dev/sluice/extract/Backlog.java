package dev.sluice.extract;

import dev.sluice.chunk.StagedChunk;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import java.util.List;

/// What waits for Transform and Load when a lane starts.
record Backlog(Head head, List<StagedChunk> staged) {
  static Backlog read(Ledger ledger) {
    return new Backlog(ledger.head(), ledger.staged());
  }

  /// Whether Transform or Load has something to do.
  boolean hasWork() {
    return !staged.isEmpty() || head.hasOpenBatch();
  }
}
