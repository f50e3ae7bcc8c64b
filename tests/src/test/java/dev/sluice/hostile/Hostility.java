package dev.sluice.hostile;

import static dev.sluice.hostile.Body.bad;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The classes of messages that nobody wants, each with what must become of its events.
@SuppressWarnings("ImmutableEnumChecker") // The recipes are lambdas that capture nothing.
enum Hostility {
  GOOD(pen -> pen.event().loaded()),

  // Not JSON
  CUT(pen -> bad("not_json", cut(pen, pen.event().toString()))),
  CUT_WHILE_PRINTED(pen -> bad("not_json", pen.event().printed().replaceAll("[\"}\n]+$", ""))),
  CUT_IN_AN_ESCAPE(
      pen -> bad("not_json", "{\"note\": \"x" + pen.pick("\\", "\\u", "\\u12", "\\ud83d\\u"))),
  NEVER_CLOSED(Weight.BIG, pen -> bad("not_json", pen.pick("[", "{\"a\":").repeat(10_000))),
  CLOSED_WRONG(pen -> spoilt(pen, "not_json", "\"a\": [1}")),
  TRAILING_COMMA(pen -> spoilt(pen, "not_json", "\"a\": 1,")),
  LEADING_COMMA(pen -> spoilt(pen, "not_json", ",\"a\": 1")),
  NO_COLON(pen -> spoilt(pen, "not_json", pen.pick("\"a\" 1", "\"a\"", "\"a\"::1", "\"a\"=1"))),
  SINGLE_QUOTES(pen -> spoilt(pen, "not_json", "'a': 'b'")),
  BARE_KEY(pen -> spoilt(pen, "not_json", pen.pick("a: 1", "1: 1", "null: 1"))),
  COMMENT(pen -> spoilt(pen, "not_json", pen.pick("/* a */ \"a\": 1", "\"a\": 1 // a", "# a"))),
  NOT_A_NUMBER(pen -> spoilt(pen, "not_json", "\"a\": " + pen.pick("NaN", "-NaN", "nan"))),
  INFINITE(pen -> spoilt(pen, "not_json", "\"a\": " + pen.pick("Infinity", "-Infinity", "+INF"))),
  NUMBER_OF_ANOTHER_LANGUAGE(pen ->
      spoilt(
          pen,
          "not_json",
          "\"a\": " + pen.pick("+1", "01", ".5", "1.", "0x1F", "1_000", "1e", "1e+", "--1"))),
  WORD_OF_ANOTHER_LANGUAGE(pen ->
      spoilt(
          pen,
          "not_json",
          "\"a\": " + pen.pick("True", "None", "undefined", "nul", "truee", "yes"))),
  CONTROL_CHARACTER(
      pen -> spoilt(pen, "not_json", "\"a\": \"x" + pen.pick("\0", "\1", "\t", "\u001f") + "\"")),
  RAW_LINE_BREAK(pen ->
      Body.lines(
          bad("not_json", pen.event().toString().replaceFirst("}$", ", \"a\": \"x")),
          bad("not_json", "y\"}"))),
  BAD_ESCAPE(pen ->
      spoilt(
          pen,
          "not_json",
          "\"a\": \"" + pen.pick("\\x41", "\\'", "\\0", "\\uXYZW", "\\u{41}") + "\"")),
  TWO_IN_ONE_LINE(pen -> bad("not_json", pen.event() + pen.pick("", " ", ",") + pen.event())),
  MORE_AFTER_IT(pen -> bad("not_json", pen.event() + pen.pick("x", "}", "]", ";", "\0", ")"))),
  MORE_BEFORE_IT(pen -> bad("not_json", pen.pick("x", ")]}',", "\0", "data: ") + pen.event())),
  BYTE_ORDER_MARK(pen -> bad("not_json", "\uFEFF" + pen.event())),
  RECORD_SEPARATOR(pen -> bad("not_json", "\u001e" + pen.event())),
  BLANKS_THAT_ARE_NONE_OF_JSON(
      pen -> bad("not_json", pen.pick("\u00a0", "\u2003", "\f", "\u000b") + pen.event())),
  UTF_16(pen ->
      bad(
          "not_json",
          new String(
              pen.event().toString().getBytes(StandardCharsets.UTF_16LE),
              StandardCharsets.ISO_8859_1))),
  BINARY(pen -> bad("not_json", "x" + pen.some("\0\1\2\u0007\u001b\u007f\u0080\u00ff\uFFFD", 200))),
  BASE_64(pen ->
      bad(
          "not_json",
          Base64.getEncoder()
              .encodeToString(pen.event().toString().getBytes(StandardCharsets.UTF_8)))),
  XML(pen -> bad("not_json", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")),
  CSV(pen -> bad("not_json", "thing," + pen.fresh() + ",=1+1,\"12,50\"")),
  EMPTY(pen -> bad("not_json", "")),
  BLANK(pen -> bad("not_json", pen.some(" \t\r\n", 50))),
  LINES_OF_ANOTHER_LANGUAGE(
      pen -> Body.lines(bad("not_json", "type: thing"), bad("not_json", "amount: " + pen.fresh()))),

  // JSON, but no event
  SCALAR(pen -> bad("not_an_object", pen.pick("0", "-1.5e3", "\"thing\"", "true", "null"))),
  EVENT_IN_A_STRING(pen -> bad("not_an_object", pen.quoted(pen.event().toString()))),
  EMPTY_ARRAY(pen -> bad("not_an_object", pen.pick("[]", "[ ]", "\n[\t]\r\n"))),
  ARRAY_IN_AN_ARRAY(pen -> Body.array(bad("not_an_object", "[" + pen.event() + "]"))),
  EMPTY_OBJECT(pen -> bad("missing_type", "{}")),

  // The same name twice
  TWICE_AT_THE_TOP(pen -> spoilt(pen, "duplicate_key", pen.pick("\"note\": 1", "\"type\": 1"))),
  TWICE_DEEP_DOWN(
      pen -> spoilt(pen, "duplicate_key", deep(1 + pen.below(62), "{\"a\": 1, \"a\": 1}"))),
  TWICE_BY_AN_ESCAPE(pen -> spoilt(pen, "duplicate_key", "\"\\u006eote\": 1")),
  TWICE_IN_AN_ITEM(pen -> spoilt(pen, "duplicate_key", "\"items\": [{}, {\"b\": 1, \"b\": 2}]")),
  TWICE_WITHOUT_A_NAME(pen -> spoilt(pen, "duplicate_key", "\"\": 1, \"\": 2")),
  TWICE_AMONG_THOUSANDS(
      Weight.BIG, pen -> spoilt(pen, "duplicate_key", members(5_000) + ", \"k17\": 1")),
  TWICE_BUT_FOR_CASE(pen -> pen.event().member("\"Note\": \"another\", \"NOTE\": 1").loaded()),
  THOUSANDS_OF_NAMES(Weight.BIG, pen -> pen.event().member(members(5_000)).loaded()),

  // Deep
  AS_DEEP_AS_ALLOWED(pen -> pen.event().member(deep(61, "{\"a\": []}")).loaded()),
  ONE_LEVEL_TOO_DEEP(pen -> spoilt(pen, "too_deep", deep(62, "{\"a\": []}"))),
  TEN_THOUSAND_DEEP(Weight.BIG, pen -> spoilt(pen, "too_deep", deep(10_000, "1"))),
  TEN_THOUSAND_ARRAYS_DEEP(
      Weight.BIG,
      pen -> spoilt(pen, "too_deep", "\"a\": " + "[".repeat(10_000) + "]".repeat(10_000))),
  HOPELESSLY_DEEP(Weight.HUGE, pen -> spoilt(pen, "too_deep", deep(150_000, "1"))),

  // Characters
  LONE_HIGH_SURROGATE(pen -> spoilt(pen, "bad_utf8", "\"a\": \"x\\ud83dy\"")),
  LONE_LOW_SURROGATE(pen -> spoilt(pen, "bad_utf8", "\"a\": [\"\\uDE00\"]")),
  SWAPPED_SURROGATES(pen -> spoilt(pen, "bad_utf8", "\"a\": \"\\ude00\\ud83d\"")),
  LONE_SURROGATE_IN_A_NAME(pen -> spoilt(pen, "bad_utf8", "\"\\ud800\": 1")),
  SURROGATE_THAT_NO_UTF_8_CARRIES(pen -> {
    String text = spoilt(pen, "bad_utf8", "\"a\": \"?\"").text();
    // Quarantine shows it as its escape.
    return new Body(
        text.replace('?', '\ud83d'), bad("bad_utf8", text.replace("?", "\\ud83d")).fates());
  }),
  ESCAPED_NUL(pen -> spoilt(pen, "bad_utf8", pen.pick("\"a\": \"\\u0000\"", "\"b\\u0000\": 1"))),
  BYTES_THAT_WERE_NO_UTF_8(pen -> pen.event().note("x" + notUtf8(pen)).loaded()),
  MOJIBAKE(pen ->
      pen.event()
          .note(
              new String("Zürich – €5".getBytes(StandardCharsets.UTF_8), Charset.forName("cp1252")))
          .loaded()),
  NO_CHARACTERS(
      pen -> pen.event().note("x" + pen.some("\uFFFE\uFFFF\uFDD0\uE000\uDBFF\uDFFF", 9)).loaded()),
  CONTROL_CHARACTERS_ESCAPED(
      pen -> pen.event().note("x" + pen.some("\1\b\f\n\r\t\u001b\u007f\u0085", 9) + "y").loaded()),
  LINE_SEPARATORS(pen -> pen.event().note("a\u2028b\u2029c\u0085d").loaded()),
  RIGHT_TO_LEFT(pen -> pen.event().note("x\u202Egpj.exe\u202C\u200F\u2066\u2069y").loaded()),
  EMOJI(
      pen -> pen.event().note(pen.some("👩\u200D👧🏴🇩🇪e\u0301\u0301\uFE0F", 40) + ".").loaded()),
  HOMOGLYPH_IN_THE_TYPE(
      pen -> spoilt(pen, "unknown_type", "type", pen.pick("\"thıng\"", "\"thіng\"", "\"ｔhing\""))),
  HOMOGLYPH_IN_A_NAME(
      pen -> pen.event().without("amount").member("\"аmount\": 1").quarantined("missing_field")),
  INVISIBLE_IN_THE_TYPE(
      pen -> spoilt(pen, "unknown_type", "type", "\"thing" + pen.pick("\u200b", "\u00ad") + "\"")),
  IDS_OF_TWO_NORMAL_FORMS(pen -> {
    String id = pen.fresh();
    return Body.array(pen.event().id(id + "é").loaded(), pen.event().id(id + "e\u0301").loaded());
  }),
  UNUSUAL_BLANKS(pen -> pen.event().note(pen.some(" \t\u2003\u3000\u2028", 5) + "x \n").loaded()),
  NOTHING_BUT_UNUSUAL_BLANKS(pen -> pen.event().note(pen.some("\u2003\u3000\u2028", 5)).loaded()),
  BLANK_THAT_IS_REQUIRED(
      pen -> spoilt(pen, "missing_field", "amount", "\"" + pen.some(" \u2003\u3000", 5) + "\"")),

  // Numbers
  NUMBER_PAST_ALL_DOUBLES(pen -> {
    String number = pen.pick("1e400", "-1E+400", "1e999999999", "9e-999999999", "1e-400");
    return pen.event().rawNote(number, number).loaded();
  }),
  AMOUNT_PAST_ALL_DOUBLES(pen -> spoilt(pen, "bad_amount", "amount", pen.pick("1e400", "1e-400"))),
  MINUS_ZERO(pen -> {
    String zero = pen.pick("-0", "-0.0", "-0e0", "0E-5");
    return pen.event().rawNote(zero, zero).raw("amount", "-0").loaded();
  }),
  TEN_THOUSAND_DIGITS(
      Weight.BIG,
      pen -> {
        String digits = pen.pick("-", "", "0.") + "1" + pen.some("0123456789", 1).repeat(10_000);
        return pen.event().rawNote(digits, digits).loaded();
      }),
  AMOUNT_OF_TEN_THOUSAND_DIGITS(
      Weight.BIG, pen -> spoilt(pen, "bad_amount", "amount", "1" + "0".repeat(10_000))),
  MORE_DIGITS_THAN_A_DOUBLE_HAS(pen -> {
    String number = pen.pick("9007199254740993", "0.1000000000000000055511151231257827");
    return pen.event().rawNote(number, number).loaded();
  }),
  AMOUNT_THAT_IS_NONE(pen ->
      spoilt(
          pen,
          "bad_amount",
          "amount",
          pen.pick(
              "12.345",
              "1e2",
              "\"1_000\"",
              "\"12,50\"",
              "\"€5\"",
              "\"0x10\"",
              "\"１２\"",
              "\"١٢\"",
              "\"NaN\"",
              "\"1 2\"",
              "12345678901234567",
              "true",
              "\"−5\""))),
  NEGATIVE_AMOUNT(pen -> spoilt(pen, "negative_amount", "amount", "\"-0.01\"")),

  // Texts that are code elsewhere
  SQL(pen ->
      pen.event()
          .note(
              pen.pick(
                  "'); DROP TABLE things; --",
                  "' OR ''='",
                  "$$;ATTACH 'x'$$",
                  "%s%n%1$s",
                  "\";COPY (SELECT 1) TO '" + Hostile.OUTSIDE + "';--",
                  "{\"a\":\"VARCHAR\"}",
                  "\\"))
          .loaded()),
  SQL_IN_THE_ID(pen -> pen.event().id("');DELETE FROM x;--" + pen.fresh()).loaded()),
  FORMULA(
      pen -> pen.event().note(pen.pick("=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3")).loaded()),
  TEMPLATE(pen ->
      pen.event()
          .note(pen.pick("${jndi:ldap://a/b}", "{{7*7}}", "$(rm -rf /)", "`id`", "#{1+1}"))
          .loaded()),
  SCRIPT(pen -> pen.event().note("</td><script>alert(\"x\")</script>").loaded()),
  TERMINAL_CODES(pen -> pen.event().note("x\u001b[2J\u001b]0;a\u0007\u009b31my").loaded()),
  NAMES_OF_ALL_KINDS(pen ->
      pen.event()
          .member(
              "\"__proto__\": {}, \"$\": 1, \"a.b\": 1, \"$.note\": 1, \"\": 1, \"*\": 1,"
                  + " \"n\": -1, \"event\": 1, \"\\\"\": 1, \"'\": 1, \"[0]\": 1, \"\\n\": 1")
          .loaded()),

  // Folders
  PATH_AS_PARTITION(pen ->
      pen.event()
          .country(
              pen.pick(
                  "../../../etc",
                  "..",
                  ".",
                  "a/b",
                  Hostile.OUTSIDE.toString(),
                  "a..b",
                  ".a",
                  "a.",
                  "a\\b",
                  "C:",
                  "~",
                  "file:///etc/passwd",
                  "s3://a/b"))
          .loaded()),
  ESCAPES_AS_PARTITION(pen ->
      pen.event()
          .country(
              pen.pick(
                  "%2F",
                  "%2e%2e%2f",
                  "%",
                  "a=b",
                  "dt=2026-01-01",
                  "a&b",
                  "a b",
                  "a\nb",
                  "*",
                  "a'b",
                  "a\"b",
                  "é",
                  "中",
                  "🙂",
                  "a\u202eb",
                  "__other",
                  "=1",
                  "$HOME"))
          .loaded()),
  NULLS_AS_PARTITION(pen ->
      pen.event()
          .country(pen.pick("__HIVE_DEFAULT_PARTITION__", "null", "NULL", " ", "NaN"))
          .loaded()),
  LONG_PARTITION(pen -> pen.event().country("A".repeat(64 + pen.below(400))).loaded()),
  MANY_PARTITIONS(pen -> pen.event().country(pen.some("ABCDEFGH", 6)).loaded()),
  DOTTED_PARTITION(pen -> pen.event().country(pen.pick("a.b", "A-1", "_", "0", "-")).loaded()),

  // Sizes
  NAME_OF_A_MEBIBYTE(
      Weight.HUGE,
      pen -> pen.event().member("\"" + "k".repeat((1 << 20) - 600) + "\": 1").loaded()),
  NAME_PAST_A_MEBIBYTE(
      Weight.HUGE, pen -> spoilt(pen, "too_large", "\"" + "k".repeat(1 << 20) + "\": 1")),
  MEBIBYTE(Weight.HUGE, pen -> padded(pen, "x", 1 << 20).loaded()),
  MEBIBYTE_OF_WIDE_CHARACTERS(Weight.HUGE, pen -> padded(pen, "€", 1 << 20).loaded()),
  ONE_BYTE_TOO_LARGE(
      Weight.HUGE, pen -> padded(pen, pen.pick("x", "€"), (1 << 20) + 1).quarantined("too_large")),
  LONG_TEXT(Weight.BIG, pen -> pen.event().note("x" + "long ".repeat(20_000) + "x").loaded()),
  LONG_ID(Weight.BIG, pen -> pen.event().id("i".repeat(100_000) + pen.fresh()).loaded()),
  BLANKS_AROUND_IT(Weight.BIG, pen -> around(" \r\n\t".repeat(2_500), pen.event().loaded())),
  THOUSANDS_OF_EVENTS(
      Weight.HUGE,
      pen -> Body.array(IntStream.range(0, 3_000).mapToObj(_ -> mixed(pen)).toArray(Body[]::new))),

  // Shapes
  MIXED_TYPES(pen -> {
    String number = pen.pick("1", "true", "1.50");
    return pen.below(2) == 0
        ? pen.event().rawNote(number, number).loaded()
        : pen.event().rawNote(pen.pick("{}", "[1]", "null", "{\"note\": 1}"), "").loaded();
  }),
  ITEMS_OF_MIXED_TYPES(pen ->
      pen.event()
          .raw(
              "items",
              pen.pick(
                  "5",
                  "\"x\"",
                  "{\"quantity\": 1}",
                  "[[{}]]",
                  "[null]",
                  "[1, \"a\", {}]",
                  "[{\"quantity\": [1]}]",
                  "{}",
                  "[{\"quantity\": \"x\", \"price\": {}}]",
                  "[{\"quantity\": 999999999999999999, \"price\": \"9999999999999999\"}]"))
          .loaded()),
  MISSING_TYPE(pen -> pen.event().without("type").quarantined("missing_type")),
  TYPE_THAT_IS_NO_TEXT(
      pen -> spoilt(pen, "missing_type", "type", pen.pick("null", "{}", "[\"thing\"]", "\" \""))),
  UNKNOWN_TYPE(pen ->
      spoilt(pen, "unknown_type", "type", pen.pick("\"Thing\"", "1", "true", "\"things\"", "0e0"))),
  MISSING_ID(pen ->
      pen.below(2) == 0
          ? pen.event().without("event_id").quarantined("missing_event_id")
          : spoilt(pen, "missing_event_id", "event_id", pen.pick("{}", "[1]", "\"\\t\""))),
  MISSING_FIELD(pen -> pen.event().without("amount").quarantined("missing_field")),
  MISSING_INNER_FIELD(pen ->
      spoilt(pen, "missing_field", "owner", pen.pick("\"Ada\"", "{}", "[{\"name\": 1}]", "null"))),
  LEFT_OUT(pen -> pen.event().member("\"left_out\": true").filtered()),

  // Times
  TIME_WITHOUT_ZONE(pen -> time(pen, "bad_time", "2026-01-10T11:00:00", "2026-01-10 11:00")),
  ZONE_THAT_IS_NONE(pen ->
      time(
          pen,
          "bad_time",
          "2026-01-10T11:00:00+25:00",
          "2026-01-10T11:00:00+18:01",
          "2026-01-10T11:00:00Europe/Atlantis",
          "2026-01-10T11:00:00+01:00[Moon/Tycho]",
          "2026-01-10T11:00:00 CET")),
  LEAP_SECOND(pen -> time(pen, "bad_time", "2025-12-31T23:59:60Z", "2026-01-10T11:00:60+00:00")),
  HOUR_24(pen -> time(pen, "bad_time", "2026-01-09T24:00:00Z", "2026-01-09T25:00:00Z")),
  DAY_THAT_IS_NONE(pen -> time(pen, "bad_time", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z")),
  YEAR_0(pen -> time(pen, "too_old", "0000-01-01T00:00:00Z", "-0001-12-31T23:59:59Z")),
  YEAR_10000(pen -> time(pen, "bad_time", "10000-01-01T00:00:00Z", "12026-01-10T11:00:00Z")),
  YEAR_10000_AS_ISO_HAS_IT(
      pen -> time(pen, "in_the_future", "+10000-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z")),
  YEAR_PAST_ALL_YEARS(pen -> time(pen, "bad_time", "+9999999999-01-01T00:00:00Z")),
  EPOCH(pen -> time(pen, "bad_time", "1767225600", "1767225600000")),
  TIME_IN_WORDS(pen -> time(pen, "bad_time", "now", "Sat, 10 Jan 2026 11:00:00 GMT", "10.01.2026")),
  TIME_IN_OTHER_DIGITS(pen -> time(pen, "bad_time", "２０２６-01-10T11:00:00Z", "٢٠٢٦-01-10T11:00Z")),
  TOO_OLD(pen -> time(pen, "too_old", "1969-12-31T23:59:59Z", "2025-01-01T00:00:00Z")),
  IN_THE_FUTURE(pen -> time(pen, "in_the_future", "2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z")),
  NO_TIME(pen -> spoilt(pen, "missing_field", "occurred_at", pen.pick("null", "\"\"", "{}"))),
  UNUSUAL_TIME(pen ->
      pen.event()
          .raw(
              "occurred_at",
              "\"%s\""
                  .formatted(
                      pen.sent().toString().replaceFirst("Z$", pen.pick("z", "+00:00", "Z"))))
          .loaded()),

  // Several events in one message
  ARRAY_OF_ALL_KINDS(
      pen -> Body.array(mixed(pen), pen.event().loaded(), bad("not_an_object", "7"), mixed(pen))),
  LINES_OF_ALL_KINDS(pen ->
      Body.lines(
          pen.event().loaded(), bad("not_json", "oops"), bad("not_an_object", "7"), mixed(pen))),
  LINES_OF_WINDOWS(
      pen -> Body.windowsLines(pen.event().loaded(), bad("not_json", "oops"), mixed(pen))),
  LINES_WITH_BLANK_ONES(pen ->
      around("\n \r\n\t\n", Body.lines(pen.event().loaded(), blank(), pen.event().loaded()))),
  ARRAYS_AMONG_LINES(
      pen -> Body.lines(pen.event().loaded(), bad("not_an_object", "[" + pen.event() + "]"))),
  ARRAY_THAT_IS_CUT(pen -> bad("not_json", "[" + pen.event() + ", " + pen.event())),
  PRINTED(pen -> {
    Draft event = pen.event();
    return new Body(event.printed(), event.loaded().fates());
  }),
  PRINTED_ARRAY(pen -> around("\n", Body.array(pen.event().loaded(), mixed(pen)))),

  // Again
  SENT_TWICE(pen -> {
    Draft event = pen.event();
    return Body.array(event.loaded(), event.shuffled().duplicate());
  }),
  SENT_WITH_OTHER_CONTENT(pen -> {
    Draft event = pen.event();
    return Body.array(
        event.loaded(), event.member("\"changed\": 1").quarantined("conflicting_duplicate"));
  }),
  SENT_AGAIN_CORRECTED(pen -> {
    Draft event = pen.event();
    Body wrong = event.raw("amount", "-1").quarantined("negative_amount");
    return Body.array(wrong, event.raw("amount", "1").loaded());
  });

  /// How often a class comes, so that the large ones do not crowd out the others.
  private enum Weight {
    USUAL(1_000),
    BIG(20),
    HUGE(1);

    private final int times;

    Weight(int times) {
      this.times = times;
    }
  }

  private interface Recipe {
    Body write(Pen pen);
  }

  private static final int ALL = Stream.of(values()).mapToInt(c -> c.weight.times).sum();

  private final Weight weight;
  private final Recipe recipe;

  Hostility(Recipe recipe) {
    this(Weight.USUAL, recipe);
  }

  Hostility(Weight weight, Recipe recipe) {
    this.weight = weight;
    this.recipe = recipe;
  }

  Body write(Pen pen) {
    return recipe.write(pen);
  }

  /// Any class, by weight.
  static Hostility any(Pen pen) {
    int left = pen.below(ALL);
    for (Hostility each : values()) {
      left -= each.weight.times;
      if (left < 0) {
        return each;
      }
    }
    throw new IllegalStateException("the weights do not add up");
  }

  private static Body spoilt(Pen pen, String reason, String member) {
    return pen.event().member(member).quarantined(reason);
  }

  private static Body spoilt(Pen pen, String reason, String field, String json) {
    return pen.event().raw(field, json).quarantined(reason);
  }

  private static Body time(Pen pen, String reason, String... times) {
    return spoilt(pen, reason, "occurred_at", "\"" + pen.pick(times) + "\"");
  }

  /// One event in one line, good or bad, but JSON.
  private static Body mixed(Pen pen) {
    return switch (pen.below(6)) {
      case 0 -> spoilt(pen, "negative_amount", "amount", "-1");
      case 1 -> spoilt(pen, "duplicate_key", "\"note\": 1");
      case 2 -> spoilt(pen, "bad_utf8", "\"\\udcff\": \"\\ud83d\"");
      case 3 -> spoilt(pen, "unknown_type", "type", "\"nothing\"");
      default -> pen.event().note("]},\n{[" + pen.below(9)).loaded();
    };
  }

  private static String cut(Pen pen, String text) {
    return text.substring(0, 1 + pen.below(text.length() - 1));
  }

  private static Body blank() {
    return new Body(" \r", List.of());
  }

  private static Body around(String blanks, Body body) {
    return new Body(blanks + body.text() + blanks, body.fates());
  }

  private static String deep(int levels, String leaf) {
    return "\"d\": " + "{\"a\": ".repeat(levels) + leaf + "}".repeat(levels);
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\": " + i)
        .collect(Collectors.joining(", "));
  }

  /// An event that has exactly `bytes` bytes.
  private static Draft padded(Pen pen, String character, int bytes) {
    Draft event = pen.event().raw("padding", "\"\"");
    int room = bytes - event.toString().getBytes(StandardCharsets.UTF_8).length;
    int width = character.getBytes(StandardCharsets.UTF_8).length;
    return event.raw(
        "padding", "\"" + character.repeat(room / width) + "x".repeat(room % width) + "\"");
  }

  /// What a reader makes of bytes that are not UTF-8: overlong forms, cut ones, surrogates, bytes
  /// that never occur, points past the last.
  private static String notUtf8(Pen pen) {
    String hex =
        pen.pick(
            "c0af",
            "e08080",
            "f0808080",
            "80",
            "bf",
            "c3",
            "e282",
            "f09f98",
            "eda080",
            "eda0bdedb880",
            "f4908080",
            "f888808080",
            "fc8480808080",
            "fe",
            "ff",
            "c328");
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8) + ".";
  }
}
