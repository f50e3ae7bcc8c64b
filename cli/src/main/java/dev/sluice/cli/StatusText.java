package dev.sluice.cli;

import dev.sluice.batch.Receipt;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import dev.sluice.operate.PipelineStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The output of `sluice status`.
final class StatusText {
  private static final String LINE = "  %-14s %s%n";
  private static final int MAX_REASONS = 4;

  private StatusText() {}

  static void print(List<PipelineStatus> all, String where, Rows.Format format, PrintWriter out) {
    if (format == Rows.Format.JSON) {
      out.println(all.stream().map(StatusText::json).collect(Collectors.joining(",\n ", "[", "]")));
    } else {
      all.forEach(status -> print(status, where, out));
    }
    out.flush();
  }

  private static void print(PipelineStatus status, String where, PrintWriter out) {
    out.printf("%s on %s, %s%n", status.pipeline(), where, Terminal.clock(status.at()));
    out.printf(LINE, "last tick", status.lastTick().map(at -> ago(status, at)).orElse("unknown"));
    out.printf(LINE, "queue", queue(status));
    out.printf(
        LINE,
        "staged",
        "%,d chunks, %,d messages".formatted(status.stagedChunks(), status.stagedMessages()));
    out.printf(LINE, "open plan", openPlan(status));
    out.printf(LINE, "last batch", status.lastBatch().map(r -> batch(status, r)).orElse("none"));
    out.printf(LINE, "tables", tables(status));
    out.printf(LINE, "quarantined", quarantined(status));
    out.printf(LINE, "parked", "%,d chunks".formatted(status.parked().size()));
    out.printf(LINE, "state", status.isStopped() ? "STOPPED" : "running");
    status.warnings().forEach(warning -> out.printf(LINE, "WARNING", warning));
    status.actions().forEach(action -> out.printf(LINE, "TO DO", action));
    out.println();
  }

  private static String ago(PipelineStatus status, Instant at) {
    return Terminal.duration(Duration.between(at, status.at())) + " ago";
  }

  private static String queue(PipelineStatus status) {
    String oldest =
        status.queue().total() == 0
            ? ""
            : "; oldest sent "
                + status.queue().oldest().map(at -> ago(status, at)).orElse("at an unknown time");
    return "%,d messages, %,d of them in flight%s"
        .formatted(status.queue().total(), status.queue().inFlight(), oldest);
  }

  private static String openPlan(PipelineStatus status) {
    return status
        .head()
        .open()
        .map(plan ->
            "batch %d, attempt %d%s"
                .formatted(
                    status.head().sequence() + 1,
                    plan.attempts(),
                    plan.error().isEmpty() ? "" : ": " + plan.error()))
        .orElse("none");
  }

  private static String batch(PipelineStatus status, Receipt receipt) {
    return "%d, published %s, lag %s"
        .formatted(
            receipt.manifest().sequence(),
            ago(status, receipt.publishedAt()),
            status.lag().map(Terminal::duration).orElse("unknown"));
  }

  private static String tables(PipelineStatus status) {
    return status.freshness().isEmpty()
        ? "none loaded"
        : status.freshness().entrySet().stream()
            .map(table -> table.getKey() + " " + ago(status, table.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String quarantined(PipelineStatus status) {
    long total = status.quarantined().values().stream().mapToLong(n -> n).sum();
    String reasons = BatchLines.counts(status.quarantined(), MAX_REASONS);
    return "%,d events in the last hour%s"
        .formatted(total, reasons.isEmpty() ? "" : ": " + reasons);
  }

  private static String json(PipelineStatus status) {
    List<Json.Field> fields = new ArrayList<>();
    fields.add(Json.field("pipeline", status.pipeline()));
    fields.add(Json.field("at", status.at().toString()));
    fields.add(Json.field("last_tick", time(status.lastTick())));
    fields.add(Json.field("queue_visible", status.queue().visible()));
    fields.add(Json.field("queue_in_flight", status.queue().inFlight()));
    fields.add(Json.field("oldest_message", time(status.queue().oldest())));
    fields.add(Json.field("staged_chunks", status.stagedChunks()));
    fields.add(Json.field("staged_messages", status.stagedMessages()));
    status
        .head()
        .open()
        .ifPresent(plan ->
            fields.add(
                Json.field(
                    "open_plan",
                    Json.object(
                        Json.field("plan", plan.id().value()),
                        Json.field("attempts", plan.attempts()),
                        Json.field("error", plan.error())))));
    fields.add(Json.field("committed", status.head().sequence()));
    fields.add(Json.field("published", status.head().published()));
    fields.add(Json.field("last_batch_at", time(status.lastBatch().map(Receipt::publishedAt))));
    fields.add(
        Json.field(
            "lag_ms",
            status.lag().<Json>map(lag -> Json.of(lag.toMillis())).orElse(new Json.Null())));
    fields.add(
        Json.field(
            "tables",
            new Json.Obj(
                status.freshness().entrySet().stream()
                    .map(t -> Json.field(t.getKey(), t.getValue().toString()))
                    .toList())));
    fields.add(
        Json.field(
            "quarantined_last_hour",
            new Json.Obj(
                status.quarantined().entrySet().stream()
                    .map(r -> Json.field(r.getKey(), r.getValue()))
                    .toList())));
    fields.add(
        Json.field(
            "parked",
            Json.array(status.parked().stream().map(StatusText::id).<Json>map(Json::of).toList())));
    fields.add(Json.field("stopped", Json.of(status.isStopped())));
    fields.add(
        Json.field(
            "warnings", Json.array(status.warnings().stream().<Json>map(Json::of).toList())));
    fields.add(
        Json.field("actions", Json.array(status.actions().stream().<Json>map(Json::of).toList())));
    return JsonText.of(new Json.Obj(fields));
  }

  private static String id(ParkedChunk parked) {
    return parked.chunk().id().value();
  }

  private static Json time(Optional<Instant> at) {
    return at.<Json>map(t -> Json.of(t.toString())).orElse(new Json.Null());
  }
}
