package dev.sluice.operate;

import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The place where pipelines run: a local data folder or a deployed stack. Every operation works on
/// this interface, so that it works on both.
///
/// Each client or file is opened when it is first used. Methods throw
/// [dev.sluice.failure.TransientFailure] if a service fails.
public interface Environment extends AutoCloseable {
  /// The environment in messages, like `.sluice` or `stack sluice-orders`.
  String name();

  /// The options that select this environment in a `sluice` command, like ` --stack sluice-orders`;
  /// empty for the default.
  String options();

  /// The pipelines that have data here, sorted.
  List<String> pipelines();

  /// The objects of the bucket, as files.
  ObjectFiles objects();

  Ledger ledger(String pipeline);

  MessageSink queue(String pipeline);

  QueueState queueState(String pipeline);

  ReferenceTable reference(String pipeline, Reference reference);

  /// Whether a reference's table has no rows.
  boolean isEmpty(String pipeline, Reference reference);

  /// When the last tick started; empty if it is unknown.
  Optional<Instant> lastTick(String pipeline);

  /// Runs one tick and waits for its end.
  TickResult tick(String pipeline, TickListener listener);

  @Override
  void close();
}
