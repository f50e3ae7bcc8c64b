package dev.sluice.deployment;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.integration.Orders;
import dev.sluice.ledger.Ledger;
import dev.sluice.load.Load;
import dev.sluice.local.Ports;
import dev.sluice.local.StageSet;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.queue.MessageSource;
import dev.sluice.reference.ReferenceTable;
import dev.sluice.tick.Executions;
import dev.sluice.transform.Transform;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// Runs the three stages of the pipeline `orders` with DuckDB and in-memory ports, and records
/// every call of each stage to a port.
final class RecordedCalls {
  final MemoryQueue queue;
  final List<Call> calls = Collections.synchronizedList(new ArrayList<>());

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-10T12:00:00Z"));
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();
  private final Pipeline pipeline;
  private final Path scratch;

  /// @param port the simple name of the interface
  record Call(String stage, String port, String method, List<ObjectKey> keys) {}

  RecordedCalls(Path scratch) throws PipelineProblems {
    this.pipeline = new PipelineFolder(Path.of("../pipelines/orders")).load();
    this.scratch = scratch;
    this.queue = new MemoryQueue(clock, Duration.ofMinutes(2));
  }

  /// Sends a valid order, payment and shipment, and invalid text, in one message each.
  RecordedCalls send(String id) {
    Instant at = clock.instant().minusSeconds(60);
    Stream.of(
            Orders.order("o-" + id, "c-1", "1.00", at),
            Orders.payment("p-" + id, at),
            Orders.shipment("s-" + id, at),
            "no JSON")
        .forEach(queue::send);
    return this;
  }

  /// The start of a tick.
  void extract() {
    Executions executions = recorded(Executions.class, (_, _) -> {}, "extract");
    stages("extract", new Faults()).starter(executions, Duration.ofSeconds(20), 4).run("tick");
  }

  Transform transform(Faults faults) {
    return stages("transform", faults).transform();
  }

  /// A reference table of `orders`, with one rate.
  static ReferenceTable table(Reference reference) {
    MemoryReferenceTable table = new MemoryReferenceTable(reference.key());
    if (reference.name().equals("rates")) {
      table.put(Stream.of(Map.of("currency", "EUR", "rate", "1.08")));
    }
    return table;
  }

  Load load(Faults faults) {
    return stages("load", faults).load();
  }

  private StageSet stages(String stage, Faults faults) {
    return new StageSet(
        pipeline,
        new Ports(
            recorded(MessageSource.class, queue, stage),
            new FaultyBucket(recorded(Bucket.class, bucket, stage), faults),
            new FaultyLedger(recorded(Ledger.class, ledger, stage), faults),
            reference -> recorded(ReferenceTable.class, table(reference), stage)),
        new DuckDbEngine("200MB"),
        scratch,
        _ -> {},
        clock,
        UUID::randomUUID);
  }

  private <T> T recorded(Class<T> port, T real, String stage) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              Stream<Object> all = arguments == null ? Stream.of() : Arrays.stream(arguments);
              List<ObjectKey> keys =
                  all.filter(ObjectKey.class::isInstance).map(ObjectKey.class::cast).toList();
              calls.add(new Call(stage, port.getSimpleName(), method.getName(), keys));
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            }));
  }
}
