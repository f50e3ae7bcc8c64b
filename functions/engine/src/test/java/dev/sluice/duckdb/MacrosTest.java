package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.field.Field;
import dev.sluice.field.FieldReader;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.Absent;
import dev.sluice.field.FieldValue.OfDay;
import dev.sluice.field.FieldValue.OfDecimal;
import dev.sluice.field.FieldValue.OfFlag;
import dev.sluice.field.FieldValue.OfNumber;
import dev.sluice.field.FieldValue.OfText;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.OfWhole;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.Json;
import dev.sluice.json.JsonPath;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The macros never fail, and they read the same values as fields of the same type.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MacrosTest {
  private static final int TEXTS = 20_000;

  /// Texts that are close to valid ones: each random text is one of these with a few changes.
  private static final List<String> SEEDS =
      List.of(
          "12",
          "-9223372036854775808",
          "9223372036854775807",
          "1234567890123456.78",
          "-0.01",
          "1e308",
          "-2.5E-7",
          "true",
          "false",
          "2026-02-28",
          "0001-01-01",
          "9999-12-31",
          "2026-02-28T23:30Z",
          "2026-02-28T23:30:00+02:00",
          "0001-01-01T00:00:00.123456789-18:00",
          "9999-12-31T23:59:59.999999999+17:59",
          "{\"v\": \"x\"}",
          "{\"v\": [1, {\"w\": null}]}",
          "[]",
          "\"text\"",
          "null",
          "");

  private static final String ALPHABET =
      "0123456789-+.:TZtzeE \"{}[],\\uxv\0\u00e9\ud83d\ude00\u0661";

  private final Random random = new Random(7);
  private final List<String> texts = Stream.generate(this::text).distinct().limit(TEXTS).toList();
  private DuckDb db;

  @BeforeAll
  void open(@TempDir Path folder) throws SQLException {
    db = new DuckDb(folder, "200MB");
    db.attachBatch();
    db.run("CREATE TABLE texts (i BIGINT, t VARCHAR)");
    try (var rows = db.appender("main", "texts")) {
      for (int i = 0; i < texts.size(); i++) {
        rows.beginRow();
        rows.append((long) i).append(texts.get(i));
        rows.endRow();
      }
    }
  }

  @AfterAll
  void close() {
    db.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text(t, '$.v')",
        "text(text(t, '$.v'), '$.id')",
        "fields(t, '{\"v\": \"VARCHAR\"}')",
        "whole(t, '$.v')",
        "money(t, '$.v')",
        "number(t, '$.v')",
        "flag(t, '$.v')",
        "iso_day(t, '$.v')",
        "instant(t, '$.v')",
        "is_money(t, '$.v')",
        "is_whole(t, '$.v')",
      })
  void aMacroNeverFails(String call) throws SQLException {
    assertThat(db.rows("SELECT %s FROM texts".formatted(call), row -> 0)).hasSize(texts.size());
  }

  @Test
  void haveTheTypesOfFields() throws SQLException {
    assertThat(
            db.rows(
                "SELECT typeof(to_whole('')), typeof(to_money('')), typeof(to_number('')),"
                    + " typeof(to_flag('')), typeof(to_day('')), typeof(to_instant(''))",
                row ->
                    List.of(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6))))
        .containsExactly(
            List.of("BIGINT", "DECIMAL(18,2)", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"));
  }

  @Test
  void readTheSameValuesAsFields() throws SQLException {
    assertThat(
            Stream.of(
                compare("to_whole(t)", new FieldType.Whole()),
                compare("to_money(t)", Decimal.MONEY),
                compare("to_number(t)", new FieldType.Real()),
                compare("to_day(t)", new FieldType.Day()),
                compare("to_instant(t)", new FieldType.Time())))
        .as("the number of texts that each macro can read")
        .allMatch(readable -> readable > 20);
    assertThat(compare("to_flag(t)", new FieldType.Flag())).isEqualTo(2);
  }

  private long compare(String call, FieldType type) throws SQLException {
    List<Optional<Object>> values =
        db.rows(
            "SELECT %s FROM texts ORDER BY i".formatted(call),
            row -> Optional.ofNullable(row.getObject(1)));
    long readable = 0;
    for (int i = 0; i < values.size(); i++) {
      String text = texts.get(i);
      if (text.equals(text.strip())) {
        Optional<Object> expected = expected(type, text);
        assertThat(values.get(i).map(MacrosTest::comparable))
            .as("%s of '%s'", call, text)
            .isEqualTo(expected);
        readable += expected.isPresent() ? 1 : 0;
      }
    }
    return readable;
  }

  private static Object comparable(Object value) {
    return value instanceof Timestamp time ? time.toLocalDateTime() : value;
  }

  private static Optional<Object> expected(FieldType type, String text) {
    JsonPath path = new JsonPath(List.of("v"));
    Json.Obj event = Json.object(Json.field("v", text));
    Field.Rule rule = new Field.Rule(path, type, false, Field.BAD_FIELD, false);
    FieldValue value = FieldReader.read(rule, event);
    return switch (value) {
      case OfWhole(long number) -> Optional.of(number);
      case OfDecimal(BigDecimal number) -> Optional.of(number);
      case OfNumber(double number) -> Optional.of(number);
      case OfFlag(boolean flag) -> Optional.of(flag);
      case OfDay(LocalDate day) -> Optional.of(day);
      case OfTime time -> Optional.of(LocalDateTime.ofInstant(time.value(), ZoneOffset.UTC));
      case Absent _, Unreadable _ -> Optional.empty();
      case OfText _, FieldValue.OfElements _, FieldValue.OfMembers _ ->
          throw new IllegalStateException("not a type of this test: " + type);
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(text.length() + 1);
      int c = ALPHABET.codePointAt(random.nextInt(ALPHABET.length()));
      String change = Character.isSurrogate((char) c) ? "\ud83d\ude00" : Character.toString(c);
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, change);
        case 1 -> text.delete(at, Math.min(at + 1, text.length()));
        default -> text.replace(at, Math.min(at + 1, text.length()), change);
      }
    }
    String all = text.toString();
    return all.codePoints()
        .filter(c -> c != 0 && (c < 0xD800 || c > 0xDFFF))
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
