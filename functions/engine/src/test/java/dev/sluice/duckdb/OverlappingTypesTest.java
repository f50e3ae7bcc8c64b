package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.engine.Engine.Output;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineFolder.Draft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random pipelines whose tables and references are built from overlapping sets of event types:
/// compares the rows of each table, and the keys that each reference looks up, with values that are
/// computed from the events.
final class OverlappingTypesTest {
  private static final List<String> TYPES = List.of("open", "change", "close");
  private static final List<String> COLUMNS = List.of("a", "b", "c");
  private static final List<String> PATHS = List.of("p", "q", "r");
  private static final int PIPELINES = 16;
  private static final int EVENTS = 12;

  @TempDir Path root;

  /// A field of a table. An event has `007` as its text and 7 as its whole number.
  private record Declared(String name, String path, boolean isWhole) {
    String yaml() {
      return "%s: {%s: $.%s}".formatted(name, isWhole ? "whole" : "text", path);
    }

    Column column() {
      return new Column(name, isWhole ? "BIGINT" : "VARCHAR");
    }

    Optional<String> of(Event event) {
      return event.value(path).map(text -> isWhole ? text.replaceFirst("^0+", "") : text);
    }
  }

  /// @param fields empty for a table that reads `$.p` with SQL
  private record Table(String name, List<String> from, List<Declared> fields) {
    String yaml() {
      String what =
          fields.isEmpty()
              ? "sql: plain.sql"
              : "fields: {%s}"
                  .formatted(fields.stream().map(Declared::yaml).collect(Collectors.joining(", ")));
      return "  %s: {from: %s, %s}".formatted(name, from, what);
    }

    List<Declared> columns() {
      return fields.isEmpty() ? List.of(new Declared("a", "p", false)) : fields;
    }

    List<String> rows(List<Event> events) {
      return events.stream()
          .filter(event -> from.contains(event.type))
          .map(event -> columns().stream().map(column -> shown(column.of(event))).toList())
          .map(List::toString)
          .toList();
    }

    String shownColumns() {
      return columns().stream()
          .map(column -> column.name + "::VARCHAR")
          .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String shown(Optional<String> value) {
      return value.orElse("NULL");
    }

    /// The first of these fields that the event has.
    Optional<String> key(Event event, List<String> names) {
      return names.stream()
          .flatMap(name -> fields.stream().filter(field -> field.name.equals(name)))
          .flatMap(field -> field.of(event).stream())
          .findFirst();
    }
  }

  /// @param from empty for all types
  /// @param names of the fields in `keys`; empty for a reference that reads `$.q` with SQL
  private record Reference(String name, List<String> from, List<String> names) {
    String yaml() {
      String keys =
          names.isEmpty()
              ? "text(event, '$.q')"
              : names.stream()
                  .map(field -> field + "::VARCHAR")
                  .collect(Collectors.joining(", ", "coalesce(", ")"));
      return "  %1$s: {table: %1$s, key: id, keys: \"%2$s\"%3$s, columns: {id: VARCHAR}}"
          .formatted(name, keys, from.isEmpty() ? "" : ", from: " + from);
    }

    /// The keys of the events, as each table with fields sees them.
    Set<String> keys(List<Table> tables, List<Event> events) {
      Set<String> keys = new TreeSet<>();
      for (Event event : events) {
        if (from.isEmpty() || from.contains(event.type)) {
          for (Table table : tables) {
            if (table.from.contains(event.type)) {
              (names.isEmpty() ? event.value("q") : table.key(event, names)).ifPresent(keys::add);
            }
          }
        }
      }
      return keys;
    }
  }

  private record Event(String type, Map<String, String> values) {
    Optional<String> value(String path) {
      return Optional.ofNullable(values.get(path));
    }

    String json() {
      return Stream.concat(
              Stream.of(Map.entry("type", type), Map.entry("at", "2026-11-20T11:00:00Z")),
              values.entrySet().stream())
          .map(member -> "\"%s\": \"%s\"".formatted(member.getKey(), member.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }

  static IntStream seeds() {
    return IntStream.rangeClosed(1, PIPELINES);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachTableHasTheFieldsOfItsTypesAndEachReferenceTheirKeys(int seed) throws Exception {
    Random random = new Random(seed);
    List<Table> tables = tables(random);
    List<Reference> references = references(random, tables);
    List<Event> events = events(random);
    Draft draft = new PipelineFolder(write(tables, references)).read();
    PipelineCheck.Found found = PipelineCheck.check(draft);
    assertThat(found.problems()).isEmpty();
    Map<String, Set<String>> looked = new TreeMap<>();

    Output output =
        OneBatch.run(
            draft.pipeline().orElseThrow(),
            events.stream().map(Event::json).toList(),
            (reference, keys) -> {
              looked.put(reference.name(), new TreeSet<>(keys));
              return List.of();
            },
            root.resolve("work"));

    for (Table table : tables) {
      assertThat(OneBatch.rows(output, root, table.name, table.shownColumns()))
          .as(table.yaml())
          .isEqualTo(table.rows(events));
    }
    Map<String, Set<String>> expected = new TreeMap<>();
    references.forEach(r -> expected.put(r.name, r.keys(tables, events)));
    expected.values().removeIf(Set::isEmpty);
    looked.values().removeIf(Set::isEmpty);
    assertThat(looked).isEqualTo(expected);
    long loaded = events.stream().filter(event -> isInATable(event, tables)).count();
    assertThat(output.counts().loaded()).isEqualTo(loaded);
    assertThat(output.counts().quarantined()).isEqualTo(EVENTS - loaded);
    for (int i = 0; i < tables.size(); i++) {
      assertThat(found.tables().get(i).columns())
          .containsAll(tables.get(i).columns().stream().map(Declared::column).toList());
    }
    assertThat(output.tables()).isEqualTo(found.tables());
  }

  private static boolean isInATable(Event event, List<Table> tables) {
    return tables.stream().anyMatch(table -> table.from.contains(event.type));
  }

  private static List<Table> tables(Random random) {
    List<Table> tables = new ArrayList<>();
    int count = 2 + random.nextInt(2);
    for (int i = 1; i <= count; i++) {
      List<Declared> fields = new ArrayList<>();
      if (random.nextInt(5) > 0) {
        for (String name : some(random, COLUMNS)) {
          String path = PATHS.get(random.nextInt(PATHS.size()));
          fields.add(new Declared(name, path, random.nextBoolean()));
        }
      }
      tables.add(new Table("t" + i, some(random, TYPES), fields));
    }
    return tables;
  }

  private static List<Reference> references(Random random, List<Table> tables) {
    List<String> types = tables.stream().flatMap(t -> t.from.stream()).distinct().sorted().toList();
    List<Reference> references = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      List<String> from = random.nextInt(4) == 0 ? List.of() : some(random, types);
      List<String> visible =
          tables.stream()
              .filter(table -> from.isEmpty() || !Collections.disjoint(from, table.from))
              .flatMap(table -> table.fields.stream())
              .map(Declared::name)
              .distinct()
              .sorted()
              .toList();
      boolean readsText = visible.isEmpty() || random.nextInt(6) == 0;
      references.add(new Reference("r" + i, from, readsText ? List.of() : some(random, visible)));
    }
    return references;
  }

  private static List<Event> events(Random random) {
    return IntStream.range(0, EVENTS)
        .mapToObj(i -> {
          Map<String, String> values = new TreeMap<>();
          for (String path : PATHS) {
            if (random.nextInt(4) > 0) {
              values.put(path, "00" + (1 + random.nextInt(900)));
            }
          }
          return new Event(Objects.requireNonNull(TYPES.get(i % TYPES.size())), values);
        })
        .toList();
  }

  /// At least one of `all`, in random order.
  private static List<String> some(Random random, List<String> all) {
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, 1 + random.nextInt(all.size()));
  }

  private Path write(List<Table> tables, List<Reference> references) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(folder.resolve("plain.sql"), "SELECT n, text(event, '$.p') AS a FROM events");
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        "pipeline: shop\nevery: 1m\nevent: {type: $.type, time: $.at}\nreferences:\n%s\ntables:\n%s\n"
            .formatted(
                references.stream().map(Reference::yaml).collect(Collectors.joining("\n")),
                tables.stream().map(Table::yaml).collect(Collectors.joining("\n"))));
    return folder;
  }
}
