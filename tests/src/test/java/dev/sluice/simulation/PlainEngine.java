package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.batch.Counts;
import dev.sluice.batch.OutputFile;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.engine.Engine;
import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.event.Reason;
import dev.sluice.pipeline.Pipeline.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The pipeline `orders` in plain Java: the same rows, counts and seen ids as its SQL gives on
/// DuckDB, in a tenth of the time. Its files are lines of JSON, whatever they are called; values
/// are the text that SQL casts them to.
final class PlainEngine implements Engine {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> TABLES =
      Map.of("order_placed", "orders", "payment", "payments", "shipment", "shipments");

  private final Set<Slip> slips;

  PlainEngine() {
    this(Set.of());
  }

  /// An engine with problems.
  PlainEngine(Set<Slip> slips) {
    this.slips = slips;
  }

  /// What an engine might get wrong within a batch.
  enum Slip {
    TAKES_COPIES,
    LOADS_REPEATED,
    IGNORES_CONTENT
  }

  @Override
  public String version() {
    return "plain 1";
  }

  @Override
  public Output run(Input work) {
    return new Batch(work, slips).run();
  }

  /// The rows of a file that this engine wrote.
  static List<Map<String, String>> rows(byte[] file) {
    return new String(file, UTF_8).lines().map(PlainEngine::row).toList();
  }

  private static Map<String, String> row(String line) {
    Map<String, String> row = new LinkedHashMap<>();
    JSON.readTree(line).properties().forEach(v -> row.put(v.getKey(), v.getValue().asString()));
    return row;
  }

  record Numbered(long n, Envelope envelope, Admission event) {}

  /// An event that SQL would see.
  record Judged(
      long n, Envelope envelope, Admitted event, Map<String, String> row, List<String> broken) {}

  private static final class Batch {
    private final Input work;
    private final Set<Slip> slips;
    private final Admitter admitter;
    private final Map<String, Map<String, String>> customers = new HashMap<>();
    private final Map<String, BigDecimal> rates = new HashMap<>();
    private final Set<UUID> messages = new TreeSet<>();
    private final SortedMap<String, Long> reasons = new TreeMap<>();
    private final List<Map<String, String>> quarantine = new ArrayList<>();
    private final Map<String, List<Map<String, String>>> tables = new TreeMap<>();
    private final Set<String> seenEvents = new TreeSet<>();
    private long read;
    private long received;
    private long copies;
    private long repeats;
    private long loaded;

    Batch(Input work, Set<Slip> slips) {
      this.work = work;
      this.slips = slips;
      this.admitter = new Admitter(work.pipeline().admissionRules());
    }

    Output run() {
      List<Numbered> events = admit();
      load(events);
      PlainRules rules = new PlainRules(customers, rates, work.plan().sequence());
      Map<Long, Map<String, String>> bad = new TreeMap<>();
      List<Judged> good = new ArrayList<>();
      for (Numbered numbered : events) {
        switch (numbered.event) {
          case Rejected rejected -> bad.put(numbered.n, quarantined(numbered, rejected));
          case Admitted admitted -> {
            Judged judged = rules.judge(numbered, admitted);
            if (judged.broken.isEmpty()) {
              good.add(judged);
            } else {
              bad.put(numbered.n, quarantined(judged, judged.broken, admitted.detail()));
            }
          }
        }
      }
      place(good, bad);
      bad.values()
          .forEach(row -> {
            quarantine.add(row);
            reasons.merge(String.valueOf(row.get("reason")), 1L, Long::sum);
          });
      writeSeen();
      return new Output(
          read,
          new Counts(received, loaded, quarantine.size(), copies + repeats, 0),
          reasons,
          new TreeMap<>(),
          List.of(),
          files(),
          metrics(),
          Map.of());
    }

    private List<Numbered> admit() {
      Set<UUID> earlier = ids(work.seen().messages());
      List<Numbered> events = new ArrayList<>();
      for (LocalChunk file : work.chunks()) {
        try (ChunkReader chunk = file.open()) {
          for (Optional<Envelope> e = chunk.next(); e.isPresent(); e = chunk.next()) {
            read++;
            UUID message = admitter.identity(e.get().messageId());
            boolean isFirst = messages.add(message) || slips.contains(Slip.TAKES_COPIES);
            boolean isCopy = !isFirst || earlier.contains(message);
            for (Admission event : admitter.admit(e.get())) {
              if (isCopy) {
                copies++;
              } else {
                events.add(new Numbered(received, e.get(), event));
              }
              received++;
            }
          }
        }
      }
      return events;
    }

    private static Set<UUID> ids(List<Path> files) {
      return lines(files).map(UUID::fromString).collect(Collectors.toSet());
    }

    private static Stream<String> lines(List<Path> files) {
      return files.stream().flatMap(file -> read(file).lines());
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    private void load(List<Numbered> events) {
      for (Reference reference : work.pipeline().references()) {
        Optional<Path> saved = work.references().saved(reference);
        Path file = saved.isPresent() ? saved.get() : save(reference, events);
        for (Map<String, String> row : rows(read(file).getBytes(UTF_8))) {
          if (reference.name().equals("rates")) {
            rates.put(
                String.valueOf(row.get("currency")),
                new BigDecimal(String.valueOf(row.get("rate"))));
          } else {
            customers.put(String.valueOf(row.get("customer_id")), row);
          }
        }
      }
    }

    private Path save(Reference reference, List<Numbered> events) {
      List<String> keys =
          events.stream()
              .map(Numbered::event)
              .flatMap(e ->
                  e instanceof Admitted a && a.type().equals("order_placed")
                      ? Stream.of(a)
                      : Stream.of())
              .map(a -> PlainRules.text(JSON.readTree(a.json()), "customer_id"))
              .flatMap(Stream::ofNullable)
              .distinct()
              .sorted()
              .toList();
      List<Map<String, String>> rows =
          work.references().rows(reference, reference.keys().isPresent() ? keys : List.of());
      Path file = work.folder().resolve("reference-" + reference.name() + ".parquet");
      write(file, rows.stream().map(TreeMap::new).map(JSON::writeValueAsString).sorted().toList());
      return work.references().save(reference, file);
    }

    private static Map<String, String> quarantined(Numbered event, Rejected rejected) {
      return quarantined(
          event.envelope,
          List.of(rejected.reason().label()),
          rejected.detail(),
          rejected.id().orElse(null),
          rejected.text());
    }

    private static Map<String, String> quarantined(
        Judged event, List<String> reasons, String detail) {
      return quarantined(
          event.envelope, reasons, detail, event.event.id().orElse(null), event.event.text());
    }

    private static Map<String, String> quarantined(
        Envelope envelope, List<String> reasons, String detail, @Nullable String id, String text) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("reason", reasons.getFirst());
      row.put("reasons", reasons.toString());
      PlainRules.put(row, "detail", detail.isEmpty() ? null : detail);
      PlainRules.put(row, "event_id", id);
      row.put("text", text);
      row.put("message_id", envelope.messageId());
      row.put("sent_at", PlainRules.sql(envelope.sentAt()));
      return row;
    }

    /// Of events that share an id the first is loaded; of the others those with its content are
    /// duplicates, and the rest conflicts.
    private void place(List<Judged> good, Map<Long, Map<String, String>> bad) {
      Map<UUID, Set<UUID>> known = new HashMap<>();
      lines(work.seen().events())
          .forEach(line -> {
            String[] ids = line.split(",", -1);
            known
                .computeIfAbsent(UUID.fromString(ids[0]), _ -> new HashSet<>())
                .add(UUID.fromString(ids[1]));
          });
      for (Judged judged : good) {
        UUID id = judged.event.identity().orElseThrow();
        Set<UUID> contents = known.get(id);
        if (contents == null) {
          if (!slips.contains(Slip.LOADS_REPEATED)) {
            known.put(id, Set.of(judged.event.content()));
          }
          seenEvents.add(id + "," + judged.event.content());
          String partition =
              "dt=%tF/hour=%<tH"
                  .formatted(judged.event.time().orElseThrow().atOffset(ZoneOffset.UTC));
          tables
              .computeIfAbsent(
                  TABLES.get(judged.event.type()) + "/" + partition, _ -> new ArrayList<>())
              .add(judged.row);
          loaded++;
        } else if (contents.contains(judged.event.content())
            || slips.contains(Slip.IGNORES_CONTENT)) {
          repeats++;
        } else {
          bad.put(
              judged.n,
              quarantined(
                  judged,
                  List.of(Reason.CONFLICTING_DUPLICATE.label()),
                  "another event with this id and other content came before"));
        }
      }
    }

    private List<LocalFile> files() {
      List<LocalFile> files = new ArrayList<>();
      tables.forEach((place, rows) -> {
        int slash = place.indexOf('/');
        files.add(file(place.substring(0, slash), place.substring(slash + 1), rows));
      });
      Map<String, List<Map<String, String>>> byDay =
          quarantine.stream()
              .collect(
                  Collectors.groupingBy(
                      row -> "dt=" + String.valueOf(row.get("sent_at")).substring(0, 10),
                      TreeMap::new,
                      Collectors.toList()));
      byDay.forEach((day, rows) -> {
        rows.forEach(row -> row.put("batch", Long.toString(work.plan().sequence())));
        files.add(file(OutputFile.QUARANTINE, day, rows));
      });
      return files;
    }

    private LocalFile file(String table, String partition, List<Map<String, String>> rows) {
      Path file = work.folder().resolve(table).resolve(partition).resolve("data_0.parquet");
      write(file, rows.stream().map(JSON::writeValueAsString).toList());
      return new LocalFile(table, partition, file, rows.size());
    }

    private void writeSeen() {
      Path folder = work.folder().resolve("seen");
      Set<String> all =
          messages.stream().map(UUID::toString).collect(Collectors.toCollection(TreeSet::new));
      write(folder.resolve("messages.parquet"), all);
      write(folder.resolve("events.parquet"), seenEvents);
      if (work.plan().covers()) {
        write(folder.resolve("messages-cover.parquet"), union(all, work.seen().coverMessages()));
        write(folder.resolve("events-cover.parquet"), union(seenEvents, work.seen().coverEvents()));
      }
    }

    private static Set<String> union(Set<String> own, List<Path> earlier) {
      Set<String> all = new TreeSet<>(own);
      lines(earlier).forEach(all::add);
      return all;
    }

    private static void write(Path file, Iterable<String> lines) {
      try {
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
      } catch (IOException unwritable) {
        throw new UncheckedIOException(unwritable);
      }
    }

    private Map<String, Optional<String>> metrics() {
      List<Map<String, String>> orders = of("orders");
      List<Map<String, String>> payments = of("payments");
      long captured = count(payments, "status", "captured");
      long declined = count(payments, "status", "declined");
      BigDecimal value =
          orders.stream()
              .map(row -> new BigDecimal(String.valueOf(row.get("amount_usd"))))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      Map<String, Optional<String>> metrics = new LinkedHashMap<>();
      metrics.put("order_volume", Optional.of(Long.toString(orders.size())));
      metrics.put("order_value_usd", Optional.of(value.toPlainString()));
      metrics.put(
          "payment_success_rate",
          captured + declined == 0
              ? Optional.empty()
              : Optional.of(Double.toString((double) captured / (captured + declined))));
      metrics.put("payments_captured", Optional.of(Long.toString(captured)));
      metrics.put("payments_declined", Optional.of(Long.toString(declined)));
      metrics.put(
          "fraud_suspected", Optional.of(Long.toString(count(orders, "fraud_suspected", "true"))));
      return metrics;
    }

    private List<Map<String, String>> of(String table) {
      return tables.entrySet().stream()
          .filter(t -> t.getKey().startsWith(table + "/"))
          .flatMap(t -> t.getValue().stream())
          .toList();
    }

    private static long count(List<Map<String, String>> rows, String column, String value) {
      return rows.stream().filter(row -> value.equals(row.get(column))).count();
    }
  }
}
