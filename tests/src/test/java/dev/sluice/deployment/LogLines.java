package dev.sluice.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine;
import dev.sluice.extract.Lane;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.SettableClock;
import dev.sluice.integration.Orders;
import dev.sluice.local.Ports;
import dev.sluice.local.StageSet;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.runtime.StageLog;
import dev.sluice.runtime.StageLog.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The log lines of the three functions for a batch, an idle tick, an engine that violates an
/// invariant until a chunk is parked, and an unexpected exception.
final class LogLines {
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final SettableClock clock = new SettableClock(NOON);
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();
  private final MemoryQueue queue = new MemoryQueue(clock, Duration.ofMinutes(1));
  private final Pipeline pipeline;
  private final Path scratch;

  private LogLines(Path scratch) throws PipelineProblems {
    this.pipeline = new PipelineFolder(Path.of("../pipelines/orders")).load();
    this.scratch = scratch;
  }

  static List<JsonNode> of(Path scratch) throws PipelineProblems {
    LogLines lines = new LogLines(scratch);
    Engine engine = new DuckDbEngine("200MB");
    lines.tick(
        engine, Orders.order("o-1", "c-1", "1.00", NOON), Orders.payment("p-1", NOON), "bad");
    lines.tick(engine);
    for (int i = 0; i < 4; i++) {
      lines.tick(new FaultyCounts(engine, LogLines::oneMoreReceived), "more");
    }
    lines.tick(
        new FaultyCounts(
            engine,
            _ -> {
              throw new IllegalStateException("unexpected");
            }),
        "and more");
    JsonMapper json = new JsonMapper();
    return lines.out.toString(UTF_8).lines().map(json::readTree).toList();
  }

  private void tick(Engine engine, String... bodies) {
    List.of(bodies).forEach(queue::send);
    Lane lane = new Lane("tick", 0, 1000, 1 << 20, Duration.ofSeconds(30));
    StageLog log = log(Stage.EXTRACT);
    log.run("tick", "request", () -> stages(engine, log).extract().run(lane));
    try {
      Handover handover = transform(engine, log(Stage.TRANSFORM));
      if (handover.action() == Handover.Action.COMMIT) {
        load(engine, handover, log(Stage.LOAD));
      }
    } catch (SluiceFailure | IllegalStateException logged) {
      // The log lines contain it.
    }
  }

  private Handover transform(Engine engine, StageLog log) {
    return log.run(
        "tick",
        "request",
        () -> stages(engine, log).transform().run("tick", Duration.ofMinutes(15)));
  }

  private void load(Engine engine, Handover handover, StageLog log) {
    log.run("tick", "request", () -> stages(engine, log).load().run(handover));
  }

  private StageSet stages(Engine engine, StageLog log) {
    Ports ports = new Ports(queue, bucket, ledger, RecordedCalls::table);
    return new StageSet(pipeline, ports, engine, scratch, log, clock, UUID::randomUUID);
  }

  private StageLog log(Stage stage) {
    return new StageLog(
        stage, "stack", pipeline.name(), 1024, clock, new PrintStream(out, true, UTF_8));
  }

  private static Counts oneMoreReceived(Counts c) {
    return new Counts(c.received() + 1, c.loaded(), c.quarantined(), c.duplicate(), c.filtered());
  }

  /// Changes the counts of an engine.
  private record FaultyCounts(Engine engine, UnaryOperator<Counts> change) implements Engine {
    @Override
    public String version() {
      return engine.version();
    }

    @Override
    public Output run(Input work) {
      Output o = engine.run(work);
      return new Output(
          o.messages(),
          change.apply(o.counts()),
          o.reasons(),
          o.warnings(),
          o.tables(),
          o.files(),
          o.metrics(),
          o.took());
    }
  }
}
