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
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.simulation.PlainRules.Checked;
import dev.sluice.simulation.PlainRules.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
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

  /// A defect in the processing of one batch.
  enum Flaw {
    LOADS_COPIES,
    LOADS_REPEATED_EVENTS,
    KEEPS_THE_FIRST_RECEIVED,
    IGNORES_CONTENT,
    FORGETS_FILTERED_EVENTS,
    KEEPS_ROWS_OF_OTHER_TABLES,
    COUNTS_ROWS_OF_THE_FIRST_TABLE_ONLY,
    IGNORES_A_FAILED_EXPECTATION,
    WRITES_THE_REST_UNDER_ANOTHER_REGION,
    ROUNDS_REFERENCES_TO_TWO_DECIMALS
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
    private long filtered;
    private String lastRegion = "region=__other";

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
            List<String> broken = checked.violations().broken();
            if (broken.isEmpty()) {
              valid.add(checked);
            } else {
              keepRowsOfOtherTables(checked);
              String detail = String.join("; ", checked.violations().details());
              quarantine.put(
                  event.n, quarantined(checked, broken, detail.isEmpty() ? null : detail));
            }
          }
        }
      }
      List<Checked> loadedInOrder = load(valid);
      place(loadedInOrder);
      warnings.putAll(notices(loadedInOrder));
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
          new Counts(received, loaded, quarantine.size(), duplicates, filtered),
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
      Map<String, Map<String, Map<String, String>>> references = new HashMap<>();
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
        references.put(
            reference.name(),
            found.stream()
                .collect(
                    Collectors.toMap(
                        row -> String.valueOf(row.get(reference.key())), this::rounded)));
      }
      PlainReferences joined =
          new PlainReferences(
              references.getOrDefault("accounts", Map.of()),
              references.getOrDefault("rates", Map.of()));
      return new PlainRules(
          joined, PlainCarts.of(input.pipeline(), joined), input.plan().sequence());
    }

    private Map<String, String> rounded(Map<String, String> row) {
      Map<String, String> changed = new HashMap<>(row);
      if (flaws.contains(Flaw.ROUNDS_REFERENCES_TO_TWO_DECIMALS)) {
        changed.computeIfPresent(
            "discount",
            (_, digits) ->
                new BigDecimal(digits).setScale(2, RoundingMode.HALF_UP).toPlainString());
      }
      return changed;
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
        if (event.event instanceof Admitted admitted && !admitted.type().equals("visit")) {
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
      row.put("reasons", NestedText.of(reasons));
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
    ///
    /// @return the loaded and filtered events, in the order of the batch
    private List<Checked> load(List<Checked> valid) {
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
      List<Checked> kept = new ArrayList<>();
      for (Checked event : inOrder) {
        UUID id = event.event().identity().orElseThrow();
        UUID content = event.event().content();
        Set<UUID> contents = known.get(id);
        if (contents == null) {
          if (!flaws.contains(Flaw.LOADS_REPEATED_EVENTS)) {
            known.put(id, Set.of(content));
          }
          if (!event.rows().isEmpty() || !flaws.contains(Flaw.FORGETS_FILTERED_EVENTS)) {
            loadedEvents.add(id + "," + content);
          }
          kept.add(event);
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
      kept.sort(Comparator.comparingLong(Checked::n));
      return kept;
    }

    /// Counts the events, and adds their rows to the files.
    private void place(List<Checked> events) {
      RegionFolders regions = new RegionFolders();
      for (Checked event : events) {
        for (Row row : event.rows()) {
          tables
              .computeIfAbsent(place(event.event(), row, regions), _ -> new ArrayList<>())
              .add(row.columns());
        }
        if (event.rows().isEmpty() || isUncounted(event)) {
          filtered++;
        } else {
          loaded++;
        }
      }
    }

    private boolean isUncounted(Checked event) {
      return flaws.contains(Flaw.COUNTS_ROWS_OF_THE_FIRST_TABLE_ONLY)
          && event.rows().getFirst().table().equals("gifts");
    }

    /// With this flaw, an event that violates a rule of `gifts` is in `carts`.
    private void keepRowsOfOtherTables(Checked event) {
      if (flaws.contains(Flaw.KEEPS_ROWS_OF_OTHER_TABLES)
          && event.violations().broken().equals(List.of("long_note"))) {
        event.rows().stream()
            .filter(row -> row.table().equals("carts"))
            .forEach(row ->
                tables
                    .computeIfAbsent(
                        place(event.event(), row, new RegionFolders()), _ -> new ArrayList<>())
                    .add(row.columns()));
      }
    }

    private String place(Admitted event, Row row, RegionFolders regions) {
      OffsetDateTime time = event.time().orElseThrow().atOffset(ZoneOffset.UTC);
      String folder = "%s/dt=%tF".formatted(row.table(), time);
      if (row.region().isPresent()) {
        return folder + "/" + region(regions.add(row.region().get()));
      }
      return row.table().equals("gifts") ? folder : folder + "/hour=%tH".formatted(time);
    }

    private String region(String folder) {
      boolean isRest = folder.endsWith("__other");
      if (!isRest) {
        lastRegion = folder;
      }
      return isRest && flaws.contains(Flaw.WRITES_THE_REST_UNDER_ANOTHER_REGION)
          ? lastRegion
          : folder;
    }

    /// The numbers of events that violate an expectation that does not quarantine.
    private SortedMap<String, Long> notices(List<Checked> events) {
      SortedMap<String, Long> counts = new TreeMap<>();
      for (Table table : input.pipeline().tables()) {
        for (Expectation rule : table.expect()) {
          String name = table.name() + "." + rule.name();
          List<Checked> violating =
              events.stream().filter(e -> e.violations().notices().containsKey(name)).toList();
          if (!violating.isEmpty()
              && rule.otherwise() == Otherwise.FAIL
              && !flaws.contains(Flaw.IGNORES_A_FAILED_EXPECTATION)) {
            throw failed(name, rule, violating);
          }
          if (!violating.isEmpty()) {
            counts.put(name, (long) violating.size());
          }
        }
      }
      return counts;
    }

    private ExpectationFailed failed(String name, Expectation rule, List<Checked> violating) {
      String first =
          violating.stream()
              .limit(3)
              .map(event ->
                  "event %s (message %s) with %s"
                      .formatted(
                          event.event().id().orElseThrow(),
                          event.envelope().messageId(),
                          event.violations().notices().get(name)))
              .collect(Collectors.joining("; "));
      return new ExpectationFailed(
          "pipeline %s: expectation %s (%s) has `otherwise: fail` and is violated by %d of the events: %s%s"
              .formatted(
                  input.pipeline().name(),
                  name,
                  rule.check().text(),
                  violating.size(),
                  first,
                  violating.size() > 3 ? "; and %d more".formatted(violating.size() - 3) : ""));
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
      List<Map<String, String>> sales = table("sales");
      long byCard = sales.stream().filter(row -> "card".equals(row.get("method"))).count();
      Map<String, Optional<String>> metrics = new LinkedHashMap<>();
      metrics.put("sale_count", Optional.of(Long.toString(sales.size())));
      metrics.put("sales_usd", Optional.of(sum("amount_usd", sales)));
      metrics.put(
          "card_share",
          sales.isEmpty()
              ? Optional.empty()
              : Optional.of(Double.toString((double) byCard / sales.size())));
      metrics.put("cart_usd", Optional.of(sum("total_usd", table("carts"))));
      metrics.put("gift_count", Optional.of(Integer.toString(table("gifts").size())));
      return metrics;
    }

    private List<Map<String, String>> table(String name) {
      return tables.entrySet().stream()
          .filter(file -> file.getKey().startsWith(name + "/"))
          .flatMap(file -> file.getValue().stream())
          .toList();
    }

    private static String sum(String column, List<Map<String, String>> rows) {
      return rows.stream()
          .map(row -> String.valueOf(row.get(column)))
          .filter(value -> !value.equals("NULL"))
          .map(BigDecimal::new)
          .reduce(BigDecimal.ZERO, BigDecimal::add)
          .toPlainString();
    }
  }
}
