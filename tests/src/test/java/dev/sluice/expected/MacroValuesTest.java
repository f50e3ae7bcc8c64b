package dev.sluice.expected;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.expected.Value.Members;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.OfDay;
import dev.sluice.field.FieldValue.OfDecimal;
import dev.sluice.field.FieldValue.OfFlag;
import dev.sluice.field.FieldValue.OfNumber;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.OfWhole;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Each macro returns what `BigDecimal`, `BigInteger` and `java.time` return.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MacroValuesTest {
  /// The macros that convert a text, and SQL that makes their results comparable.
  private static final Map<String, FieldType> CONVERSIONS =
      Map.of(
          "to_whole(%s)", new FieldType.Whole(),
          "to_money(%s)", Decimal.MONEY,
          "to_number(%s)", new FieldType.Real(),
          "to_flag(%s)", new FieldType.Flag(),
          "to_day(%s) - DATE '1970-01-01'", new FieldType.Day(),
          "epoch_us(to_instant(%s))", new FieldType.Time());

  /// The same macros for a value of an event.
  private static final Map<String, FieldType> OF_EVENTS =
      Map.of(
          "whole(t, '$.v')", new FieldType.Whole(),
          "money(t, '$.v')", Decimal.MONEY,
          "number(t, '$.v')", new FieldType.Real(),
          "flag(t, '$.v')", new FieldType.Flag(),
          "iso_day(t, '$.v') - DATE '1970-01-01'", new FieldType.Day(),
          "epoch_us(instant(t, '$.v'))", new FieldType.Time());

  private static final List<String> CONTAINERS =
      List.of("{}", "[]", "{\"v\": 1}", "[1, \"x\"]", "null", "true", "false", "-0", "1.50", "1e3");

  private static final int PAIRS = 40;
  private static final int MAX_RATE_SCALE = 35;

  private Connection db;

  @BeforeAll
  void open() throws SQLException, IOException {
    db = Macros.open();
  }

  @AfterAll
  void close() throws SQLException {
    db.close();
  }

  @Test
  void convertTextsWithoutTrimming() throws SQLException {
    List<String> texts = new ArrayList<>(Values.TEXTS);
    texts.addAll(Values.TIMES);
    texts.addAll(Values.ofDecimal(18, 2).toList());
    Seeds.each(1, random -> IntStream.range(0, 2_000).forEach(_ -> texts.add(time(random))));
    for (Map.Entry<String, FieldType> macro : CONVERSIONS.entrySet()) {
      compare(
          macro.getKey().formatted("t"),
          texts,
          text -> ExpectedScalars.read(macro.getValue(), text).map(MacroValuesTest::comparable));
    }
  }

  @Test
  void readValuesOfEvents() throws SQLException {
    RandomText json = new RandomText(new java.util.Random(1));
    List<String> events =
        Stream.of(Values.TEXTS.stream(), Values.ofDecimal(18, 2), Values.TIMES.stream().limit(500))
            .flatMap(texts -> texts)
            .map(json::string)
            .filter(text -> StrictJson.read(text).problem().isEmpty())
            .collect(Collectors.toCollection(ArrayList::new));
    events.addAll(CONTAINERS);
    events.replaceAll(
        value -> JsonWriter.normal(StrictJson.read("{\"v\": " + value + "}").value()));
    for (Map.Entry<String, FieldType> macro : OF_EVENTS.entrySet()) {
      compare(
          macro.getKey(),
          events,
          event ->
              text(event)
                  .flatMap(text -> ExpectedScalars.read(macro.getValue(), text))
                  .map(MacroValuesTest::comparable));
    }
    compare("text(t, '$.v')", events, event -> text(event).map(text -> text));
    compare("is_money(t, '$.v')", events, event -> is(Decimal.MONEY, event));
    compare("is_whole(t, '$.v')", events, event -> is(new FieldType.Whole(), event));
    compare(
        "fields(t, '{\"v\": \"VARCHAR\"}').v",
        events,
        event -> text(event).or(() -> container(event)).map(text -> text));
  }

  private static Optional<Object> is(FieldType type, String event) {
    return text(event).map(text -> ExpectedScalars.read(type, text).isPresent());
  }

  private static Optional<String> text(String event) {
    return value(event).flatMap(ExpectedFields::scalar);
  }

  private static Optional<String> container(String event) {
    return value(event).filter(v -> !ExpectedFields.isBlank(v)).map(JsonWriter::verbatim);
  }

  private static Optional<Value> value(String event) {
    return ExpectedFields.at(List.of("v"), (Members) StrictJson.read(event).value());
  }

  private static String time(RandomGenerator random) {
    long limit = Instant.parse("9999-12-30T00:00:00Z").getEpochSecond();
    OffsetDateTime time =
        Instant.ofEpochSecond(
                random.nextLong(Instant.parse("0001-01-02T00:00:00Z").getEpochSecond(), limit))
            .plusNanos(random.nextInt(1_000_000_000))
            .atOffset(ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 60, 18 * 60 + 1) * 60));
    return time.toString();
  }

  private static Object comparable(FieldValue value) {
    return switch (value) {
      case OfWhole(long number) -> number;
      case OfDecimal(BigDecimal number) -> number;
      case OfNumber(double number) -> number;
      case OfFlag(boolean flag) -> flag;
      case OfDay day -> day.value().toEpochDay();
      case OfTime(Instant time) -> ChronoUnit.MICROS.between(Instant.EPOCH, time);
      default -> throw new IllegalArgumentException("not a result of a macro: " + value);
    };
  }

  private void compare(String call, List<String> texts, Function<String, Optional<Object>> expected)
      throws SQLException {
    List<Optional<Object>> values = new ArrayList<>();
    try (PreparedStatement select =
        db.prepareStatement("SELECT %s FROM (SELECT unnest(?::VARCHAR[]) AS t)".formatted(call))) {
      select.setArray(1, db.createArrayOf("VARCHAR", texts.toArray()));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          values.add(Optional.ofNullable(rows.getObject(1)));
        }
      }
    }
    assertThat(values).hasSameSizeAs(texts);
    int read = 0;
    for (int i = 0; i < texts.size(); i++) {
      assertThat(values.get(i))
          .as("%s of '%s'", call, texts.get(i))
          .isEqualTo(expected.apply(texts.get(i)));
      read += values.get(i).isPresent() ? 1 : 0;
    }
    assertThat(read).as("values that %s can read", call).isPositive();
  }

  /// All types of rates that docs/macros.md allows, and all types of amounts in cents.
  @Test
  void convertsMoneyExactly() throws SQLException {
    Seeds.each(
        1,
        random -> {
          Values.allDecimals()
              .filter(rate -> rate.scale() <= MAX_RATE_SCALE)
              .forEach(rate -> convertsMoney(Decimal.MONEY, rate, random));
          Values.allDecimals()
              .filter(amount -> amount.precision() <= 18 && amount.scale() <= 2)
              .forEach(amount -> convertsMoney(amount, new Decimal(18, 6), random));
        });
  }

  private void convertsMoney(Decimal amountType, Decimal rateType, RandomGenerator random) {
    List<Pair> pairs = new ArrayList<>();
    List<BigDecimal> rates = samples(rateType, random);
    for (BigDecimal amount : samples(amountType, random)) {
      rates.stream().map(rate -> new Pair(amount, rate)).filter(Pair::fits).forEach(pairs::add);
    }
    Collections.shuffle(pairs, java.util.Random.from(random));
    pairs.subList(Math.min(PAIRS, pairs.size()), pairs.size()).clear();
    String values =
        pairs.stream()
            .map(pair ->
                "('%s', '%s')".formatted(pair.amount.toPlainString(), pair.rate.toPlainString()))
            .collect(Collectors.joining(", "));
    String sql =
        """
        SELECT result, typeof(result) FROM (
          SELECT convert_money(a::DECIMAL(%d,%d), r::DECIMAL(%d,%d)) AS result
          FROM (VALUES %s, (NULL, '0'), ('0', NULL)) t(a, r))
        """
            .formatted(
                amountType.precision(),
                amountType.scale(),
                rateType.precision(),
                rateType.scale(),
                values);
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      for (Pair pair : pairs) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getBigDecimal(1))
            .as("%s * %s, %s", pair.amount, pair.rate, rateType)
            .isEqualTo(pair.amount.multiply(pair.rate).setScale(2, RoundingMode.HALF_UP));
        assertThat(rows.getString(2)).isEqualTo("DECIMAL(30,2)");
      }
      for (int i = 0; i < 2; i++) {
        assertThat(rows.next()).isTrue();
        @Nullable BigDecimal ofNull = rows.getBigDecimal(1);
        assertThat(ofNull).isNull();
      }
    } catch (SQLException failed) {
      throw new AssertionError(amountType + " * " + rateType, failed);
    }
  }

  /// An amount and a rate.
  private record Pair(BigDecimal amount, BigDecimal rate) {
    /// Whether the rate has at most 32 digits before the point, and the product fits 38 digits, and
    /// DECIMAL(30,2) when it is rounded.
    boolean fits() {
      BigInteger product = amount.setScale(2).unscaledValue().multiply(rate.unscaledValue());
      return rate.abs().compareTo(BigDecimal.TEN.pow(32)) < 0
          && product.abs().compareTo(BigInteger.TEN.pow(38)) < 0
          && amount.multiply(rate).abs().compareTo(BigDecimal.TEN.pow(28).subtract(BigDecimal.ONE))
              < 0;
    }
  }

  /// Values of a type: zero, the smallest and largest, those that make ties, and random ones.
  private static List<BigDecimal> samples(Decimal type, RandomGenerator random) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    Stream<BigInteger> others =
        IntStream.range(0, 6)
            .mapToObj(_ ->
                new BigInteger(
                    1 + random.nextInt(limit.bitLength()), java.util.Random.from(random)));
    Stream<BigInteger> ties =
        IntStream.rangeClosed(0, type.precision() - 1)
            .mapToObj(zeros -> BigInteger.valueOf(5).multiply(BigInteger.TEN.pow(zeros)));
    return Stream.of(
            Stream.of(BigInteger.ZERO, BigInteger.ONE, limit.subtract(BigInteger.ONE)),
            ties,
            others)
        .flatMap(values -> values)
        .filter(value -> value.compareTo(limit) < 0)
        .flatMap(value -> Stream.of(value, value.negate()))
        .map(value -> new BigDecimal(value, type.scale()))
        .distinct()
        .toList();
  }
}
