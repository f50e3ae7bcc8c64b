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
import java.util.stream.Stream;
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

  private void assertEqualsDuckDb(
      Map<String, List<Map<String, String>>> references,
      Random random,
      Supplier<String> bodies,
      int messagesPerBatch)
      throws Exception {
    Pipeline pipeline = new PipelineFolder(Simulation.pipeline()).load();
    EngineUnderTest plain = new EngineUnderTest(new PlainEngine(), PlainEngine::rows);
    EngineUnderTest duckDb =
        new EngineUnderTest(new DuckDbEngine("250MB"), new DuckDbRows(folder.resolve("reader")));
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

  /// Events with several unusual values each, so that many of them break more than one rule.
  private static final class UnusualEvents {
    static final Map<String, List<Map<String, String>>> REFERENCES =
        Map.of(
            "accounts",
            List.of(
                Map.of("account", "a1", "country", "DE", "level", "gold"),
                Map.of("account", "a2", "level", "basic"),
                Map.of("account", "a'3", "country", "Österreich"),
                Map.of("account", "7")),
            "rates",
            List.of(
                Map.of("currency", "USD", "rate", "1"),
                Map.of("currency", "EUR", "rate", "1.083500"),
                Map.of("currency", "KWD", "rate", "3.254321"),
                Map.of("currency", "GBP")));

    private static final List<String> USUAL_IDS = List.of("\"v%d\"");
    private static final List<String> IDS = List.of("\"  v%d \"", "%d", "\"\"", "null", "\"v1\"");
    private static final List<String> USUAL_TIMES =
        List.of("\"2026-01-01T00:30:00Z\"", "\"2025-12-31T23:59:59.123456Z\"");
    private static final List<String> TIMES =
        List.of(
            "\"2026-01-01T01:30:00.5+02:00\"",
            "\"2026-01-01T00:30Z\"",
            "\"2026-01-01T00:30:00\"",
            "\"2025-01-01T00:00:00Z\"",
            "\"2026-01-01T05:00:00Z\"",
            "\"today\"",
            "1767225600",
            "null");
    private static final List<String> USUAL_CODES = List.of("\"c1\"", "\"c2\"", "\"Köln\"");
    private static final List<String> CODES = List.of("\" c3 \"", "12.50", "true", "\" \"", "null");
    private static final List<String> USUAL_ACCOUNTS = List.of("\"a1\"", "\"a2\"", "\"a4\"");
    private static final List<String> ACCOUNTS =
        List.of("\" a1 \"", "\"a'3\"", "7", "\"A1\"", "false", "[]", "null");
    private static final List<String> USUAL_METHODS = List.of("\"card\"", "\"cash\"");
    private static final List<String> METHODS = List.of("\"barter\"", "\"Card\"", "{}", "null");
    private static final List<String> USUAL_CURRENCIES = List.of("\"USD\"", "\"EUR\"", "\"KWD\"");
    private static final List<String> CURRENCIES =
        List.of("\"eur\"", "\" usd \"", "\"GBP\"", "\"XXX\"", "978", "null");
    private static final List<String> USUAL_AMOUNTS = List.of("10.00", "\"30\"", "0.5");
    private static final List<String> AMOUNTS =
        List.of(
            "-12.5",
            "-0.00",
            "\"007.5\"",
            "12.345",
            "1e3",
            "\"12,50\"",
            "\" 9.99 \"",
            "9999999999999999.99",
            "12345678901234567",
            "true",
            "{\"value\": 1}",
            "null");
    private static final List<String> USUAL_PLACES = List.of("{\"name\": \"Köln\"}");
    private static final List<String> PLACES =
        List.of(
            "{\"name\": \" Paris, \\\"Nord\\\" \"}",
            "{\"name\": 5}",
            "{\"name\": null}",
            "{\"name\": {\"first\": \"x\"}}",
            "\"Rome\"",
            "{}",
            "null");
    private static final List<String> USUAL_MINUTES = List.of("30", "\"45\"");
    private static final List<String> MINUTES =
        List.of("\"007\"", "-5", "1.0", "\"1_000\"", "999999999999999999", "1e18", "[1]", "null");

    private final Random random;
    private final Instant now;
    private final List<String> earlier = new ArrayList<>();
    private int generated;

    UnusualEvents(Random random, Instant now) {
      this.random = random;
      this.now = now;
    }

    /// The body of a message.
    String body() {
      List<String> events = Stream.generate(this::event).limit(1 + random.nextInt(3)).toList();
      return switch (random.nextInt(6)) {
        case 0 -> "[" + String.join(",", events) + "]";
        case 1 -> "\n" + String.join("\n\n", events) + "\n";
        default -> String.join("\n", events);
      };
    }

    private String event() {
      if (!earlier.isEmpty() && random.nextInt(8) == 0) {
        String again = earlier.get(random.nextInt(earlier.size()));
        return random.nextBoolean() ? again : again.replaceFirst("c[12]", "other");
      }
      String type = List.of("sale", "sale", "visit").get(random.nextInt(3));
      String fields =
          Stream.of(
                  field("event_id", USUAL_IDS, IDS).formatted(++generated),
                  field("occurred_at", USUAL_TIMES, TIMES),
                  field("code", USUAL_CODES, CODES),
                  type.equals("sale") ? sale() : visit())
              .filter(field -> !field.isEmpty())
              .collect(Collectors.joining(", "));
      String event = "{\"type\": \"%s\", %s}".formatted(type, fields);
      event =
          switch (random.nextInt(40)) {
            case 0 -> event.substring(0, event.length() - 1 - random.nextInt(20)) + "x";
            case 1 -> event.replace("\"type\"", "\"kind\"");
            case 2 -> event.replace("\"" + type + "\"", "\" " + type + " \"");
            case 3 -> event.replace("\"" + type + "\"", "\"" + now + "\"");
            case 4 -> event.replaceFirst("\\{", "{\"type\": \"sale\", ");
            case 5 -> event.replaceFirst("\\{", "{\"extra\": {\"b\": [1.0, null], \"a\": \"x\"}, ");
            case 6 -> "\"" + type + "\"";
            case 7 -> event.replaceFirst("\\{", "{\"bad\": \"\\\\ud800\", ");
            default -> event;
          };
      earlier.add(event);
      return event;
    }

    private String sale() {
      return Stream.of(
              field("account", USUAL_ACCOUNTS, ACCOUNTS),
              field("method", USUAL_METHODS, METHODS),
              field("currency", USUAL_CURRENCIES, CURRENCIES),
              field("amount", USUAL_AMOUNTS, AMOUNTS))
          .filter(field -> !field.isEmpty())
          .collect(Collectors.joining(", "));
    }

    private String visit() {
      return Stream.of(
              field("place", USUAL_PLACES, PLACES), field("minutes", USUAL_MINUTES, MINUTES))
          .filter(field -> !field.isEmpty())
          .collect(Collectors.joining(", "));
    }

    /// Mostly a usual value, sometimes an unusual one, and rarely no field at all.
    private String field(String name, List<String> usual, List<String> unusual) {
      int choice = random.nextInt(24);
      if (choice == 0) {
        return "";
      }
      List<String> values = choice < 5 ? unusual : usual;
      return "\"" + name + "\": " + values.get(random.nextInt(values.size()));
    }
  }
}
