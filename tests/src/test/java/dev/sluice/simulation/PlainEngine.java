package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.batch.Counts;
import dev.sluice.batch.OutputFile;
import dev.sluice.engine.Engine;
import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Envelope;
import dev.sluice.event.Reason;
import dev.sluice.expected.ExpectedAdmitter;
import dev.sluice.expected.ExpectedChunk;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.simulation.PlainRules.Checked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
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

/// An engine for the pipeline `simulated` in Java: the same rows, counts and seen ids as DuckDB, in
/// a tenth of the time.
///
/// Its files are lines of JSON, also those named `.parquet`. Each value is the text to which DuckDB
/// casts it; null is `NULL`.
final class PlainEngine implements Engine {
  private static final JsonMapper JSON = new JsonMapper();

  private final Set<Flaw> flaws;

  PlainEngine() {
    this(Set.of());
  }

  PlainEngine(Set<Flaw> flaws) {
    this.flaws = flaws;
  }

  /// A defect in the handling of duplicates within one batch.
  enum Flaw {
    LOADS_COPIES,
    LOADS_REPEATED_EVENTS,
    KEEPS_THE_FIRST_RECEIVED,
    IGNORES_CONTENT
  }

  /// The order in which events with one id compete: by the time of sending, then by message id. The
  /// events of one message keep their order.
  static final Comparator<Envelope> BY_SENDING =
      Comparator.comparing(Envelope::sentAt).thenComparing(Envelope::messageId);

  @Override
  public String version() {
    return "plain 1";
  }

  @Override
  public Output run(Input input) {
    return new Batch(input, flaws).run();
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

  /// @param n the number of the event in its batch
  private record Received(long n, Envelope envelope, Admission event) {}

  private static final class Batch {
    private final Input input;
    private final Set<Flaw> flaws;
    private final ExpectedAdmitter admitter;
    private final Set<UUID> messages = new TreeSet<>();
    private final Map<String, List<Map<String, String>>> tables = new TreeMap<>();
    private final Map<Long, Map<String, String>> quarantine = new TreeMap<>();
    private final Set<String> loadedEvents = new TreeSet<>();
    private final SortedMap<String, Long> warnings = new TreeMap<>();
    private long read;
    private long received;
    private long duplicates;
    private long loaded;

    Batch(Input input, Set<Flaw> flaws) {
      this.input = input;
      this.flaws = flaws;
      this.admitter = new ExpectedAdmitter(input.pipeline().admissionRules());
    }

    Output run() {
      List<Received> events = admit();
      PlainRules rules = rules(events);
      List<Checked> valid = new ArrayList<>();
      for (Received event : events) {
        switch (event.event) {
          case Rejected rejected -> quarantine.put(event.n, quarantined(event.envelope, rejected));
          case Admitted admitted -> {
            Checked checked = rules.check(event.n, event.envelope, admitted);
            if (checked.broken().isEmpty()) {
              valid.add(checked);
            } else {
              String detail = String.join("; ", checked.details());
              quarantine.put(
                  event.n,
                  quarantined(checked, checked.broken(), detail.isEmpty() ? null : detail));
            }
          }
        }
      }
      load(valid);
      writeSeen();
      SortedMap<String, Long> reasons =
          quarantine.values().stream()
              .collect(
                  Collectors.groupingBy(
                      row -> String.valueOf(row.get("reason")),
                      TreeMap::new,
                      Collectors.counting()));
      return new Output(
          read,
          new Counts(received, loaded, quarantine.size(), duplicates, 0),
          reasons,
          warnings,
          PlainRules.TABLES,
          files(),
          metrics(),
          Map.of());
    }

    private List<Received> admit() {
      Set<UUID> seen =
          lines(input.seen().messages()).map(UUID::fromString).collect(Collectors.toSet());
      List<Received> events = new ArrayList<>();
      for (LocalChunk file : input.chunks()) {
        for (Envelope envelope : ExpectedChunk.read(bytes(file.file()))) {
          read++;
          UUID message = ExpectedAdmitter.identity(envelope.messageId());
          boolean isFirst = messages.add(message) || flaws.contains(Flaw.LOADS_COPIES);
          boolean isCopy = !isFirst || seen.contains(message);
          for (Admission event : admitter.admit(envelope)) {
            if (isCopy) {
              duplicates++;
            } else {
              events.add(new Received(received, envelope, event));
            }
            received++;
          }
        }
      }
      return events;
    }

    private static Stream<String> lines(List<Path> files) {
      return files.stream().flatMap(file -> read(file).lines());
    }

    private static String read(Path file) {
      return new String(bytes(file), UTF_8);
    }

    private static byte[] bytes(Path file) {
      try {
        return Files.readAllBytes(file);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    private PlainRules rules(List<Received> events) {
      Map<String, Map<String, String>> accounts = new HashMap<>();
      Map<String, BigDecimal> rates = new HashMap<>();
      for (Reference reference : input.pipeline().references()) {
        Optional<Path> saved = input.references().saved(reference);
        Path file = saved.isPresent() ? saved.get() : save(reference, events);
        List<Map<String, String>> found = rows(bytes(file));
        if (found.isEmpty()) {
          long wanted = reference.keys().isPresent() ? accounts(events).size() : 1;
          if (wanted > 0) {
            warnings.put("references." + reference.name(), wanted);
          }
        }
        for (Map<String, String> row : found) {
          String key = String.valueOf(row.get(reference.key()));
          String rate = row.get("rate");
          if (rate != null) {
            rates.put(key, new BigDecimal(rate).setScale(6));
          } else if (reference.name().equals("accounts")) {
            accounts.put(key, row);
          }
        }
      }
      return new PlainRules(accounts, rates, input.plan().sequence());
    }

    private Path save(Reference reference, List<Received> events) {
      List<String> keys = reference.keys().isPresent() ? accounts(events) : List.of();
      List<Map<String, String>> rows = input.references().rows(reference, keys);
      Path file = input.folder().resolve("reference-" + reference.name() + ".parquet");
      write(file, rows.stream().map(TreeMap::new).map(JSON::writeValueAsString).sorted().toList());
      return input.references().save(reference, file);
    }

    private static List<String> accounts(List<Received> events) {
      Set<String> accounts = new TreeSet<>();
      for (Received event : events) {
        if (event.event instanceof Admitted admitted && admitted.type().equals("sale")) {
          String account = PlainRules.text(JSON.readTree(admitted.json()).get("account"));
          if (account != null) {
            accounts.add(account);
          }
        }
      }
      return List.copyOf(accounts);
    }

    private Map<String, String> quarantined(Envelope envelope, Rejected rejected) {
      return quarantined(
          envelope,
          List.of(rejected.reason().label()),
          rejected.detail(),
          rejected.id().orElse(null),
          rejected.text());
    }

    private Map<String, String> quarantined(
        Checked event, List<String> reasons, @Nullable String detail) {
      return quarantined(
          event.envelope(), reasons, detail, event.event().id().orElse(null), event.event().text());
    }

    private Map<String, String> quarantined(
        Envelope envelope,
        List<String> reasons,
        @Nullable String detail,
        @Nullable String id,
        String text) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("reason", reasons.getFirst());
      row.put("reasons", reasons.toString());
      PlainRules.put(row, "detail", detail);
      PlainRules.put(row, "event_id", id);
      row.put("text", text);
      row.put("message_id", envelope.messageId());
      row.put("sent_at", PlainRules.timestamp(envelope.sentAt()));
      PlainRules.put(row, "batch", input.plan().sequence());
      return row;
    }

    /// Of the events with the same id, the one that was sent first is loaded. Of the others, those
    /// with the same content are duplicates, and the rest are conflicts.
    private void load(List<Checked> valid) {
      Map<UUID, Set<UUID>> known = new HashMap<>();
      lines(input.seen().events())
          .map(line -> line.split(",", -1))
          .forEach(ids ->
              known
                  .computeIfAbsent(UUID.fromString(ids[0]), _ -> new HashSet<>())
                  .add(UUID.fromString(ids[1])));
      List<Checked> inOrder = new ArrayList<>(valid);
      if (!flaws.contains(Flaw.KEEPS_THE_FIRST_RECEIVED)) {
        inOrder.sort(Comparator.comparing(Checked::envelope, BY_SENDING));
      }
      for (Checked event : inOrder) {
        UUID id = event.event().identity().orElseThrow();
        UUID content = event.event().content();
        Set<UUID> contents = known.get(id);
        if (contents == null) {
          if (!flaws.contains(Flaw.LOADS_REPEATED_EVENTS)) {
            known.put(id, Set.of(content));
          }
          loadedEvents.add(id + "," + content);
          tables.computeIfAbsent(place(event.event()), _ -> new ArrayList<>()).add(event.row());
          loaded++;
        } else if (contents.contains(content) || flaws.contains(Flaw.IGNORES_CONTENT)) {
          duplicates++;
        } else {
          quarantine.put(
              event.n(),
              quarantined(
                  event,
                  List.of(Reason.CONFLICTING_DUPLICATE.label()),
                  "an earlier event with this id has different content"));
        }
      }
    }

    private static String place(Admitted event) {
      return "%ss/dt=%tF/hour=%<tH"
          .formatted(event.type(), event.time().orElseThrow().atOffset(ZoneOffset.UTC));
    }

    private List<LocalFile> files() {
      List<LocalFile> files = new ArrayList<>();
      tables.forEach((place, rows) -> files.add(file(place, rows)));
      quarantine.values().stream()
          .collect(
              Collectors.groupingBy(
                  row ->
                      OutputFile.QUARANTINE
                          + "/dt="
                          + String.valueOf(row.get("sent_at")).substring(0, 10),
                  TreeMap::new,
                  Collectors.toList()))
          .forEach((place, rows) -> files.add(file(place, rows)));
      return files;
    }

    private LocalFile file(String place, List<Map<String, String>> rows) {
      Path file = input.folder().resolve(place).resolve("data_0.parquet");
      write(file, rows.stream().map(JSON::writeValueAsString).toList());
      int slash = place.indexOf('/');
      return new LocalFile(
          place.substring(0, slash), place.substring(slash + 1), file, rows.size());
    }

    private void writeSeen() {
      Path folder = input.folder().resolve("seen");
      Set<String> ids =
          messages.stream().map(UUID::toString).collect(Collectors.toCollection(TreeSet::new));
      write(folder.resolve("messages.parquet"), ids);
      write(folder.resolve("events.parquet"), loadedEvents);
      if (input.plan().covers()) {
        write(folder.resolve("messages-cover.parquet"), union(ids, input.seen().coverMessages()));
        write(
            folder.resolve("events-cover.parquet"),
            union(loadedEvents, input.seen().coverEvents()));
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
      List<Map<String, String>> sales =
          tables.entrySet().stream()
              .filter(table -> table.getKey().startsWith("sales/"))
              .flatMap(table -> table.getValue().stream())
              .toList();
      long byCard = sales.stream().filter(row -> "card".equals(row.get("method"))).count();
      BigDecimal usd =
          sales.stream()
              .map(row -> new BigDecimal(String.valueOf(row.get("amount_usd"))))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      Map<String, Optional<String>> metrics = new LinkedHashMap<>();
      metrics.put("sale_count", Optional.of(Long.toString(sales.size())));
      metrics.put("sales_usd", Optional.of(usd.toPlainString()));
      metrics.put(
          "card_share",
          sales.isEmpty()
              ? Optional.empty()
              : Optional.of(Double.toString((double) byCard / sales.size())));
      return metrics;
    }
  }
}
