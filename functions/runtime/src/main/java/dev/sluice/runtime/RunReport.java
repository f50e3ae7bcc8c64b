package dev.sluice.runtime;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Plan;
import dev.sluice.batch.Receipt;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.FailureText;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.failure.TransientFailure;
import dev.sluice.json.Json;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.runtime.StageLine.Unit;
import dev.sluice.runtime.StageLog.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Converts the observations of one run of a stage into the fields of its log line. A field is a
/// metric only if an alarm or a widget uses it, because each metric has a price; Logs Insights
/// reads the other fields.
final class RunReport implements Observer {
  private final Run run;
  private final RunCost cost;
  private final StageLine line;
  private Optional<Manifest> published = Optional.empty();

  /// The run that the lines are about.
  record Run(
      Stage stage, String stack, String pipeline, String tick, String request, Instant began) {
    /// A line with the fields that identify the run.
    StageLine line(Instant at) {
      StageLine line = new StageLine();
      // Lambda recognizes these two names and uses them.
      line.put("timestamp", at.toString());
      line.put("level", "INFO");
      line.put("stage", stage.label());
      line.put("stack", stack);
      line.put("pipeline", pipeline);
      line.put("tick", tick);
      line.put("request_id", request);
      return line;
    }
  }

  RunReport(Run run, RunCost cost) {
    this.run = run;
    this.cost = cost;
    this.line = run.line(run.began);
    line.put("heap_mb", Runtime.getRuntime().maxMemory() >> 20);
  }

  @Override
  public void observe(Observation observation) {
    switch (observation) {
      case Observation.Staged(StagedChunk chunk, long undeleted) -> staged(chunk, undeleted);
      case Observation.Drained(int lane, boolean empty) -> drained(lane, empty);
      case Observation.Paused(int lane, int staged) -> paused(lane, staged);
      case Observation.StagedCount(int chunks) -> count("staged", chunks);
      case Observation.ParkedCount(int chunks) -> count("parked", chunks);
      case Observation.Planned(Plan plan, AttemptId attempt) -> planned(plan, attempt);
      case Observation.Transformed(Manifest manifest) -> made(manifest);
      case Observation.Parked(ParkedChunk chunk) -> parked(chunk);
      case Observation.Decided(Handover handover) -> line.put("action", handover.action().name());
      case Observation.Published(Receipt receipt) -> published(receipt);
    }
  }

  private void staged(StagedChunk chunk, long undeleted) {
    line.add("chunks", chunk.id().value());
    line.add("messages", chunk.messages());
    line.add("bytes", chunk.bytes());
    line.add("undeleted", undeleted);
    // One receive and one delete request for ten messages. A chunk is one object and one ledger
    // item.
    cost.queueRequests(2 * ((chunk.messages() + 9L) / 10));
    cost.objectsWritten(1);
    cost.itemsWritten(1);
  }

  private void lane(int number) {
    line.put("lane", number);
    // The schedule invokes lane 0, the state machine the others.
    cost.transitions(number == 0 ? 0 : 1);
  }

  private void paused(int lane, int staged) {
    lane(lane);
    line.put("paused", Json.of(true));
    line.put("staged", staged);
  }

  private void drained(int lane, boolean empty) {
    lane(lane);
    line.put("drained", Json.of(empty));
    line.add("messages", 0);
    cost.queueRequests(1);
  }

  private void planned(Plan plan, AttemptId attempt) {
    line.put("batch", plan.sequence());
    line.put("plan", plan.id().value());
    line.put("attempt", attempt.value());
    plan.chunks().forEach(chunk -> line.add("chunks", chunk.id().value()));
    switch (run.stage) {
      // Objects: plan.json, the manifest, two seen files. Items: the lease, the seal, the
      // decrement of attempts.
      case TRANSFORM -> {
        cost.objectsWritten(4);
        cost.itemsWritten(3);
      }
      // The items of the commit, which count twice in a transaction; then `published` and the
      // lease.
      case LOAD -> cost.itemsWritten(2L * (plan.chunks().size() + 2) + 2);
      case EXTRACT -> {}
    }
  }

  private void made(Manifest manifest) {
    line.put("messages", manifest.messages());
    Counts counts = manifest.counts();
    line.put("received", counts.received());
    line.put("loaded", counts.loaded());
    line.put("quarantined", counts.quarantined());
    line.put("duplicate", counts.duplicate());
    line.put("filtered", counts.filtered());
    cost.objectsWritten(manifest.files().size());
  }

  private void parked(ParkedChunk chunk) {
    line.put("level", "ERROR");
    line.put("kind", "Parked");
    line.put("message", "a chunk was parked: " + chunk.error());
    line.put("chunks", chunk.chunk().id().value());
    // `parked` was counted at the start of the run, and the next run may be days later.
    count("parked", line.number("parked") + 1);
  }

  private void published(Receipt receipt) {
    Manifest what = receipt.manifest();
    published = Optional.of(what);
    line.put("batch", what.sequence());
    line.put("plan", what.plan().value());
    line.put("attempt", what.attempt().value());
    count("batches", 1);
    count("received", what.counts().received());
    line.put("loaded", what.counts().loaded());
    count("quarantined", what.counts().quarantined());
    line.put("duplicate", what.counts().duplicate());
    line.put("filtered", what.counts().filtered());
    line.put("bytes", what.bytes());
    Duration lag = Duration.between(what.oldest(), receipt.publishedAt());
    line.metric("lag", Unit.MILLISECONDS, Json.of(lag.toMillis()));
    // The files and the receipt.
    cost.objectsWritten(what.files().size() + 1L);
  }

  private void count(String name, long value) {
    line.metric(name, Unit.COUNT, Json.of(value));
  }

  /// An expected failure is described by its message. Any other failure gets a stack trace.
  void failed(Throwable failure) {
    line.put("level", failure instanceof TransientFailure ? "WARN" : "ERROR");
    line.put("kind", failure.getClass().getName());
    line.put("message", FailureText.of(failure));
    if (!(failure instanceof SluiceFailure)) {
      line.put("stack_trace", FailureText.stackOf(failure));
    }
    if (failure instanceof InvariantViolated) {
      count("invariants_violated", 1);
    }
  }

  /// A failure before the first run, after which the function works as well but starts slowly.
  void notPrimed(RuntimeException failure) {
    failed(failure);
    line.put("level", "WARN");
    line.put("message", "the function was not primed: " + FailureText.of(failure));
  }

  /// Ends the run and returns its lines.
  List<String> lines(Instant ended) {
    Duration took = Duration.between(run.began, ended);
    line.put("duration", took.toMillis());
    line.put("cost_usd", new Json.Num(String.format(Locale.ROOT, "%.9f", cost.dollars(took))));
    published.ifPresent(what -> what.metrics().forEach(this::own));
    List<String> lines = new ArrayList<>();
    lines.add(line.json(ended));
    published.ifPresent(what ->
        what.reasons().forEach((reason, count) -> lines.add(reason(what, reason, count, ended))));
    return lines;
  }

  /// A metric of the pipeline. Its name cannot be one of [dev.sluice.observe.ReservedMetrics].
  private void own(String name, Optional<String> value) {
    value.ifPresent(v -> line.metric(name, Unit.NONE, new Json.Num(v)));
  }

  private String reason(Manifest what, String reason, long count, Instant at) {
    StageLine of = run.line(at);
    of.put("batch", what.sequence());
    of.put("reason", reason);
    of.put("quarantined", count);
    return of.json(at);
  }
}
