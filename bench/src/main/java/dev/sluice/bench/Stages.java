package dev.sluice.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.batch.Handover;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.examples.OrderEvents;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.layout.Layout;
import dev.sluice.load.Load;
import dev.sluice.local.LocalResources;
import dev.sluice.local.Ports;
import dev.sluice.local.StageSet;
import dev.sluice.operate.PackedLines;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.transform.Transform;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Runs the stages on the servers of [Servers] and prints their CPU time and peak memory.
///
/// `Stages SQS DYNAMODB S3 COMMAND …`, with the endpoints of the servers and one of these commands:
/// - `send EVENTS PACK`: sends events to the queue, `PACK` per message;
/// - `stage EVENTS PACK CHUNK`: stages chunks of `CHUNK` messages without the queue;
/// - `run WARM-UP LIMIT`: runs Extract, Transform and Load until nothing is left, with at most
///   `LIMIT` messages per batch; the first `WARM-UP` batches are reported separately.
public final class Stages {
  private static final String PIPELINE = "orders";
  private static final int BYTES_PER_EVENT = 500;

  private Stages() {}

  public static void main(String[] arguments) throws Exception {
    LocalResources aws = aws(arguments);
    switch (arguments[3]) {
      case "send" -> send(aws, Long.parseLong(arguments[4]), Integer.parseInt(arguments[5]));
      case "stage" ->
          stage(
              aws,
              Long.parseLong(arguments[4]),
              Integer.parseInt(arguments[5]),
              Integer.parseInt(arguments[6]));
      case "run" -> run(aws, Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
      default -> throw new IllegalArgumentException(arguments[3]);
    }
  }

  /// The resources on the servers of the first three arguments: SQS, DynamoDB, S3.
  static LocalResources aws(String[] arguments) {
    return new LocalResources(
        new Endpoints(
            URI.create(arguments[0]), URI.create(arguments[1]), URI.create(arguments[2])));
  }

  /// The pipeline `orders` with at most `maxMessages` messages and 4 GiB per batch.
  static Pipeline pipeline(long maxMessages) throws PipelineProblems {
    Pipeline p = new PipelineFolder(Path.of("pipelines", PIPELINE)).load();
    return new Pipeline(
        p.name(),
        p.every(),
        new Pipeline.Limits(maxMessages, 4L << 30),
        p.source(),
        p.event(),
        p.remember(),
        p.references(),
        p.tables(),
        p.metrics(),
        p.alarms(),
        p.description(),
        p.digest());
  }

  /// Message bodies with `pack` events of about 500 bytes each, `events` in total.
  static Iterator<String> bodies(long events, int pack) {
    Instant now = Instant.now();
    OrderEvents orders = new OrderEvents(7, UUID.randomUUID().toString().substring(0, 8), now);
    return new PackedLines(
        LongStream.range(0, events).mapToObj(_ -> padded(orders.next())).iterator(), pack);
  }

  private static String padded(String event) {
    return event.length() + 12 >= BYTES_PER_EVENT || !event.endsWith("}")
        ? event
        : event.substring(0, event.length() - 1)
            + ",\"note\":\""
            + "x".repeat(BYTES_PER_EVENT - 12 - event.length())
            + "\"}";
  }

  private static void send(LocalResources aws, long events, int pack) {
    long start = System.nanoTime();
    long messages = aws.sink(PIPELINE).send(bodies(events, pack));
    System.out.printf(
        "sent %,d events in %,d messages in %.1f s%n",
        events, messages, (System.nanoTime() - start) / 1e9);
  }

  private static void stage(LocalResources aws, long events, int pack, int messagesPerChunk) {
    Iterator<String> bodies = bodies(events, pack);
    Layout layout = new Layout(PIPELINE);
    while (bodies.hasNext()) {
      ChunkWriter chunk = new ChunkWriter();
      while (bodies.hasNext() && chunk.messages() < messagesPerChunk) {
        chunk.add(new Envelope(UUID.randomUUID().toString(), Instant.now(), bodies.next()));
      }
      ChunkId id = ChunkId.of(UUID.randomUUID());
      ObjectKey key = layout.chunk(id, Instant.now());
      byte[] bytes = chunk.finish();
      aws.bucket().putIfAbsent(key, bytes);
      aws.ledger(PIPELINE)
          .stage(
              new StagedChunk(
                  id, key, chunk.messages(), chunk.bytes(), chunk.oldest(), Sha256.of(bytes)));
    }
  }

  private static void run(LocalResources aws, int warmUp, long maxMessages) throws Exception {
    Pipeline pipeline = pipeline(maxMessages);
    StageSet stages =
        new StageSet(
            pipeline,
            new Ports(
                aws.source(PIPELINE),
                aws.bucket(),
                aws.ledger(PIPELINE),
                reference -> aws.reference(pipeline, reference)),
            new DuckDbEngine(System.getProperty("engine.memory", "250MB")),
            Files.createTempDirectory("bench"),
            _ -> {},
            Clock.systemUTC(),
            UUID::randomUUID);
    Extract extract = stages.extract();
    Transform transform = stages.transform();
    Load load = stages.load();
    Map<String, Long> cpu = new TreeMap<>();
    long events = 0;
    int batches = 0;
    double compiled = 0;
    boolean more = true;
    while (more) {
      long start = cpuNanos();
      Extracted extracted =
          extract.run(new Lane("bench", 0, maxMessages, 4L << 30, Duration.ofMinutes(10)));
      start = lap(cpu, "1 extract", start);
      Handover handover = transform.run("bench", Duration.ofMinutes(10));
      start = lap(cpu, "2 transform", start);
      more = extracted.messages() > 0;
      if (handover.action() == Handover.Action.COMMIT) {
        var loaded = load.run(handover);
        lap(cpu, "3 load", start);
        events += loaded.received();
        more |= loaded.more();
        batches++;
        if (batches == warmUp) {
          report("first " + batches + " batches", cpu, compilerSeconds(), events);
          compiled = compilerSeconds();
          cpu.clear();
          events = 0;
        }
      }
    }
    report((batches - warmUp) + " batches", cpu, compilerSeconds() - compiled, events);
    System.out.println("peak memory: " + memory("VmHWM"));
  }

  private static long lap(Map<String, Long> cpu, String stage, long start) {
    long now = cpuNanos();
    cpu.merge(stage, now - start, Long::sum);
    return now;
  }

  private static void report(String batches, Map<String, Long> cpu, double compiling, long events) {
    System.out.printf("%s, %,d events; CPU seconds per million events:", batches, events);
    cpu.forEach((stage, nanos) -> System.out.printf("  %s %.1f", stage, nanos / 1e3 / events));
    System.out.printf(
        "  total %.1f, of which JIT compilers %.1f%n",
        cpu.values().stream().mapToLong(n -> n).sum() / 1e3 / events, compiling * 1e6 / events);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// CPU seconds of the JIT compilers so far, from the fields utime and stime of proc(5), which are
  /// in hundredths of a second.
  private static double compilerSeconds() throws IOException {
    double ticks = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
      }
    }
    return ticks / 100;
  }

  /// A memory field of this process in proc(5): `VmHWM` is the peak, `VmRSS` the current value.
  static String memory(String field) {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return status
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB")
          .findFirst()
          .orElse("unknown");
    } catch (IOException noProc) {
      return "unknown";
    }
  }
}
