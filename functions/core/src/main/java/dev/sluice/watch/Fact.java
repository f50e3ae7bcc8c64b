package dev.sluice.watch;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Plan;
import dev.sluice.batch.Receipt;
import dev.sluice.ledger.ParkedChunk;
import dev.sluice.ledger.StagedChunk;

/// Something that a stage saw or did.
public sealed interface Fact {
  /// Extract put a chunk into bucket and ledger, and deleted its messages from the queue.
  ///
  /// @param undeleted how many of them the queue will deliver again
  record Staged(StagedChunk chunk, long undeleted) implements Fact {}

  /// A lane came to its end.
  ///
  /// @param empty whether the queue had nothing more to give
  record Drained(int lane, boolean empty) implements Fact {}

  /// So many chunks are staged and not committed: when Transform begins, and when Load ends.
  record Waiting(int chunks) implements Fact {}

  /// So many chunks are parked, and wait for a person.
  record SetAside(int chunks) implements Fact {}

  /// A plan is worked on, or about to be committed.
  record Planned(Plan plan, AttemptId attempt) implements Fact {}

  /// An attempt is ready to be committed.
  record Made(Manifest manifest) implements Fact {}

  /// A chunk was taken out of the flow.
  record Parked(ParkedChunk chunk) implements Fact {}

  /// What Transform ends with.
  record Decided(Handover handover) implements Fact {}

  /// A batch is in the lake; told once for each batch at most, after its receipt.
  record Published(Receipt receipt) implements Fact {}
}
