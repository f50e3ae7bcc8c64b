package dev.sluice.operate;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.operate.Receipts.Stored;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Reads the state of a pipeline from its environment.
public final class StatusReader {
  private static final Duration RECENT = Duration.ofHours(1);

  private final Environment environment;
  private final PipelineSource pipelines;
  private final Clock clock;

  /// @param pipelines the folders of the pipelines, whose references are checked; a stack may have
  ///   none
  public StatusReader(Environment environment, PipelineSource pipelines, Clock clock) {
    this.environment = environment;
    this.pipelines = pipelines;
    this.clock = clock;
  }

  public PipelineStatus read(String pipeline) {
    Instant now = clock.instant();
    Ledger ledger = environment.ledger(pipeline);
    Head head = ledger.head();
    List<StagedChunk> staged = ledger.staged();
    List<ParkedChunk> parked = ledger.parked();
    Receipts receipts = new Receipts(environment.objects(), pipeline);
    List<Stored> recent = receipts.since(Optional.of(now.minus(RECENT)));
    Optional<Receipt> last =
        recent.isEmpty()
            ? receipts.last().map(Stored::receipt)
            : Optional.of(recent.getLast().receipt());
    return new PipelineStatus(
        pipeline,
        now,
        environment.lastTick(pipeline),
        environment.queueState(pipeline),
        staged.size(),
        staged.stream().mapToLong(StagedChunk::messages).sum(),
        head,
        last,
        freshness(recent, last),
        parked,
        sum(recent, Manifest::reasons),
        warnings(pipeline, recent),
        actions(pipeline, head, parked));
  }

  /// When each table was last loaded. If a table was not loaded in the last hour, the time of the
  /// last batch is used, if that batch has rows of the table.
  private static SortedMap<String, Instant> freshness(List<Stored> recent, Optional<Receipt> last) {
    SortedMap<String, Instant> freshness = new TreeMap<>();
    last.ifPresent(receipt -> addTables(freshness, receipt));
    recent.forEach(stored -> addTables(freshness, stored.receipt()));
    return freshness;
  }

  private static void addTables(SortedMap<String, Instant> freshness, Receipt receipt) {
    for (OutputFile file : receipt.manifest().files()) {
      if (!file.table().equals(OutputFile.QUARANTINE)) {
        freshness.put(file.table(), receipt.committedAt());
      }
    }
  }

  private static SortedMap<String, Long> sum(
      List<Stored> recent, Function<Manifest, SortedMap<String, Long>> counts) {
    SortedMap<String, Long> sum = new TreeMap<>();
    for (Stored stored : recent) {
      counts
          .apply(stored.receipt().manifest())
          .forEach((name, count) -> sum.merge(name, count, Long::sum));
    }
    return sum;
  }

  private List<String> warnings(String pipeline, List<Stored> recent) {
    List<String> warnings = new ArrayList<>();
    for (Reference reference :
        pipelines.readable(pipeline).map(Pipeline::references).orElse(List.of())) {
      emptiness(pipeline, reference).ifPresent(warnings::add);
    }
    sum(recent, Manifest::warnings)
        .forEach((name, count) -> warnings.add("%s: %,d in the last hour".formatted(name, count)));
    return warnings;
  }

  private Optional<String> emptiness(String pipeline, Reference reference) {
    try {
      return environment.isEmpty(pipeline, reference)
          ? Optional.of(
              "reference %s has no rows: load it with `sluice reference %s %1$s FILE%s`"
                  .formatted(reference.name(), pipeline, environment.options()))
          : Optional.empty();
    } catch (TransientFailure unreadable) {
      return Optional.of(
          "reference %s cannot be checked: %s"
              .formatted(reference.name(), unreadable.getMessage()));
    }
  }

  private List<String> actions(String pipeline, Head head, List<ParkedChunk> parked) {
    List<String> actions = new ArrayList<>();
    if (!parked.isEmpty()) {
      actions.add(
          "%d parked: `sluice parked %s%s` shows why; fix the cause, then `sluice unpark %2$s CHUNK%3$s`"
              .formatted(parked.size(), pipeline, environment.options()));
    }
    if (head.parkings() >= 2) {
      actions.add(
          "the pipeline is stopped, because two chunks in a row were parked; unpark a chunk to"
              + " continue");
    }
    head.open()
        .filter(plan -> !plan.error().isEmpty())
        .ifPresent(plan ->
            actions.add(
                "attempt %d at the open plan failed: %s".formatted(plan.attempts(), plan.error())));
    return actions;
  }
}
