package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.AnyJson;
import dev.sluice.field.FieldType.Day;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Flag;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Real;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldType.Text;
import dev.sluice.field.FieldType.Time;
import dev.sluice.field.FieldType.Whole;
import dev.sluice.json.JsonPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The forms of a field. The cases of `invalid-pipelines` have the messages of the invalid ones.
final class FieldsReaderTest {
  private static final List<String> NAMES =
      List.of("text", "whole", "money", "number", "flag", "day", "instant", "json");
  private static final List<FieldType> TYPES =
      List.of(
          new Text(),
          new Whole(),
          Decimal.MONEY,
          new Real(),
          new Flag(),
          new Day(),
          new Time(),
          new AnyJson());

  /// Names of members, most of which are also names of options or types.
  private static final List<String> MEMBERS =
      List.of("city", "type", "path", "required", "reason", "unreadable", "description", "text");

  @TempDir Path root;

  static Stream<Arguments> types() {
    return Stream.concat(
        Stream.iterate(0, i -> i < NAMES.size(), i -> i + 1)
            .map(i -> Arguments.of(NAMES.get(i), TYPES.get(i))),
        Stream.of(
            Arguments.of("decimal(1,0)", new Decimal(1, 0)),
            Arguments.of("decimal(12, 4)", new Decimal(12, 4)),
            Arguments.of("decimal(38,38)", new Decimal(38, 38)),
            Arguments.of("text[]", new Elements(new Text())),
            Arguments.of("[text]", new Elements(new Text())),
            Arguments.of("whole[][]", new Elements(new Elements(new Whole()))),
            Arguments.of("[[whole]]", new Elements(new Elements(new Whole()))),
            Arguments.of("decimal(3,1)[]", new Elements(new Decimal(3, 1))),
            Arguments.of(
                "[{quantity: whole, unit_price: money}]",
                new Elements(
                    new Struct(
                        List.of(
                            new Member("quantity", new Whole()),
                            new Member("unit_price", Decimal.MONEY))))),
            Arguments.of(
                "{City: text, days: [day], at: {from: instant}}",
                new Struct(
                    List.of(
                        new Member("City", new Text()),
                        new Member("days", new Elements(new Day())),
                        new Member("at", new Struct(List.of(new Member("from", new Time())))))))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void readsATypeInEachForm(String yaml, FieldType type) throws Exception {
    JsonPath path = JsonPath.parse("$.f").orElseThrow();
    assertThat(field("f: " + yaml))
        .isEqualTo(new Field("f", rule(path, type, false, "bad_field", false), ""));
    assertThat(field("f: {type: " + quoted(yaml) + "}"))
        .isEqualTo(new Field("f", rule(path, type, false, "bad_field", false), ""));
    if (yaml.matches("[a-z].*")) {
      assertThat(field("f: " + yaml + ", required").rule())
          .isEqualTo(rule(path, type, true, "bad_field", false));
      assertThat(field("f: {" + quoted(yaml) + ": $.f}").rule())
          .isEqualTo(rule(path, type, false, "bad_field", false));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{text: '$.a.\"b c\"', required: true, reason: no_f, description: What it is.}",
        "{type: text, path: '$.a.\"b c\"', required: true, reason: no_f, description: What it is.}",
        "{description: What it is., reason: no_f, required: true, path: '$.a.\"b c\"', type: text}",
      })
  void readsEachOption(String yaml) throws Exception {
    assertThat(field("f: " + yaml))
        .isEqualTo(
            new Field(
                "f",
                rule(new JsonPath(List.of("a", "b c")), new Text(), true, "no_f", false),
                "What it is."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{text: $.f, unreadable: null}", "{type: text, unreadable: null}"})
  void readsUnreadableNull(String yaml) throws Exception {
    assertThat(field("f: " + yaml).rule().nullIfUnreadable()).isTrue();
  }

  @Test
  void aMappingWithTypeAndOtherNamesIsAStruct() throws Exception {
    assertThat(field("f: {type: text, city: text}").rule().type())
        .isEqualTo(
            new Struct(List.of(new Member("type", new Text()), new Member("city", new Text()))));
    assertThat(field("f: {type: {type: text}}").rule().type())
        .isEqualTo(new Struct(List.of(new Member("type", new Text()))));
  }

  @Test
  void fieldsHaveTheOrderOfTheFile() throws Exception {
    assertThat(fields("b: text\n      a: whole\n      _1: day").stream().map(Field::name))
        .containsExactly("b", "a", "_1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void readsAnyNestedType(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      FieldType type = type(random, 4);

      assertThat(field("f: {type: " + yaml(type) + "}").rule().type()).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void rejectsAnyOtherTextWithAProblemOfTheField(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      String valid = NAMES.get(random.nextInt(NAMES.size()));
      int at = 1 + random.nextInt(valid.length() - 1);
      String text =
          valid.substring(0, at) + "x(,)[ ".charAt(random.nextInt(6)) + valid.substring(at);

      PipelineFolder folder = folder("f: \"" + text + "\"");
      PipelineProblems thrown = catchThrowableOfType(PipelineProblems.class, folder::load);

      assertThat(thrown).as(text).isNotNull();
      assertThat(thrown.problems()).extracting(Problem::field).containsExactly("tables.t.fields.f");
    }
  }

  private static FieldType type(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 2 : 4)) {
      case 0 -> TYPES.get(random.nextInt(TYPES.size()));
      case 1 -> {
        int precision = 1 + random.nextInt(38);
        yield new Decimal(precision, random.nextInt(precision + 1));
      }
      case 2 -> new Elements(type(random, depth - 1));
      default ->
          new Struct(
              MEMBERS.subList(0, 1 + random.nextInt(MEMBERS.size())).stream()
                  .map(name -> new Member(name, type(random, depth - 1)))
                  .toList());
    };
  }

  private static String yaml(FieldType type) {
    return switch (type) {
      case Decimal(int precision, int scale) -> "\"decimal(%d,%d)\"".formatted(precision, scale);
      case Elements(FieldType element) -> "[" + yaml(element) + "]";
      case Struct(List<Member> members) ->
          members.stream()
              .map(member -> member.name() + ": " + yaml(member.type()))
              .collect(Collectors.joining(", ", "{", "}"));
      case FieldType _ -> NAMES.get(TYPES.indexOf(type));
    };
  }

  /// A type as a value or key between braces.
  private static String quoted(String yaml) {
    return yaml.startsWith("[") || yaml.startsWith("{") ? yaml : "\"" + yaml + "\"";
  }

  private static Field.Rule rule(
      JsonPath path, FieldType type, boolean required, String reason, boolean nullIfUnreadable) {
    return new Field.Rule(path, type, required, reason, nullIfUnreadable);
  }

  private Field field(String yaml) throws Exception {
    List<Field> fields = fields(yaml);
    assertThat(fields).hasSize(1);
    return fields.getFirst();
  }

  private List<Field> fields(String yaml) throws Exception {
    return folder(yaml).load().tables().getFirst().fields();
  }

  private PipelineFolder folder(String fields) throws Exception {
    Path folder = Files.createDirectories(root.resolve("p"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: p
        every: 1m
        event: {type: $.type, time: $.at}
        tables:
          t:
            from: t
            fields:
              %s
        """
            .formatted(fields));
    return new PipelineFolder(folder);
  }
}
