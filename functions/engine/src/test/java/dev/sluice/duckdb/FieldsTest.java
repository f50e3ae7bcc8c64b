package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Engine.Output;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The fields that a pipeline declares, from a message to a row.
final class FieldsTest {
  @TempDir Path root;

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text|\"  A-1 \"|VARCHAR|A-1",
        "text|12.50|VARCHAR|12.50",
        "text|true|VARCHAR|true",
        "whole|\" -007\"|BIGINT|-7",
        "whole|-9223372036854775808|BIGINT|-9223372036854775808",
        "whole|9223372036854775807|BIGINT|9223372036854775807",
        "money|12.5|DECIMAL(18,2)|12.50",
        "money|\"-9999999999999999.99\"|DECIMAL(18,2)|-9999999999999999.99",
        "decimal(4,4)|0.1234|DECIMAL(4,4)|.1234",
        "decimal(9,0)|-123456789|DECIMAL(9,0)|-123456789",
        "decimal(38,6)|99999999999999999999999999999999.000001|DECIMAL(38,6)|99999999999999999999999999999999.000001",
        "number|1e-3|DOUBLE|0.001",
        "number|\"0.1\"|DOUBLE|0.1",
        "flag|true|BOOLEAN|true",
        "flag|\"false\"|BOOLEAN|false",
        "day|\"2026-02-28\"|DATE|2026-02-28",
        "day|\"0001-01-01\"|DATE|0001-01-01",
        "day|\"9999-12-31\"|DATE|9999-12-31",
        "instant|\"2026-02-28T23:30:00.123456789+02:00\"|TIMESTAMP|2026-02-28 21:30:00.123456",
        "instant|\"0001-01-01T00:00Z\"|TIMESTAMP|0001-01-01 00:00:00",
        "instant|\"9999-12-31T23:59:59.999999Z\"|TIMESTAMP|9999-12-31 23:59:59.999999",
        "json|{\"b\": 1.0, \"a\": [null, \" x \"]}|VARCHAR|{\"b\":1.0,\"a\":[null,\" x \"]}",
        "json|\"\"|VARCHAR|\"\"",
        "text[]|[\"a\", \" \", null, 7]|VARCHAR[]|[a, '', NULL, 7]",
        "text[]|[]|VARCHAR[]|[]",
        "whole[][]|[[1, 2], [], null]|BIGINT[][]|[[1, 2], [], NULL]",
        "money[]|[\"1.5\", null]|DECIMAL(18,2)[]|[1.50, NULL]",
        "decimal(38,6)[]|[0.1]|DECIMAL(38,6)[]|[0.100000]",
        "number[]|[1e3]|DOUBLE[]|[1000.0]",
        "flag[]|[true, \"false\"]|BOOLEAN[]|[true, false]",
        "day[]|[\"0001-01-01\"]|DATE[]|[0001-01-01]",
        "instant[]|[\"1969-12-31T23:59:59.999999Z\"]|TIMESTAMP[]|['1969-12-31 23:59:59.999999']",
        "json[]|[{\"a\": 1}]|VARCHAR[]|['{\"a\":1}']",
        "{city: text, zip: text}|{\"zip\": \" 1 \", \"other\": 2}|STRUCT(city VARCHAR, zip VARCHAR)|{'city': NULL, 'zip': 1}",
        "{a: {b: {c: whole}}}|{\"a\": {\"b\": {\"c\": 7}}}|STRUCT(a STRUCT(b STRUCT(c BIGINT)))|{'a': {'b': {'c': 7}}}",
        "{a: {b: whole}, l: [whole], p: [{x: number}]}|{\"l\": [1], \"p\": [{\"x\": 1}, {}]}|STRUCT(a STRUCT(b BIGINT), l BIGINT[], p STRUCT(x DOUBLE)[])|{'a': NULL, 'l': [1], 'p': [{'x': 1.0}, {'x': NULL}]}",
        "{a: {b: whole}, l: [whole], p: [{x: number}]}|{\"a\": {}}|STRUCT(a STRUCT(b BIGINT), l BIGINT[], p STRUCT(x DOUBLE)[])|{'a': {'b': NULL}, 'l': NULL, 'p': NULL}",
        "[{q: whole, at: instant, tags: [text], p: {x: money, on: day}}]|[{\"q\": 2, \"at\": \"2026-02-28T00:00Z\", \"tags\": [\"a\"], \"p\": {\"x\": 1, \"on\": \"2026-02-28\"}}, null, {}]|STRUCT(q BIGINT, \"at\" TIMESTAMP, tags VARCHAR[], p STRUCT(x DECIMAL(18,2), \"on\" DATE))[]|[{'q': 2, 'at': '2026-02-28 00:00:00', 'tags': [a], 'p': {'x': 1.00, 'on': 2026-02-28}}, NULL, {'q': NULL, 'at': NULL, 'tags': NULL, 'p': NULL}]",
      })
  void aValueHasTheTypeOfItsField(String type, String json, String sqlType, String value)
      throws Exception {
    Output output = run(table("v: " + type), "{\"v\": %s}".formatted(json), "{}", "{\"v\": null}");

    assertThat(rows(output, "things", "typeof(v) || ' ' || coalesce(v::VARCHAR, 'NULL')"))
        .containsExactly(sqlType + " " + value, sqlType + " NULL", sqlType + " NULL");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text|{\"a\": 1}|v: '{\"a\":1}' is not a text, number or boolean",
        "whole|1.0|v: '1.0' is not a whole number in the range of BIGINT",
        "whole|9223372036854775808|v: '9223372036854775808' is not a whole number in the range of BIGINT",
        "money|\"12,50\"|v: '12,50' is not a decimal number with at most 16 digits before the point and 2 after it",
        "decimal(4,4)|1|v: '1' is not a decimal number with at most 0 digits before the point and 4 after it",
        "number|\"NaN\"|v: 'NaN' is not a number",
        "flag|1|v: '1' is not true or false",
        "day|\"2026-02-30\"|v: '2026-02-30' is not a day like 2026-02-28",
        "instant|\"2026-02-28\"|v: '2026-02-28' is not a time with an offset, like 2026-02-28T09:15:00Z",
        "text[]|\"a\"|v: 'a' is not a list",
        "whole[]|[1, \"\"]|v[1]: '' is not a whole number in the range of BIGINT",
        "{city: text}|7|v: '7' is not an object",
        "[{lines: [{q: whole}]}]|[{}, {\"lines\": [{\"q\": \"x\"}]}]|v[1].lines[0].q: 'x' is not a whole number in the range of BIGINT",
      })
  void anUnreadableValueIsABadField(String type, String json, String detail) throws Exception {
    Output output = run(table("v: " + type), "{\"v\": %s}".formatted(json));

    assertThat(quarantine(output)).containsExactly("bad_field " + detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"v\": null}", "{\"v\": \"  \"}"})
  void aRequiredFieldThatIsAbsentIsAMissingField(String event) throws Exception {
    assertThat(quarantine(run(table("v: whole, required"), event)))
        .containsExactly("missing_field v");
    assertThat(quarantine(run(table("v: {whole: $.v, required: true, reason: bad_v}"), event)))
        .containsExactly("missing_field v");
  }

  @Test
  void theReasonsOfFieldsFollowThoseOfAdmissionAndPrecedeExpectations() throws Exception {
    String table =
        table("v: {whole: $.place.v, reason: bad_v}", "w: flag", "x: text, required")
            + "\n    expect: {never: false}";

    Output output = run(table, "{\"place\": {\"v\": \"x\"}, \"w\": 7, \"at\": \"noon\"}");

    assertThat(rows(output, "quarantine", "reason || ' of ' || reasons::VARCHAR"))
        .containsExactly("missing_field of [missing_field, bad_time, bad_v, bad_field, never]");
    assertThat(rows(output, "quarantine", "detail").getFirst())
        .startsWith("place.v: 'x' is not a whole number in the range of BIGINT; w: '7' is not");
  }

  @Test
  void anUnreadableValueCanBeNull() throws Exception {
    Output output =
        run(
            table(
                "v: {whole: $.v, unreadable: null}",
                "w: {type: [{q: whole, name: text}], unreadable: null}"),
            "{\"v\": \"x\", \"w\": [{\"q\": \"x\", \"name\": \"a\"}, 7, {\"q\": 1}]}",
            "{\"v\": 1, \"w\": 7}");

    assertThat(rows(output, "things", "{v: v, w: w}"))
        .containsExactly(
            "{'v': NULL, 'w': [{'q': NULL, 'name': a}, NULL, {'q': 1, 'name': NULL}]}",
            "{'v': 1, 'w': NULL}");
  }

  @Test
  void anUnreadableValueOfARequiredFieldThatCanBeNullIsMissing() throws Exception {
    Output output =
        run(table("v: {whole: $.v, unreadable: null, required: true}"), "{\"v\": \"x\"}");

    assertThat(quarantine(output)).containsExactly("missing_field v");
  }

  @Test
  void eachTableSeesItsOwnFieldOfTheSameName() throws Exception {
    Output output =
        run(
            table("v: whole", "w: {text: $.other}")
                + "\n  others: {from: thing, fields: {v: text, w: {flag: $.w, reason: bad_w}}, sql: others.sql}",
            "{\"v\": \" 007\", \"other\": \"o\", \"w\": true}");

    assertThat(rows(output, "things", "{v: v, w: w}")).containsExactly("{'v': 7, 'w': o}");
    assertThat(rows(output, "others", "{v: v, w: w}")).containsExactly("{'v': 007, 'w': true}");
  }

  @Test
  void aTableHasTheEventsOfItsTypesOnly() throws Exception {
    Output output =
        run(
            table("v: whole") + "\n  others: {from: [other, third], fields: {v: text}}",
            "{\"v\": 1}",
            "{\"type\": \"other\", \"v\": \"x\"}",
            "{\"type\": \"third\"}",
            "{\"v\": 2}");

    assertThat(rows(output, "things", "v")).containsExactly("1", "2");
    assertThat(rows(output, "others", "coalesce(v, 'NULL')")).containsExactly("x", "NULL");
  }

  @Test
  void keysSeeTheFieldsOfTheTablesOfTheirTypes() throws Exception {
    Map<String, List<String>> looked = new LinkedHashMap<>();
    String references =
        """
        references:
          people: {table: people, key: id, keys: "coalesce(person, owner)", columns: {id: VARCHAR}}
          owners: {table: owners, key: id, keys: owner, from: other, columns: {id: VARCHAR}}
        """;

    run(
        references,
        table("person: {text: $.by}") + "\n  others: {from: other, fields: {owner: text}}",
        (reference, keys) -> {
          looked.put(reference.name(), new ArrayList<>(new TreeSet<>(keys)));
          return List.of();
        },
        "{\"by\": \"ann\"}",
        "{\"type\": \"other\", \"owner\": \"bob\"}",
        "{\"owner\": \"not a field of things\"}");

    assertThat(looked).isEqualTo(Map.of("people", List.of("ann", "bob"), "owners", List.of("bob")));
  }

  @Test
  void keysDoNotDependOnFieldsThatTheyDoNotRead() throws Exception {
    Output output =
        run(
            "references: {people: {table: people, key: id, keys: person, columns: {id: VARCHAR}}}\n",
            table("person: text", "v: whole")
                + "\n  others: {from: other, fields: {v: {x: flag}, w: [day]}}"
                + "\n  thirds: {from: thing, fields: {v: [text]}}",
            (_, _) -> List.of(),
            "{\"person\": \"ann\"}",
            "{\"type\": \"other\"}");

    assertThat(output.counts().loaded()).isEqualTo(2);
  }

  @Test
  void keysSeeAFieldThatHasTwoTypesAsText() throws Exception {
    Map<String, List<String>> looked = new LinkedHashMap<>();
    run(
        "references: {people: {table: people, key: id, keys: v, columns: {id: VARCHAR}}}\n",
        table("v: whole") + "\n  others: {from: other, fields: {v: text}}",
        (reference, keys) -> {
          looked.put(reference.name(), new ArrayList<>(new TreeSet<>(keys)));
          return List.of();
        },
        "{\"v\": 7}",
        "{\"type\": \"other\", \"v\": \"x\"}");

    assertThat(looked).isEqualTo(Map.of("people", List.of("7", "x")));
  }

  /// The table `things` with these fields.
  private static String table(String... fields) {
    return "  things:\n    from: thing\n    fields:\n      " + String.join("\n      ", fields);
  }

  private Output run(String tables, String... events) throws Exception {
    return run("", tables, (_, _) -> List.of(), events);
  }

  /// Runs a batch with one message for each event. `type` and `at` are added if they are missing.
  private Output run(
      String sections,
      String tables,
      BiFunction<Reference, List<String>, List<Map<String, String>>> references,
      String... events)
      throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        "pipeline: shop\nevery: 1m\nevent: {type: $.type, time: $.at}\n%stables:\n%s\n"
            .formatted(sections, tables));
    Files.writeString(folder.resolve("others.sql"), "SELECT n, v, w FROM events");
    Path work = Files.createTempDirectory(root, "work");
    return OneBatch.run(
        new PipelineFolder(folder).load(),
        Stream.of(events).map(FieldsTest::complete).toList(),
        references,
        work);
  }

  private static String complete(String event) {
    String defaults =
        (event.contains("\"type\"") ? "" : ", \"type\": \"thing\"")
            + (event.contains("\"at\": \"noon") ? "" : ", \"at\": \"2026-11-20T11:00:00Z\"");
    String whole = event.substring(0, event.length() - 1) + defaults + "}";
    return whole.replaceFirst("^\\{, ", "{");
  }

  private List<String> quarantine(Output output) throws Exception {
    return rows(output, "quarantine", "reason || ' ' || detail");
  }

  /// An expression of each row of a table, in the order of the messages.
  private List<String> rows(Output output, String table, String expression) throws Exception {
    return OneBatch.rows(output, root, table, expression);
  }
}
