package dev.sluice.expected;

import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Struct;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Types of fields, and texts at the boundaries of what each type accepts.
final class Values {
  /// Each type on its own, in lists and in structs.
  static final List<FieldType> TYPES = types();

  /// The texts of scalars. Those that are not JSON values are written as strings.
  static final List<String> TEXTS =
      Stream.of(wholes(), decimals(), numbers(), words(), days(), strings())
          .flatMap(texts -> texts)
          .distinct()
          .toList();

  /// Times, and texts that are almost times.
  static final List<String> TIMES = times().toList();

  private Values() {}

  private static List<FieldType> types() {
    List<FieldType> scalars =
        List.of(
            new FieldType.Text(),
            new FieldType.Whole(),
            Decimal.MONEY,
            new Decimal(38, 6),
            new Decimal(4, 4),
            new Decimal(19, 0),
            new FieldType.Real(),
            new FieldType.Flag(),
            new FieldType.Day(),
            new FieldType.Time(),
            new FieldType.AnyJson());
    return scalars.stream()
        .flatMap(type ->
            Stream.of(
                type,
                new Elements(type),
                new Elements(new Elements(type)),
                new Struct(List.of(new Member("a", type), new Member("b", new FieldType.Text()))),
                new Elements(new Struct(List.of(new Member("a", type))))))
        .toList();
  }

  private static Stream<String> wholes() {
    return Stream.of(
            "0",
            "1",
            "12",
            "9223372036854775806",
            "9223372036854775807",
            "9223372036854775808",
            "9223372036854775809",
            "9999999999999999999",
            "10000000000000000000",
            "18446744073709551616",
            "007",
            "0000000000000000007",
            "00000000000000000007",
            "1_000",
            "1 000",
            "0x10",
            "\u0661\u0662",
            "\uff11")
        .flatMap(Values::signed);
  }

  private static Stream<String> decimals() {
    return Stream.of(
            "0.0",
            "0.00",
            "0.000",
            "0.01",
            "0.1",
            "0.1234",
            "0.9999",
            "0.12345",
            "1.0000",
            "9.99",
            "10.00",
            "12.5",
            "12.345",
            "12.500",
            "00.5",
            "12,50",
            "1.2.3",
            ".5",
            "5.",
            "9999999999999999.99",
            "9999999999999999.999",
            "10000000000000000",
            "10000000000000000.00",
            "99999999999999999999999999999999.999999",
            "100000000000000000000000000000000",
            "99999999999999999999999999999999.9999999")
        .flatMap(Values::signed);
  }

  private static Stream<String> numbers() {
    return Stream.of(
            "1e3",
            "1E3",
            "1e+3",
            "1e-3",
            "1.5e0",
            "0e0",
            "0.0e-5",
            "1e308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e309",
            "1e400",
            "1e99999999999",
            "4.9e-324",
            "2e-324",
            "1e-400",
            "1e-99999999999",
            "9007199254740993",
            "0.1000000000000000055511151231257827",
            "NaN",
            "Infinity",
            "1f",
            "1d",
            "0x1p3",
            "1e",
            "1e1.5",
            "e5")
        .flatMap(Values::signed);
  }

  private static Stream<String> words() {
    return Stream.of("true", "false", "True", "FALSE", "yes", "t", "null", "NULL");
  }

  private static Stream<String> days() {
    return Stream.of(
        "0000-12-31",
        "0001-01-01",
        "1600-02-29",
        "1900-02-29",
        "1969-12-31",
        "1970-01-01",
        "2000-02-29",
        "2024-02-29",
        "2025-02-29",
        "2026-00-10",
        "2026-01-00",
        "2026-01-31",
        "2026-01-32",
        "2026-02-28",
        "2026-02-30",
        "2026-04-31",
        "2026-12-31",
        "2026-13-01",
        "9999-12-31",
        "10000-01-01",
        "-0001-01-01",
        "+2026-01-01",
        "2026-1-01",
        "2026-01-1",
        "20260101",
        "2026/01/01",
        "2026-001",
        "2026-W01-1",
        "28.02.2026");
  }

  private static Stream<String> times() {
    List<String> days =
        List.of("0000-12-31", "0001-01-01", "1969-12-31", "2024-02-29", "2026-02-29", "9999-12-31");
    List<String> clocks =
        List.of(
            "00:00",
            "00:00:00",
            "05:59:59.9",
            "12:34:56.123456789",
            "17:59:60",
            "18:00:00.000001",
            "18:00:00.0000019",
            "23:59:59.999999",
            "23:59:59.9999999",
            "23:59:59.999999999",
            "23:59:59.9999999999",
            "23:60",
            "24:00",
            "24:00:00",
            "9:00",
            "09:00:5",
            "09:00:00.",
            "09:00.5",
            "0900");
    List<String> offsets =
        List.of(
            "Z",
            "z",
            "",
            "+00:00",
            "-00:00",
            "+05:30",
            "-05:30",
            "+17:59",
            "-17:59",
            "+18:00",
            "-18:00",
            "+18:01",
            "-18:01",
            "+19:00",
            "+01:60",
            "+0100",
            "+01",
            "+01:00:00",
            "+1:00",
            " Z",
            "Z ",
            "UTC",
            "[UTC]");
    Stream<String> all =
        days.stream()
            .flatMap(day ->
                clocks.stream()
                    .flatMap(clock -> offsets.stream().map(offset -> day + "T" + clock + offset)));
    return Stream.concat(
        all,
        Stream.of("2026-02-28t09:00z", "2026-02-28 09:00Z", "2026-02-28", "1772321400", "now"));
  }

  private static Stream<String> strings() {
    return Stream.of(
        "",
        " ",
        "\t\n",
        "\u2003",
        "\u00a0",
        "\u001f",
        "\u0085",
        " A-1 ",
        "x \u0085",
        "x \u2028",
        "\u00a0x",
        "K\u00f6ln",
        "\ud83d\ude00",
        "a\"b\\c\u0007\u007f\u2028",
        "9".repeat(100),
        "9".repeat(101),
        "9".repeat(99) + "\ud83d\ude00",
        "9".repeat(98) + "\ud83d\ude00",
        "9".repeat(98) + "\ud83d\ude00x");
  }

  private static Stream<String> signed(String digits) {
    return Stream.of(digits, "-" + digits, "+" + digits, "--" + digits);
  }

  /// Values at the boundaries of `DECIMAL(precision, scale)`.
  static Stream<String> ofDecimal(int precision, int scale) {
    String nines = "9".repeat(precision - scale);
    String fraction = "9".repeat(scale);
    Stream<String> magnitudes =
        Stream.of(
            "0",
            "1",
            "00",
            "0" + nines,
            "1" + "0".repeat(precision - scale),
            nines.isEmpty() ? "0" : nines,
            (nines.isEmpty() ? "0" : nines) + "." + fraction,
            (nines.isEmpty() ? "0" : nines) + "." + fraction + "9",
            (nines.isEmpty() ? "0" : nines) + "." + fraction + "0",
            "0." + "0".repeat(Math.max(0, scale - 1)) + "1",
            "1." + fraction);
    return magnitudes.flatMap(Values::signed);
  }

  /// All types `decimal(p,s)`.
  static Stream<Decimal> allDecimals() {
    return IntStream.rangeClosed(1, 38)
        .boxed()
        .flatMap(p -> IntStream.rangeClosed(0, p).mapToObj(s -> new Decimal(p, s)));
  }
}
