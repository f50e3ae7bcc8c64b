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

/// Runs stages against the servers, and says what they cost.
///
/// `Stages SQS DYNAMODB S3 COMMAND …`, where a command is
/// - `send EVENTS PACK`: fills the queue;
/// - `stage EVENTS PACK CHUNK`: stages chunks of so many messages, past the queue;
/// - `run WARM-UP LIMIT`: extract, transform and load until nothing is left, with at most `LIMIT`
///   messages a batch; the first `WARM-UP` batches are reported apart.
public final class Stages {
  private static final String PIPELINE = "orders";
  private static final int BYTES_AN_EVENT = 500;

  private Stages() {}

  public static void main(String[] arguments) throws Exception {
    LocalResources cloud = cloud(arguments);
    switch (arguments[3]) {
      case "send" -> send(cloud, Long.parseLong(arguments[4]), Integer.parseInt(arguments[5]));
      case "stage" ->
          stage(
              cloud,
              Long.parseLong(arguments[4]),
              Integer.parseInt(arguments[5]),
              Integer.parseInt(arguments[6]));
      case "run" -> run(cloud, Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
      default -> throw new IllegalArgumentException(arguments[3]);
    }
  }

  /// The servers that the first three arguments name: SQS, DynamoDB, S3.
  static LocalResources cloud(String[] arguments) {
    return new LocalResources(
        new Endpoints(
            URI.create(arguments[0]), URI.create(arguments[1]), URI.create(arguments[2])));
  }

  /// The example pipeline with other limits.
  static Pipeline pipeline(long maxMessages) throws PipelineProblems {
    Pipeline p = new PipelineFolder(Path.of("pipelines", PIPELINE)).load();
    return new Pipeline(
        p.name(),
        p.every(),
        new Pipeline.Limits(maxMessages, 4L << 30),
        p.event(),
        p.remember(),
        p.references(),
        p.tables(),
        p.metrics(),
        p.digest());
  }

  static Iterator<String> bodies(long events, int pack) {
    Instant now = Instant.now();
    OrderEvents shop = new OrderEvents(7, UUID.randomUUID().toString().substring(0, 8), now);
    return new PackedLines(
        LongStream.range(0, events).mapToObj(_ -> padded(shop.next())).iterator(), pack);
  }

  private static String padded(String event) {
    return event.length() + 12 >= BYTES_AN_EVENT || !event.endsWith("}")
        ? event
        : event.substring(0, event.length() - 1)
            + ",\"note\":\""
            + "x".repeat(BYTES_AN_EVENT - 12 - event.length())
            + "\"}";
  }

  private static void send(LocalResources cloud, long events, int pack) {
    System.out.println("sent " + cloud.sink(PIPELINE).send(bodies(events, pack)) + " messages");
  }

  private static void stage(LocalResources cloud, long events, int pack, int messagesAChunk) {
    Iterator<String> bodies = bodies(events, pack);
    Layout layout = new Layout(PIPELINE);
    while (bodies.hasNext()) {
      ChunkWriter chunk = new ChunkWriter();
      while (bodies.hasNext() && chunk.messages() < messagesAChunk) {
        chunk.add(new Envelope(UUID.randomUUID().toString(), Instant.now(), bodies.next()));
      }
      ChunkId id = ChunkId.of(UUID.randomUUID());
      ObjectKey key = layout.chunk(id, Instant.now());
      byte[] bytes = chunk.finish();
      cloud.bucket().putIfAbsent(key, bytes);
      cloud
          .ledger(PIPELINE)
          .stage(
              new StagedChunk(
                  id, key, chunk.messages(), chunk.bytes(), chunk.oldest(), Sha256.of(bytes)));
    }
  }

  private static void run(LocalResources cloud, int warmUp, long maxMessages) throws Exception {
    Pipeline pipeline = pipeline(maxMessages);
    Clock clock = Clock.systemUTC();
    Path scratch = Files.createTempDirectory("bench");
    Extract extract =
        new Extract(
            PIPELINE,
            cloud.source(PIPELINE),
            cloud.bucket(),
            cloud.ledger(PIPELINE),
            _ -> {},
            clock,
            UUID::randomUUID);
    Transform transform =
        new Transform(
            pipeline,
            cloud.ledger(PIPELINE),
            cloud.bucket(),
            reference -> cloud.reference(pipeline, reference),
            new DuckDbEngine(System.getProperty("engine.memory", "250MB")),
            scratch,
            _ -> {},
            clock,
            UUID::randomUUID);
    Load load = new Load(PIPELINE, cloud.ledger(PIPELINE), cloud.bucket(), _ -> {}, clock);
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
          report("the first " + batches + " batches", cpu, compilerSeconds(), events);
          compiled = compilerSeconds();
          cpu.clear();
          events = 0;
        }
      }
    }
    report((batches - warmUp) + " batches", cpu, compilerSeconds() - compiled, events);
    System.out.println("at most " + memory("VmHWM"));
  }

  private static long lap(Map<String, Long> cpu, String stage, long start) {
    long now = cpuNanos();
    cpu.merge(stage, now - start, Long::sum);
    return now;
  }

  private static void report(String what, Map<String, Long> cpu, double compiling, long events) {
    System.out.printf("%s, %,d events; CPU seconds for a million:", what, events);
    cpu.forEach((stage, nanos) -> System.out.printf("  %s %.1f", stage, nanos / 1e3 / events));
    System.out.printf(
        "  all %.1f, of which the JVM's compilers %.1f%n",
        cpu.values().stream().mapToLong(n -> n).sum() / 1e3 / events, compiling * 1e6 / events);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// What the JIT compilers have used so far; proc(5) tells the fields, in hundredths of a second.
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

  /// Memory of this process, as proc(5) has it: `VmHWM` is the most it had, `VmRSS` what it has.
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
