package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.sluice.examples.OrderEvents;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plain engine must give what DuckDB gives, batch after batch: rows, reasons, counts, metrics
/// and what the next batches are judged against, cover files among it.
final class PlainEngineTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final int FIRST = Plan.COVER_INTERVAL - 3;
  private static final int LAST = Plan.COVER_INTERVAL + 2;

  private final long seed =
      Long.getLong("sluice.seed", ThreadLocalRandom.current().nextLong(1L << 40));

  @TempDir Path folder;

  @Test
  void theShopsEvents() throws Exception {
    Random random = new Random(seed);
    EventGenerator shop = new EventGenerator(random);
    Map<String, List<Map<String, String>>> references =
        Map.of(
            "customers",
            EventGenerator.CUSTOMERS,
            "rates",
            EventGenerator.RATES.entrySet().stream()
                .map(r -> Map.of("currency", r.getKey(), "rate", r.getValue().toPlainString()))
                .toList());

    same(references, random, () -> shop.message(NOW).body(), 40);
  }

  @Test
  void madeUpOrders() throws Exception {
    OrderEvents shop = new OrderEvents(seed, "r", NOW);

    same(
        Map.of("customers", OrderEvents.customers(seed, NOW), "rates", OrderEvents.rates()),
        new Random(seed),
        shop::next,
        300);
  }

  private interface Bodies {
    String next();
  }

  private void same(
      Map<String, List<Map<String, String>>> references, Random random, Bodies bodies, int messages)
      throws Exception {
    Pipeline pipeline =
        new PipelineFolder(
                Path.of(System.getProperty("sluice.home", "..")).resolve("pipelines/orders"))
            .load();
    Side plain = new Side(new PlainEngine(), PlainEngine::rows);
    DuckDbRows reader = new DuckDbRows(folder.resolve("reader"));
    Side duckDb = new Side(new DuckDbEngine("250MB"), reader);
    List<Envelope> earlier = new ArrayList<>();
    for (int batch = FIRST; batch <= LAST; batch++) {
      List<Envelope> envelopes = new ArrayList<>();
      for (int i = 0; i < messages; i++) {
        boolean isCopy = !earlier.isEmpty() && random.nextInt(10) == 0;
        Envelope envelope =
            isCopy
                ? earlier.get(random.nextInt(earlier.size()))
                : new Envelope("m" + earlier.size(), NOW.plusMillis(earlier.size()), bodies.next());
        envelopes.add(envelope);
        earlier.add(envelope);
      }
      Batch ours = plain.run(pipeline, references, envelopes, batch);
      Batch theirs = duckDb.run(pipeline, references, envelopes, batch);
      String what = "-Dsluice.seed=%d, batch %d".formatted(seed, batch);
      assertThat(ours.rows).as(what).isEqualTo(theirs.rows);
      assertThat(ours.outcome.counts()).as(what).isEqualTo(theirs.outcome.counts());
      assertThat(ours.outcome.reasons()).as(what).isEqualTo(theirs.outcome.reasons());
      assertThat(ours.outcome.messages()).as(what).isEqualTo(theirs.outcome.messages());
      assertThat(numbers(ours.outcome)).as(what).isEqualTo(numbers(theirs.outcome));
    }
  }

  private static Map<String, Optional<BigDecimal>> numbers(Output outcome) {
    return outcome.metrics().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                m ->
                    m.getValue()
                        .map(v -> new BigDecimal(v).setScale(9, java.math.RoundingMode.HALF_UP)),
                (a, _) -> a,
                TreeMap::new));
  }

  /// @param rows by file, in any order
  private record Batch(Output outcome, Map<String, List<String>> rows) {}

  /// One engine, and the seen files that it has written.
  private final class Side {
    private final Engine engine;
    private final Fixture.Rows reader;
    private final List<Path> messages = new ArrayList<>();
    private final List<Path> events = new ArrayList<>();

    Side(Engine engine, Fixture.Rows reader) {
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
              "orders",
              sequence,
              "digest",
              List.of(staged),
              List.of(),
              List.of(),
              List.of(),
              List.of());
      Output outcome =
          engine.run(
              new Input(
                  pipeline,
                  plan,
                  List.of(new LocalChunk(staged.id(), chunk)),
                  new Given(references),
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
      for (LocalFile file : outcome.files()) {
        rows.put(
            file.table() + "/" + file.partition(),
            reader.of(Files.readAllBytes(file.path())).stream()
                .map(row -> new TreeMap<>(row).toString())
                .sorted()
                .toList());
      }
      return new Batch(outcome, rows);
    }
  }

  /// References that every attempt reads anew.
  private record Given(Map<String, List<Map<String, String>>> rows) implements Engine.References {
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
