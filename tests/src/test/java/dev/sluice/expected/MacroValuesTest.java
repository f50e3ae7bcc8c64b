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

  private static final int PAIRS = 20;
  private static final BigDecimal LIMIT_OF_RESULTS = BigDecimal.TEN.pow(28);

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
    compare(call, texts, expected, 1);
  }

  /// @param fewest the minimum number of values that the call can read
  private void compare(
      String call, List<String> texts, Function<String, Optional<Object>> expected, int fewest)
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
    assertThat(read).as("values that %s can read", call).isGreaterThanOrEqualTo(fewest);
  }

  /// All types of rates with amounts of money, and all types of amounts with a random type of
  /// rates.
  @Test
  void convertsMoneyExactly() throws SQLException {
    List<Decimal> types = Values.allDecimals().toList();
    Seeds.each(
        0,
        random -> {
          for (Decimal type : types) {
            convertsMoney(Decimal.MONEY, type, random);
            convertsMoney(type, types.get(random.nextInt(types.size())), random);
          }
        });
  }

  private void convertsMoney(Decimal amountType, Decimal rateType, RandomGenerator random) {
    List<Pair> pairs = new ArrayList<>();
    List<BigDecimal> rates = samples(rateType, random);
    for (BigDecimal amount : samples(amountType, random)) {
      rates.stream().map(rate -> new Pair(amount, rate)).forEach(pairs::add);
    }
    Collections.shuffle(pairs, java.util.Random.from(random));
    pairs.subList(Math.min(PAIRS, pairs.size()), pairs.size()).clear();
    converts(pairs, sqlType(amountType), sqlType(rateType));
  }

  private static String sqlType(Decimal type) {
    return "DECIMAL(%d,%d)".formatted(type.precision(), type.scale());
  }

  @Test
  void convertsToTheLimitsOfTheResult() {
    BigDecimal max = LIMIT_OF_RESULTS.subtract(new BigDecimal("0.01"));
    BigDecimal half = new BigDecimal("0.005");
    List<Pair> pairs =
        Stream.of(max, max.add(half), max.add(half).subtract(BigDecimal.ONE.movePointLeft(10)))
            .flatMap(amount -> Stream.of(amount, amount.negate()))
            .flatMap(amount ->
                Stream.of("1", "-1", "1.0000000000000000001", "0.9999999999999999999")
                    .map(rate -> new Pair(amount, new BigDecimal(rate))))
            .toList();

    converts(pairs, "DECIMAL(38,10)", "DECIMAL(38,36)");
    assertThat(pairs).anyMatch(pair -> pair.expected().isPresent());
    assertThat(pairs).anyMatch(pair -> pair.expected().isEmpty());
  }

  @Test
  void convertsWholeNumbers() {
    BigDecimal max = new BigDecimal(BigInteger.TWO.pow(127).subtract(BigInteger.ONE));
    List<Pair> pairs =
        Stream.of("0", "0.00000000001", "-0.00000000001", "1", "5e-13", "0.3")
            .map(BigDecimal::new)
            .flatMap(rate -> Stream.of(new Pair(max, rate), new Pair(max.negate(), rate)))
            .toList();

    converts(pairs, "HUGEINT", "DECIMAL(38,20)");
    converts(
        List.of(new Pair(BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(-3))),
        "BIGINT",
        "INTEGER");
  }

  @Test
  void returnsNullForADoubleWhoseTextHasNoDigitsOrAnExponent() throws SQLException {
    compare(
        "convert_money(t::DOUBLE, 1.5)",
        List.of("NaN", "Infinity", "1e-11", "-1e-11", "1e300"),
        _ -> Optional.empty(),
        0);
  }

  private void converts(List<Pair> pairs, String amountType, String rateType) {
    String values =
        pairs.stream()
            .map(pair ->
                "('%s', '%s')".formatted(pair.amount.toPlainString(), pair.rate.toPlainString()))
            .collect(Collectors.joining(", "));
    String sql =
        """
        SELECT result, typeof(result) FROM (
          SELECT convert_money(a::%s, r::%s) AS result
          FROM (VALUES %s, (NULL, '0'), ('0', NULL)) t(a, r))
        """
            .formatted(amountType, rateType, values);
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      for (Pair pair : pairs) {
        assertThat(rows.next()).isTrue();
        assertThat(Optional.ofNullable(rows.getBigDecimal(1)))
            .as("%s %s * %s %s", pair.amount, amountType, pair.rate, rateType)
            .isEqualTo(pair.expected());
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
    Optional<BigDecimal> expected() {
      return Optional.of(amount.multiply(rate).setScale(2, RoundingMode.HALF_UP))
          .filter(product -> product.abs().compareTo(LIMIT_OF_RESULTS) < 0);
    }
  }

  /// Values of a type: zero, the smallest and largest, those that make ties or nearly do, and
  /// random ones.
  private static List<BigDecimal> samples(Decimal type, RandomGenerator random) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    Stream<BigInteger> others =
        IntStream.range(0, 6)
            .mapToObj(_ ->
                new BigInteger(
                    1 + random.nextInt(limit.bitLength()), java.util.Random.from(random)));
    Stream<BigInteger> ties =
        IntStream.rangeClosed(0, type.precision() - 1)
            .mapToObj(zeros -> BigInteger.valueOf(5).multiply(BigInteger.TEN.pow(zeros)))
            .flatMap(tie -> Stream.of(tie, tie.subtract(BigInteger.ONE)));
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
