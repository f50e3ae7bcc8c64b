package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.integration.InMemoryPipeline;
import dev.sluice.integration.PublishedObjects;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events with each documented reason, and with each pair, are quarantined with the reasons in the
/// documented order.
final class ReasonsTest {
  private static final Document EVENTS = Document.read("events.md");
  private static final Instant SENT = Instant.parse("2026-01-10T12:00:00Z");
  private static final String YAML =
      """
      pipeline: shop
      every: 1m
      event: {type: $.type, id: $.id, time: $.at, accept: [-5d, +2h]}
      tables:
        visits:
          from: visit
          fields:
            city: text, required
            v: whole
            w: {whole: $.w, reason: bad_w}
            x: text
            y: text
          expect: {first: x IS NULL, second: y IS NULL}
        sales: {from: visit, fields: {z: text}, expect: {third: z IS NULL}}
      """;

  /// What each row of the table stands for in this pipeline, where it has no fixed name.
  private static final Map<String, List<String>> OF_THE_PIPELINE =
      Map.of(
          "`bad_field`, or a field's `reason`", List.of("bad_field", "bad_w"),
          "your expectations", List.of("first", "second", "third"));

  /// For each reason, the member that gives the reason to a valid event: its name, and its value,
  /// which replaces the event's own; if the value is empty, the event lacks the member.
  private static final Map<String, Map.Entry<String, String>> MEMBERS =
      Map.ofEntries(
          Map.entry("duplicate_key", Map.entry("d", "1, \"d\": 2")),
          Map.entry("bad_utf8", Map.entry("u", "\"\\ud800\"")),
          Map.entry("too_deep", Map.entry("deep", "[".repeat(64) + "]".repeat(64))),
          Map.entry("too_large", Map.entry("large", "\"" + "x".repeat(1 << 20) + "\"")),
          Map.entry("missing_type", Map.entry("type", "")),
          Map.entry("unknown_type", Map.entry("type", "\"order\"")),
          Map.entry("missing_event_id", Map.entry("id", "")),
          Map.entry("missing_field", Map.entry("city", "")),
          Map.entry("bad_time", Map.entry("at", "\"noon\"")),
          Map.entry("too_old", Map.entry("at", "\"2026-01-05T11:59:59.999999Z\"")),
          Map.entry("in_the_future", Map.entry("at", "\"2026-01-10T14:00:00.000001Z\"")),
          Map.entry("bad_field", Map.entry("v", "\"one\"")),
          Map.entry("bad_w", Map.entry("w", "true")),
          Map.entry("first", Map.entry("x", "1")),
          Map.entry("second", Map.entry("y", "1")),
          Map.entry("third", Map.entry("z", "1")));

  /// An event with one of the first reasons is not checked further.
  private static final int EXCLUSIVE =
      EVENTS.numberInWords("one of the first (\\w+) reasons is not checked further");

  @TempDir Path root;

  /// All reasons in order. The last one is tested separately.
  private static List<String> documented() {
    return EVENTS.table("| reason | when |").stream()
        .map(List::getFirst)
        .flatMap(cell -> OF_THE_PIPELINE.getOrDefault(cell, code(cell)).stream())
        .toList();
  }

  private static List<String> reasons() {
    return documented().subList(0, documented().size() - 1);
  }

  /// The expected reasons of an event that violates the rules of all these.
  private static List<String> inOrder(Set<String> reasons) {
    List<String> sorted =
        reasons.stream().sorted(Comparator.comparingInt(reasons()::indexOf)).toList();
    return reasons().indexOf(sorted.getFirst()) < EXCLUSIVE ? sorted.subList(0, 1) : sorted;
  }

  /// The sets of reasons that one event can have.
  private static List<Set<String>> sets() {
    List<Set<String>> sets = new ArrayList<>();
    for (String one : reasons()) {
      sets.add(Set.of(one));
      for (String other : reasons().subList(0, reasons().indexOf(one))) {
        if (canOccurTogether(one, other)) {
          sets.add(Set.of(one, other));
        }
      }
    }
    sets.add(
        Set.copyOf(
            reasons().subList(EXCLUSIVE, reasons().size()).stream()
                .filter(reason -> !reason.equals("too_old") && !reason.equals("in_the_future"))
                .toList()));
    return sets;
  }

  /// Two reasons that replace the same member exclude each other.
  private static boolean canOccurTogether(String one, String other) {
    Map.Entry<String, String> first = MEMBERS.get(one);
    Map.Entry<String, String> second = MEMBERS.get(other);
    return first == null || second == null || !first.getKey().equals(second.getKey());
  }

  private static String event(int number, Set<String> reasons) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("id", "\"e" + number + "\"");
    members.put("type", "\"visit\"");
    members.put("at", "\"2026-01-10T12:00:00Z\"");
    members.put("city", "\"Bonn\"");
    reasons.stream()
        .filter(MEMBERS::containsKey)
        .map(MEMBERS::get)
        .forEach(member -> members.put(member.getKey(), member.getValue()));
    String text =
        members.entrySet().stream()
            .filter(member -> !member.getValue().isEmpty())
            .map(member -> "\"" + member.getKey() + "\": " + member.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
    String value = reasons.contains("not_an_object") ? "[[" + text + "]]" : text;
    return reasons.contains("not_json") ? value + "]" : value;
  }

  @Test
  void eventsHaveTheDocumentedReasonsInTheDocumentedOrder() throws Exception {
    List<Set<String>> sets = sets();
    List<Envelope> messages = new ArrayList<>();
    Map<String, String> expected = new TreeMap<>();
    Map<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < sets.size(); i++) {
      String id = "m%04d".formatted(i);
      messages.add(new Envelope(id, SENT, event(i, sets.get(i))));
      List<String> reasons = inOrder(sets.get(i));
      expected.put(id, reasons.getFirst() + " " + reasons);
      counts.merge(reasons.getFirst(), 1L, Long::sum);
    }

    PublishedObjects published = run(messages);

    assertThat(expected).hasSizeGreaterThan(120);
    assertThat(
            published
                .rows(
                    "quarantine/",
                    "SELECT message_id, reason || ' ' || reasons::VARCHAR FROM files")
                .stream()
                .collect(Collectors.toMap(List::getFirst, List::getLast)))
        .isEqualTo(expected);
    assertThat(published.receipts().getFirst().manifest().reasons()).isEqualTo(counts);
  }

  /// The second event would violate no rule if it were the first one. The third also violates a
  /// rule.
  @Test
  void aConflictIsTheOnlyReason() throws Exception {
    String event = event(1, Set.of());

    PublishedObjects published =
        run(
            List.of(
                new Envelope("m1", SENT, event),
                new Envelope("m2", SENT, event.replace("Bonn", "Köln")),
                new Envelope("m3", SENT, event(1, Set.of("first")))));

    assertThat(published.rows("quarantine/", "SELECT message_id, reasons FROM files ORDER BY ALL"))
        .containsExactly(
            List.of("m2", "[" + documented().getLast() + "]"), List.of("m3", "[first]"));
  }

  @Test
  void aDetailHasTheDocumentedLength() throws Exception {
    String limits =
        "Conditions of more than (\\d+) characters and values of more than (\\d+) characters are cut";
    int condition = EVENTS.number(limits);
    int value = Integer.parseInt(EVENTS.sentence(limits).group(2));
    String longest = "x = '" + "a".repeat(condition - "x = ''".length()) + "'";
    String longer = longest.replace("'a", "'aa");

    PublishedObjects published =
        run(
            YAML.replace("x IS NULL", longest).replace("z IS NULL", longer.replace("x =", "z =")),
            Stream.of("x", "z")
                .flatMap(field ->
                    Stream.of(value, value + 1)
                        .map(length ->
                            new Envelope(
                                field + length,
                                SENT,
                                event(length, Set.of())
                                    .replace(
                                        "}",
                                        ", \"%s\": \"%s\"}".formatted(field, "b".repeat(length))))))
                .toList());

    String shown = "b".repeat(value);
    String cut = longer.replace("x =", "z =").substring(0, condition) + " …";
    assertThat(
            published.rows(
                "quarantine/", "SELECT message_id, detail FROM files ORDER BY message_id"))
        .containsExactly(
            List.of("x" + value, "visits.first: %s with x = '%s'".formatted(longest, shown)),
            List.of(
                "x" + (value + 1), "visits.first: %s with x = '%s …'".formatted(longest, shown)),
            List.of("z" + value, "sales.third: %s with z = '%s'".formatted(cut, shown)),
            List.of("z" + (value + 1), "sales.third: %s with z = '%s …'".formatted(cut, shown)));
  }

  private PublishedObjects run(List<Envelope> messages) throws Exception {
    return run(YAML, messages);
  }

  private PublishedObjects run(String yaml, List<Envelope> messages) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    InMemoryPipeline pipeline =
        new InMemoryPipeline(
            new PipelineFolder(folder).load(), new DuckDbEngine("400MB"), root.resolve("scratch"));
    pipeline.batch(messages);
    return new PublishedObjects(pipeline.bucket, root);
  }
}
