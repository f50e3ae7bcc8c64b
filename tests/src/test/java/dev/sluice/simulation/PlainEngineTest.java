package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plain engine must return what DuckDB returns, batch after batch: rows, reasons, counts,
/// metrics, and the seen and cover files against which later batches are checked.
final class PlainEngineTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final int FIRST = Plan.COVER_INTERVAL - 3;
  private static final int LAST = Plan.COVER_INTERVAL + 2;

  private final long seed =
      Long.getLong("sluice.seed", ThreadLocalRandom.current().nextLong(1L << 40));

  @TempDir Path folder;

  @Test
  void equalsDuckDbOnTheEventsOfTheSimulation() throws Exception {
    Random random = new Random(seed);
    EventGenerator generator = new EventGenerator(random);
    Map<String, List<Map<String, String>>> references =
        Map.of("accounts", EventGenerator.ACCOUNTS, "rates", EventGenerator.rates());

    assertEqualsDuckDb(references, random, () -> generator.message(NOW).body(), 40);
  }

  @Test
  void equalsDuckDbOnEventsWithUnusualValues() throws Exception {
    Random random = new Random(seed);
    UnusualEvents events = new UnusualEvents(random, NOW);

    assertEqualsDuckDb(UnusualEvents.REFERENCES, random, events::body, 300);
  }

  @Test
  void failsLikeDuckDbWhenAnExpectationFails() throws Exception {
    EventGenerator generator = new EventGenerator(new Random(seed));
    Pipeline pipeline = new PipelineFolder(Simulation.pipeline()).load();
    for (int recalled = 1; recalled <= 5; recalled++) {
      List<Envelope> envelopes = new ArrayList<>();
      for (int i = 0; i < recalled; i++) {
        envelopes.add(new Envelope("m" + i, NOW, generator.recalled(NOW).body()));
        envelopes.add(new Envelope("copy of m" + i, NOW, envelopes.getLast().body()));
      }
      String expected = failure(duckDb(), pipeline, envelopes, recalled);

      assertThat(expected).contains("violated by %d of the events".formatted(recalled));
      assertThat(failure(plain(), pipeline, envelopes, recalled)).isEqualTo(expected);
      for (EngineUnderTest engine : List.of(plain(), duckDb())) {
        assertThat(
                engine
                    .run(Fixture.corrected(pipeline), Map.of(), envelopes, recalled)
                    .output
                    .warnings())
            .containsEntry("carts.recalled", (long) recalled);
      }
    }
  }

  private static String failure(
      EngineUnderTest engine, Pipeline pipeline, List<Envelope> envelopes, int sequence) {
    return String.valueOf(
        catchThrowableOfType(
                ExpectationFailed.class, () -> engine.run(pipeline, Map.of(), envelopes, sequence))
            .getMessage());
  }

  private EngineUnderTest plain() {
    return new EngineUnderTest(new PlainEngine(), PlainEngine::rows);
  }

  private EngineUnderTest duckDb() {
    return new EngineUnderTest(new DuckDbEngine("250MB"), new DuckDbRows(folder.resolve("reader")));
  }

  private void assertEqualsDuckDb(
      Map<String, List<Map<String, String>>> references,
      Random random,
      Supplier<String> bodies,
      int messagesPerBatch)
      throws Exception {
    Pipeline pipeline = new PipelineFolder(Simulation.pipeline()).load();
    EngineUnderTest plain = plain();
    EngineUnderTest duckDb = duckDb();
    List<Envelope> earlier = new ArrayList<>();
    for (int batch = FIRST; batch <= LAST; batch++) {
      List<Envelope> envelopes = new ArrayList<>();
      for (int i = 0; i < messagesPerBatch; i++) {
        boolean isCopy = !earlier.isEmpty() && random.nextInt(10) == 0;
        Envelope envelope =
            isCopy
                ? earlier.get(random.nextInt(earlier.size()))
                : new Envelope(
                    "m" + earlier.size(), NOW.plusMillis(earlier.size() / 3), bodies.get());
        envelopes.add(envelope);
        earlier.add(envelope);
      }
      Collections.shuffle(envelopes, random);

      Batch actual = plain.run(pipeline, references, envelopes, batch);
      Batch expected = duckDb.run(pipeline, references, envelopes, batch);

      String what = "-Dsluice.seed=%d, batch %d".formatted(seed, batch);
      assertThat(actual.rows.keySet()).as(what).isEqualTo(expected.rows.keySet());
      expected.rows.forEach((file, rows) ->
          assertThat(actual.rows.get(file))
              .as("%s, %s", what, file)
              .containsExactlyElementsOf(rows));
      assertThat(actual.output.counts()).as(what).isEqualTo(expected.output.counts());
      assertThat(actual.output.reasons()).as(what).isEqualTo(expected.output.reasons());
      assertThat(actual.output.warnings()).as(what).isEqualTo(expected.output.warnings());
      assertThat(actual.output.tables()).as(what).isEqualTo(expected.output.tables());
      assertThat(actual.output.messages()).as(what).isEqualTo(expected.output.messages());
      assertThat(metrics(actual.output)).as(what).isEqualTo(metrics(expected.output));
    }
  }

  /// The detail of an event that is not JSON is the message of the parser.
  private static String withoutParserMessage(Map<String, String> row) {
    Map<String, String> sorted = new TreeMap<>(row);
    if ("not_json".equals(sorted.get("reason"))) {
      sorted.remove("detail");
    }
    return sorted.toString();
  }

  private static Map<String, Optional<BigDecimal>> metrics(Output output) {
    return output.metrics().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                m -> m.getValue().map(v -> new BigDecimal(v).setScale(9, RoundingMode.HALF_UP)),
                (a, _) -> a,
                TreeMap::new));
  }

  /// @param rows by file, sorted
  private record Batch(Output output, Map<String, List<String>> rows) {}

  /// One engine, and the seen files that it has written.
  private final class EngineUnderTest {
    private final Engine engine;
    private final Fixture.Rows reader;
    private final List<Path> messages = new ArrayList<>();
    private final List<Path> events = new ArrayList<>();

    EngineUnderTest(Engine engine, Fixture.Rows reader) {
      this.engine = engine;
      this.reader = reader;
    }

    Batch run(
        Pipeline pipeline,
        Map<String, List<Map<String, String>>> references,
        List<Envelope> envelopes,
        int sequence)
        throws Exception {
      Path work =
          Files.createDirectories(
              folder.resolve(engine.version().replace(' ', '-')).resolve("batch-" + sequence));
      ChunkWriter writer = new ChunkWriter();
      envelopes.forEach(writer::add);
      Path chunk = work.resolve("chunk");
      Files.write(chunk, writer.finish());
      StagedChunk staged =
          new StagedChunk(
              ChunkId.of(new UUID(1, sequence)),
              new ObjectKey("raw/c"),
              envelopes.size(),
              1,
              NOW,
              Sha256.of(chunk));
      Plan plan =
          new Plan(
              PlanId.of(new UUID(0, sequence)),
              pipeline.name(),
              sequence,
              "digest",
              List.of(staged),
              List.of(),
              List.of(),
              List.of(),
              List.of());
      Output output =
          engine.run(
              new Input(
                  pipeline,
                  plan,
                  List.of(new LocalChunk(staged.id(), chunk)),
                  new UnsavedReferences(references),
                  new Seen(
                      List.copyOf(messages),
                      List.copyOf(events),
                      plan.covers() ? List.copyOf(messages) : List.of(),
                      plan.covers() ? List.copyOf(events) : List.of()),
                  work));
      if (plan.covers()) {
        messages.clear();
        events.clear();
      }
      String cover = plan.covers() ? "-cover" : "";
      messages.add(work.resolve("seen/messages" + cover + ".parquet"));
      events.add(work.resolve("seen/events" + cover + ".parquet"));
      Map<String, List<String>> rows = new TreeMap<>();
      for (LocalFile file : output.files()) {
        rows.put(
            file.table() + "/" + file.partition(),
            reader.of(Files.readAllBytes(file.path())).stream()
                .map(PlainEngineTest::withoutParserMessage)
                .sorted()
                .toList());
      }
      return new Batch(output, rows);
    }
  }

  /// References whose rows are not saved by attempts.
  private record UnsavedReferences(Map<String, List<Map<String, String>>> rows)
      implements Engine.References {
    @Override
    public Optional<Path> saved(Reference reference) {
      return Optional.empty();
    }

    @Override
    public List<Map<String, String>> rows(Reference reference, List<String> keys) {
      List<Map<String, String>> all = rows.getOrDefault(reference.name(), List.of());
      Function<Map<String, String>, String> key = row -> String.valueOf(row.get(reference.key()));
      return reference.keys().isEmpty()
          ? all
          : all.stream().filter(row -> keys.contains(key.apply(row))).toList();
    }

    @Override
    public Path save(Reference reference, Path file) {
      return file;
    }
  }
}
