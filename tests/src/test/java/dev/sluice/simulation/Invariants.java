package dev.sluice.simulation;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.event.Envelope;
import dev.sluice.layout.Layout;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedDynamoDb;
import dev.sluice.simulatedaws.SimulatedS3;
import dev.sluice.simulation.EventGenerator.Event;
import dev.sluice.simulation.EventGenerator.Level;
import dev.sluice.simulation.EventGenerator.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The invariants that must hold at the end of a run, when no work is left.
final class Invariants {
  private static final List<String> TABLES = List.of("sales", "visits", "carts", "gifts");
  private static final String ID = "[0-9a-f-]{36}";

  /// The keys that docs/protocol.md allows.
  private static final Pattern KEY =
      Pattern.compile(
          """
          raw/simulated/dt=[0-9-]{10}/hour=[0-9]{2}/ID\\.ndjson\\.zst\
          |plans/simulated/ID/(plan\\.json|references/(accounts|rates)\\.parquet)\
          |work/simulated/ID/ID/(manifest\\.json|(seen|sales|visits|carts|gifts|quarantine)/.*\\.parquet)\
          |lake/simulated/(sales|visits)/dt=[0-9-]{10}/hour=[0-9]{2}/[0-9]{12}-ID\\.parquet\
          |lake/simulated/carts/dt=[0-9-]{10}/region=(__other|[a-z.]+)/[0-9]{12}-ID\\.parquet\
          |lake/simulated/gifts/dt=[0-9-]{10}/[0-9]{12}-ID\\.parquet\
          |quarantine/simulated/dt=[0-9-]{10}/[0-9]{12}-ID\\.parquet\
          |receipts/simulated/[0-9]{12}\\.json\
          """
              .replace("ID", ID));

  private static final Pattern PERMANENT_ITEM = Pattern.compile("head|lease|batch#[0-9]{12}");

  private final SimulatedAws aws;
  private final StoredState stored;
  private final SimulatedS3 s3;
  private final Fixture.Rows rows;
  private final Consumer<String> violations;

  Invariants(SimulatedAws aws, Fixture.Rows rows, Consumer<String> violations) {
    this.aws = aws;
    this.stored = new StoredState(aws);
    this.s3 = aws.s3;
    this.rows = rows;
    this.violations = violations;
  }

  /// Compares everything that is stored with everything that was sent.
  ///
  /// @param sent messages by message id
  void check(Map<String, Message> sent, EventGenerator generator) {
    List<Receipt> receipts = stored.receipts();
    checkLedger(receipts);
    new ReceiptInvariants(aws, rows, sent, violations).check();
    Map<String, List<Map<String, String>>> found = new HashMap<>();
    Map<String, Load> first = new HashMap<>();
    Map<String, String> regions = new HashMap<>();
    for (Receipt receipt : receipts) {
      Manifest batch = receipt.manifest();
      for (OutputFile file : batch.files()) {
        List<Map<String, String>> content = published(file);
        found
            .computeIfAbsent(file.table(), _ -> new ArrayList<>())
            .addAll(content.stream().map(row -> withPlace(row, file)).toList());
      }
      List<Envelope> envelopes =
          stored.plan(batch).chunks().stream()
              .flatMap(chunk -> stored.envelopes(chunk.key().value()).stream())
              .toList();
      envelopes.stream()
          .sorted(PlainEngine.BY_SENDING)
          .flatMap(envelope ->
              message(sent, envelope).events().stream()
                  .filter(Event::isValid)
                  .map(event -> new Load(event, envelope.messageId(), batch)))
          .forEach(load -> first.putIfAbsent(load.event.id(), load));
      addRegions(batch, envelopes, sent, first, regions);
      checkReferences(batch, generator.levels());
    }
    checkChunks(receipts);
    checkObjects(receipts);
    List<String> expectedQuarantine = new ArrayList<>();
    checkTables(sent, first, regions, found, expectedQuarantine);
    checkQuarantine(sent, found.getOrDefault(OutputFile.QUARANTINE, List.of()), expectedQuarantine);
    checkTotals(receipts, sent, first.values(), expectedQuarantine.size());
  }

  /// The rows of a file; none if it does not exist, which [#checkObjects] reports.
  private List<Map<String, String>> published(OutputFile file) {
    String key = file.key().value();
    return s3.has(key) ? rows.of(s3.bytes(key)) : List.of();
  }

  /// A valid event, and the message and the batch from which it must be loaded.
  private record Load(Event event, String message, Manifest batch) {
    boolean isOf(Envelope envelope, Manifest other) {
      return message.equals(envelope.messageId()) && batch.equals(other);
    }

    /// @param regions the folder of each event in `carts`, by event id
    List<Map<String, String>> expectedRows(Map<String, String> regions) {
      return event.rows().stream().map(row -> expected(row, regions)).toList();
    }

    private Map<String, String> expected(Map<String, String> row, Map<String, String> regions) {
      Map<String, String> expected = new HashMap<>(row);
      expected.put("message_id", message);
      expected.put("batch", Long.toString(batch.sequence()));
      if (expected.remove("region") != null) {
        expected.merge("partition", "/" + regions.get(event.id()), String::concat);
      }
      return expected;
    }
  }

  /// Adds the folder of each event that this batch loaded into `carts`. It depends on the order of
  /// the events in the batch.
  private static void addRegions(
      Manifest batch,
      List<Envelope> envelopes,
      Map<String, Message> sent,
      Map<String, Load> first,
      Map<String, String> regions) {
    RegionFolders folders = new RegionFolders();
    for (Envelope envelope : envelopes) {
      for (Event event : message(sent, envelope).events()) {
        Load load = first.get(event.id());
        if (event.isValid()
            && load != null
            && load.isOf(envelope, batch)
            && !regions.containsKey(event.id())) {
          event.rows().stream()
              .filter(row -> row.containsKey("region"))
              .forEach(
                  row -> regions.put(event.id(), folders.add(String.valueOf(row.get("region")))));
        }
      }
    }
  }

  private static Map<String, String> withPlace(Map<String, String> row, OutputFile file) {
    Map<String, String> placed = new HashMap<>(row);
    placed.put("table", file.table());
    placed.put("partition", file.partition());
    return placed;
  }

  /// Each row must be joined with the reference rows that are saved with the plan, and these must
  /// not have been outdated when the batch was planned.
  private void checkReferences(Manifest batch, List<Level> levels) {
    Layout layout = new Layout(Fixture.PIPELINE);
    String saved = layout.planReference(batch.plan(), "accounts").value();
    Instant planned = s3.modified(layout.plan(batch.plan()).value());
    Map<String, String> levelByAccount = new HashMap<>();
    for (Map<String, String> row : rows.of(s3.bytes(saved))) {
      String level = String.valueOf(row.get("level"));
      levelByAccount.put(String.valueOf(row.get("account")), level);
      if (levels.stream().noneMatch(known -> known.name().equals(level))) {
        violations.accept("%s is joined with %s, which never existed".formatted(batch.name(), row));
      }
      List<Level> next =
          levels.stream()
              .dropWhile(known -> !known.name().equals(level))
              .skip(1)
              .limit(1)
              .filter(later -> later.from().isBefore(planned))
              .toList();
      if (!next.isEmpty()) {
        violations.accept(
            "%s, planned at %s, is joined with %s, outdated since %s"
                .formatted(batch.name(), planned, row, next));
      }
    }
    for (OutputFile file : batch.files()) {
      if (!file.table().equals("sales")) {
        continue;
      }
      for (Map<String, String> sale : published(file)) {
        String level = levelByAccount.getOrDefault(String.valueOf(sale.get("account")), "NULL");
        if (!level.equals(sale.get("account_level"))) {
          violations.accept(
              "%s does not match the saved reference rows %s".formatted(sale, levelByAccount));
        }
      }
    }
  }

  private static Message message(Map<String, Message> sent, Envelope envelope) {
    return sent.getOrDefault(envelope.messageId(), new Message("", List.of()));
  }

  private void checkChunks(List<Receipt> receipts) {
    List<String> chunks =
        receipts.stream()
            .flatMap(receipt -> stored.plan(receipt.manifest()).chunks().stream())
            .map(chunk -> chunk.id().value())
            .toList();
    if (chunks.stream().distinct().count() < chunks.size()) {
      violations.accept("a chunk is in two batches: " + chunks);
    }
  }

  private void checkLedger(List<Receipt> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      if (receipts.get(i).manifest().sequence() != i + 1) {
        violations.accept(
            "receipt %d is of batch %d".formatted(i + 1, receipts.get(i).manifest().sequence()));
      }
    }
    List<String> committed =
        stored.items("batch#").stream()
            .map(batch -> SimulatedDynamoDb.attribute(batch, "attempt").orElse(""))
            .toList();
    List<String> published = receipts.stream().map(r -> r.manifest().attempt().value()).toList();
    if (!committed.equals(published)) {
      violations.accept(
          "committed attempts %s differ from published attempts %s"
              .formatted(committed, published));
    }
    for (ObjectNode item : stored.items("")) {
      String name = SimulatedDynamoDb.attribute(item, "item").orElse("");
      if (!PERMANENT_ITEM.matcher(name).matches()) {
        violations.accept("left in the ledger: " + item);
      }
    }
  }

  private void checkObjects(List<Receipt> receipts) {
    List<String> named =
        receipts.stream()
            .flatMap(r -> r.manifest().files().stream())
            .map(file -> file.key().value())
            .sorted()
            .toList();
    List<String> published =
        Stream.concat(s3.keys("lake/").stream(), s3.keys("quarantine/").stream()).sorted().toList();
    List<String> unknown = s3.keys("").stream().filter(key -> !KEY.matcher(key).matches()).toList();
    if (!unknown.isEmpty()) {
      violations.accept("unknown kinds of keys: " + unknown);
    }
    if (!named.equals(published)) {
      violations.accept(
          "receipts name the files %s, but the published files are %s".formatted(named, published));
    }
  }

  /// Of the valid events with the same id, the `first` must be loaded as it was sent. Those with
  /// different content are conflicts, which are added to `expectedQuarantine`.
  private void checkTables(
      Map<String, Message> sent,
      Map<String, Load> first,
      Map<String, String> regions,
      Map<String, List<Map<String, String>>> found,
      List<String> expectedQuarantine) {
    Map<String, List<Map<String, String>>> byId =
        found.entrySet().stream()
            .filter(table -> !table.getKey().equals(OutputFile.QUARANTINE))
            .flatMap(table -> table.getValue().stream())
            .collect(Collectors.groupingBy(row -> String.valueOf(row.get("event_id"))));
    for (String id : new TreeSet<>(byId.keySet())) {
      if (!first.containsKey(id)) {
        violations.accept("event %s was never sent: %s".formatted(id, byId.get(id)));
      }
    }
    sent.forEach((message, what) -> {
      for (Event event : what.events()) {
        if (!event.isValid()) {
          continue;
        }
        Load load = first.get(event.id());
        if (load == null) {
          violations.accept(
              "event %s is in the lake 0 times, and in no batch".formatted(event.id()));
          continue;
        }
        checkRows(load, load.expectedRows(regions), byId.getOrDefault(event.id(), List.of()));
        if (!load.event.text().equals(event.text())) {
          expectedQuarantine.add(line(message, "conflicting_duplicate", event.text()));
        }
      }
    });
  }

  private void checkRows(
      Load load, List<Map<String, String>> expected, List<Map<String, String>> loaded) {
    List<String> tables = expected.stream().map(row -> row.get("table")).toList();
    List<String> found = loaded.stream().map(row -> row.get("table")).sorted().toList();
    for (String table : TABLES) {
      long count = Collections.frequency(found, table);
      if (count != Collections.frequency(tables, table)) {
        violations.accept(
            "event %s is in the lake %d times, in %s; expected tables: %s"
                .formatted(load.event.id(), count, table, tables));
      }
    }
    for (Map<String, String> row : expected) {
      loaded.stream()
          .filter(actual -> Objects.equals(actual.get("table"), row.get("table")))
          .filter(actual -> !actual.entrySet().containsAll(row.entrySet()))
          .forEach(actual ->
              violations.accept(
                  "event %s was loaded as %s; expected %s"
                      .formatted(load.event.id(), actual, row)));
    }
  }

  private static String line(String message, String reason, String text) {
    return message + " " + reason + " " + text;
  }

  /// Every message that carries an invalid or a conflicting event must have its own row in
  /// quarantine.
  private void checkQuarantine(
      Map<String, Message> sent, List<Map<String, String>> quarantine, List<String> expected) {
    sent.forEach((message, what) ->
        what.events()
            .forEach(event ->
                event
                    .reason()
                    .ifPresent(reason -> expected.add(line(message, reason, event.text())))));
    List<String> found =
        quarantine.stream()
            .map(row ->
                line(
                    String.valueOf(row.get("message_id")),
                    String.valueOf(row.get("reason")),
                    String.valueOf(row.get("text"))))
            .sorted()
            .toList();
    List<String> missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    if (!missing.isEmpty()) {
      violations.accept("missing from quarantine: " + missing);
    }
    List<String> surplus = new ArrayList<>(found);
    expected.forEach(surplus::remove);
    if (!surplus.isEmpty()) {
      violations.accept("not expected in quarantine: " + surplus);
    }
  }

  private void checkTotals(
      List<Receipt> receipts, Map<String, Message> sent, Collection<Load> valid, long quarantined) {
    long filtered = valid.stream().filter(load -> load.event.isFiltered()).count();
    Counts total = Counts.NONE;
    for (Receipt receipt : receipts) {
      total = total.plus(receipt.manifest().counts());
    }
    long all = sent.values().stream().mapToLong(m -> m.events().size()).sum();
    if (total.loaded() != valid.size() - filtered
        || total.filtered() != filtered
        || total.quarantined() != quarantined
        || total.duplicate() < all - valid.size() - quarantined
        || total.received() < all) {
      violations.accept(
          "of %d events sent, %d must be loaded, %d filtered and %d quarantined; the sums of the receipts are %s"
              .formatted(all, valid.size() - filtered, filtered, quarantined, total));
    }
  }
}
