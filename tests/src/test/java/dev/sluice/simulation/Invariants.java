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
import dev.sluice.simulation.EventGenerator.Message;
import dev.sluice.simulation.EventGenerator.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What must be true once all is quiet.
final class Invariants {
  private static final String ID = "[0-9a-f-]{36}";

  /// Where docs/protocol.md says that objects are.
  private static final Pattern KEY =
      Pattern.compile(
          """
          raw/orders/dt=[0-9-]{10}/hour=[0-9]{2}/ID\\.ndjson\\.zst\
          |plans/orders/ID/(plan\\.json|references/(customers|rates)\\.parquet)\
          |work/orders/ID/ID/(manifest\\.json|(seen|orders|payments|shipments|quarantine)/.*\\.parquet)\
          |lake/orders/(orders|payments|shipments)/dt=[0-9-]{10}/hour=[0-9]{2}/[0-9]{12}-ID\\.parquet\
          |quarantine/orders/dt=[0-9-]{10}/[0-9]{12}-ID\\.parquet\
          |receipts/orders/[0-9]{12}\\.json\
          """
              .replace("ID", ID));

  private static final List<String> KEPT = List.of("head", "batch#");

  private final StoredState stored;
  private final SimulatedS3 s3;
  private final Fixture.Rows rows;
  private final Consumer<String> violated;

  Invariants(SimulatedAws aws, Fixture.Rows rows, Consumer<String> violated) {
    this.stored = new StoredState(aws);
    this.s3 = aws.s3;
    this.rows = rows;
    this.violated = violated;
  }

  /// Compares what landed with what was sent, message by message.
  void check(Map<String, Message> sent, EventGenerator shop) {
    List<Receipt> receipts = stored.receipts();
    checkLedger(receipts);
    Map<String, List<Map<String, String>>> landed = new HashMap<>();
    Map<String, Landing> first = new HashMap<>();
    for (Receipt receipt : receipts) {
      if (!receipt.manifest().counts().balance()) {
        violated.accept("counts do not add up: " + receipt.manifest().counts());
      }
      for (OutputFile file : receipt.manifest().files()) {
        List<Map<String, String>> found = rows.of(s3.bytes(file.key().value()));
        if (found.size() != file.rows()) {
          violated.accept("%s has %d rows".formatted(file, found.size()));
        }
        landed
            .computeIfAbsent(file.table(), _ -> new ArrayList<>())
            .addAll(found.stream().map(row -> placed(row, file)).toList());
      }
      List<Envelope> envelopes =
          stored.plan(receipt.manifest()).chunks().stream()
              .flatMap(chunk -> stored.envelopes(chunk.key().value()).stream())
              .toList();
      checkSums(receipt.manifest(), envelopes, sent);
      envelopes.stream()
          .flatMap(envelope ->
              message(sent, envelope).events().stream()
                  .filter(Event::isValid)
                  .map(event -> new Landing(event, envelope.messageId(), receipt.manifest())))
          .forEach(landing -> first.putIfAbsent(landing.event.id(), landing));
      checkTiers(receipt.manifest(), shop);
    }
    checkPlans(receipts);
    checkObjects(receipts);
    List<String> expected = new ArrayList<>();
    checkValid(sent, first, landed, expected);
    checkQuarantine(sent, landed.getOrDefault(OutputFile.QUARANTINE, List.of()), expected);
    checkSums(receipts, sent, first.size(), expected.size(), landed);
  }

  /// A valid event in the batch that loads it.
  private record Landing(Event event, String message, Manifest batch) {
    /// What its row says, and where from.
    Map<String, String> row() {
      Map<String, String> row = new HashMap<>(event.row());
      row.put("message_id", message);
      row.put("batch", Long.toString(batch.sequence()));
      return row;
    }
  }

  private static Map<String, String> placed(Map<String, String> row, OutputFile file) {
    Map<String, String> placed = new HashMap<>(row);
    placed.put("table", file.table());
    placed.put("partition", file.partition());
    return placed;
  }

  /// A batch's counts are those of the messages in its chunks and of the rows in its files.
  private void checkSums(Manifest what, List<Envelope> envelopes, Map<String, Message> sent) {
    long events = envelopes.stream().mapToLong(e -> message(sent, e).events().size()).sum();
    Map<Boolean, Long> rows =
        what.files().stream()
            .collect(
                Collectors.partitioningBy(
                    f -> f.table().equals(OutputFile.QUARANTINE),
                    Collectors.summingLong(OutputFile::rows)));
    long reasons = what.reasons().values().stream().mapToLong(n -> n).sum();
    Counts counts = what.counts();
    if (what.messages() != envelopes.size()
        || counts.received() != events
        || counts.loaded() != rows.getOrDefault(false, 0L)
        || counts.quarantined() != rows.getOrDefault(true, 0L)
        || counts.quarantined() != reasons
        || counts.filtered() != 0) {
      violated.accept(
          "batch %s of %d messages with %d events and rows %s says %s"
              .formatted(what.name(), envelopes.size(), events, rows, what));
    }
  }

  /// A batch is joined with the rows that are saved beside its plan, and these are no older than
  /// the plan.
  private void checkTiers(Manifest what, EventGenerator shop) {
    Layout layout = new Layout("orders");
    String saved = layout.planReference(what.plan(), "customers").value();
    Instant planned = s3.modified(layout.plan(what.plan()).value());
    Map<String, String> tiers = new HashMap<>();
    for (Map<String, String> row : rows.of(s3.bytes(saved))) {
      String customer = String.valueOf(row.get("customer_id"));
      tiers.put(customer, String.valueOf(row.get("tier")));
      List<Tier> known = shop.tiers(customer);
      if (known.stream().noneMatch(tier -> tier.name().equals(tiers.get(customer)))) {
        violated.accept("%s is joined with %s, which never was".formatted(what.name(), row));
      }
      List<Tier> since =
          known.stream()
              .dropWhile(tier -> !tier.name().equals(tiers.get(customer)))
              .skip(1)
              .limit(1)
              .filter(next -> next.from().isBefore(planned))
              .toList();
      if (!since.isEmpty()) {
        violated.accept(
            "%s, planned at %s, is joined with %s, past since %s"
                .formatted(what.name(), planned, row, since));
      }
    }
    for (OutputFile file : what.files()) {
      if (!file.table().equals("orders")) {
        continue;
      }
      for (Map<String, String> order : rows.of(s3.bytes(file.key().value()))) {
        String tier = tiers.getOrDefault(String.valueOf(order.get("customer_id")), "NULL");
        if (!tier.equals(order.get("customer_tier"))) {
          violated.accept(
              "%s is joined with another row than is saved: %s".formatted(order, tiers));
        }
      }
    }
  }

  private static Message message(Map<String, Message> sent, Envelope envelope) {
    return sent.getOrDefault(envelope.messageId(), new Message("", List.of()));
  }

  /// Every chunk is in one batch at most.
  private void checkPlans(List<Receipt> receipts) {
    List<String> chunks =
        receipts.stream()
            .flatMap(receipt -> stored.plan(receipt.manifest()).chunks().stream())
            .map(chunk -> chunk.id().value())
            .toList();
    if (chunks.stream().distinct().count() < chunks.size()) {
      violated.accept("a chunk is in two batches: " + chunks);
    }
  }

  private void checkLedger(List<Receipt> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      if (receipts.get(i).manifest().sequence() != i + 1) {
        violated.accept(
            "receipt %d is of batch %d".formatted(i + 1, receipts.get(i).manifest().sequence()));
      }
    }
    List<String> committed =
        stored.items("batch#").stream()
            .map(batch -> SimulatedDynamoDb.attribute(batch, "attempt").orElse(""))
            .toList();
    List<String> published = receipts.stream().map(r -> r.manifest().attempt().value()).toList();
    if (!committed.equals(published)) {
      violated.accept("committed were %s, published %s".formatted(committed, published));
    }
    for (ObjectNode item : stored.items("")) {
      String name = SimulatedDynamoDb.attribute(item, "item").orElse("");
      if (KEPT.stream().noneMatch(name::startsWith) && !name.equals("lease")) {
        violated.accept("left in the ledger: " + item);
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
    List<String> there =
        Stream.concat(s3.keys("lake/").stream(), s3.keys("quarantine/").stream()).sorted().toList();
    List<String> strange = s3.keys("").stream().filter(key -> !KEY.matcher(key).matches()).toList();
    if (!strange.isEmpty()) {
      violated.accept("no key of ours: " + strange);
    }
    if (!named.equals(there)) {
      violated.accept("receipts name %s, readers find %s".formatted(named, there));
    }
  }

  /// Of the valid events that share an id the `first` that was staged lands, as it was sent; those
  /// that say something else go to quarantine, which `expected` then has.
  private void checkValid(
      Map<String, Message> sent,
      Map<String, Landing> first,
      Map<String, List<Map<String, String>>> landed,
      List<String> expected) {
    Map<String, List<Map<String, String>>> byId =
        landed.entrySet().stream()
            .filter(table -> !table.getKey().equals(OutputFile.QUARANTINE))
            .flatMap(table -> table.getValue().stream())
            .collect(Collectors.groupingBy(row -> String.valueOf(row.get("event_id"))));
    for (String id : new TreeSet<>(byId.keySet())) {
      if (!first.containsKey(id)) {
        violated.accept("nobody sent %s: %s".formatted(id, byId.get(id)));
      }
    }
    sent.forEach((message, what) -> {
      for (Event event : what.events()) {
        if (!event.isValid()) {
          continue;
        }
        Landing landing = first.get(event.id());
        List<Map<String, String>> found = byId.getOrDefault(event.id(), List.of());
        if (landing == null || found.size() != 1) {
          violated.accept("event %s is %d times in the lake".formatted(event.id(), found.size()));
          continue;
        }
        if (!found.getFirst().entrySet().containsAll(landing.row().entrySet())) {
          violated.accept("event %s landed as %s".formatted(landing, found));
        }
        if (!landing.event.row().equals(event.row())) {
          expected.add(line(message, "conflicting_duplicate", event.text()));
        }
      }
    });
  }

  private static String line(String message, String reason, String text) {
    return message + " " + reason + " " + text;
  }

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
      violated.accept("quarantine lacks " + missing);
    }
    List<String> surplus = new ArrayList<>(found);
    expected.forEach(surplus::remove);
    if (!surplus.isEmpty()) {
      violated.accept("quarantine should not hold " + surplus);
    }
  }

  private void checkSums(
      List<Receipt> receipts,
      Map<String, Message> sent,
      long valid,
      long quarantined,
      Map<String, List<Map<String, String>>> landed) {
    long received = 0;
    long loaded = 0;
    long bad = 0;
    long duplicate = 0;
    long orders = 0;
    for (Receipt receipt : receipts) {
      received += receipt.manifest().counts().received();
      loaded += receipt.manifest().counts().loaded();
      bad += receipt.manifest().counts().quarantined();
      duplicate += receipt.manifest().counts().duplicate();
      orders +=
          Long.parseLong(
              receipt
                  .manifest()
                  .metrics()
                  .getOrDefault("order_volume", Optional.empty())
                  .orElse("0"));
    }
    long all = sent.values().stream().mapToLong(m -> m.events().size()).sum();
    if (loaded != valid
        || bad != quarantined
        || duplicate < all - valid - quarantined
        || received < all) {
      violated.accept(
          "of %d events %d are valid and %d bad; receipts say received %d, loaded %d, quarantined %d, duplicate %d"
              .formatted(all, valid, quarantined, received, loaded, bad, duplicate));
    }
    if (orders != landed.getOrDefault("orders", List.of()).size()) {
      violated.accept("order_volume sums to " + orders);
    }
  }
}
