package dev.sluice.hostile;

import static dev.sluice.hostile.MessageBody.quarantined;

import dev.sluice.hostile.ExpectedOutcome.Loaded;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The classes of hostile messages, each with the expected outcomes of its events.
@SuppressWarnings("ImmutableEnumChecker") // The generators are lambdas that capture nothing.
enum HostileEvents {
  VALID(gen -> gen.event().loaded()),

  // Not JSON
  TRUNCATED(gen -> quarantined("not_json", truncated(gen, gen.event().toString()))),
  TRUNCATED_PRETTY_PRINTED(
      gen -> quarantined("not_json", gen.event().prettyPrinted().replaceAll("[\"}\n]+$", ""))),
  TRUNCATED_IN_AN_ESCAPE(gen ->
      quarantined("not_json", "{\"note\": \"x" + gen.pick("\\", "\\u", "\\u12", "\\ud83d\\u"))),
  UNCLOSED_BRACKETS(
      Frequency.BIG, gen -> quarantined("not_json", gen.pick("[", "{\"a\":").repeat(10_000))),
  MISMATCHED_BRACKETS(gen -> invalid(gen, "not_json", "\"a\": [1}")),
  TRAILING_COMMA(gen -> invalid(gen, "not_json", "\"a\": 1,")),
  LEADING_COMMA(gen -> invalid(gen, "not_json", ",\"a\": 1")),
  MISSING_COLON(
      gen -> invalid(gen, "not_json", gen.pick("\"a\" 1", "\"a\"", "\"a\"::1", "\"a\"=1"))),
  SINGLE_QUOTES(gen -> invalid(gen, "not_json", "'a': 'b'")),
  UNQUOTED_KEY(gen -> invalid(gen, "not_json", gen.pick("a: 1", "1: 1", "null: 1"))),
  COMMENT(gen -> invalid(gen, "not_json", gen.pick("/* a */ \"a\": 1", "\"a\": 1 // a", "# a"))),
  NAN(gen -> invalid(gen, "not_json", "\"a\": " + gen.pick("NaN", "-NaN", "nan"))),
  INFINITY(gen -> invalid(gen, "not_json", "\"a\": " + gen.pick("Infinity", "-Infinity", "+INF"))),
  NON_JSON_NUMBER(gen ->
      invalid(
          gen,
          "not_json",
          "\"a\": " + gen.pick("+1", "01", ".5", "1.", "0x1F", "1_000", "1e", "1e+", "--1"))),
  NON_JSON_LITERAL(gen ->
      invalid(
          gen,
          "not_json",
          "\"a\": " + gen.pick("True", "None", "undefined", "nul", "truee", "yes"))),
  CONTROL_CHARACTER(
      gen -> invalid(gen, "not_json", "\"a\": \"x" + gen.pick("\0", "\1", "\t", "\u001f") + "\"")),
  LINE_BREAK_IN_A_STRING(gen ->
      MessageBody.lines(
          quarantined("not_json", gen.event().toString().replaceFirst("}$", ", \"a\": \"x")),
          quarantined("not_json", "y\"}"))),
  INVALID_ESCAPE(gen ->
      invalid(
          gen,
          "not_json",
          "\"a\": \"" + gen.pick("\\x41", "\\'", "\\0", "\\uXYZW", "\\u{41}") + "\"")),
  TWO_EVENTS_ON_ONE_LINE(
      gen -> quarantined("not_json", gen.event() + gen.pick("", " ", ",") + gen.event())),
  TRAILING_TEXT(
      gen -> quarantined("not_json", gen.event() + gen.pick("x", "}", "]", ";", "\0", ")"))),
  LEADING_TEXT(
      gen -> quarantined("not_json", gen.pick("x", ")]}',", "\0", "data: ") + gen.event())),
  BYTE_ORDER_MARK(gen -> quarantined("not_json", "\uFEFF" + gen.event())),
  RECORD_SEPARATOR(gen -> quarantined("not_json", "\u001e" + gen.event())),
  NON_JSON_WHITESPACE(
      gen -> quarantined("not_json", gen.pick("\u00a0", "\u2003", "\f", "\u000b") + gen.event())),
  UTF_16(gen ->
      quarantined(
          "not_json",
          new String(
              gen.event().toString().getBytes(StandardCharsets.UTF_16LE),
              StandardCharsets.ISO_8859_1))),
  BINARY(gen ->
      quarantined("not_json", "x" + gen.anyOf("\0\1\2\u0007\u001b\u007f\u0080\u00ff\uFFFD", 200))),
  BASE_64(gen ->
      quarantined(
          "not_json",
          Base64.getEncoder()
              .encodeToString(gen.event().toString().getBytes(StandardCharsets.UTF_8)))),
  XML(gen ->
      quarantined(
          "not_json", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")),
  CSV(gen -> quarantined("not_json", "thing," + gen.unique() + ",=1+1,\"12,50\"")),
  EMPTY(gen -> quarantined("not_json", "")),
  BLANK(gen -> quarantined("not_json", gen.anyOf(" \t\r\n", 50))),
  YAML_LINES(gen ->
      MessageBody.lines(
          quarantined("not_json", "type: thing"),
          quarantined("not_json", "amount: " + gen.unique()))),

  // JSON, but not an event
  SCALAR(gen -> quarantined("not_an_object", gen.pick("0", "-1.5e3", "\"thing\"", "true", "null"))),
  EVENT_IN_A_STRING(gen -> quarantined("not_an_object", gen.quoted(gen.event().toString()))),
  EMPTY_ARRAY(gen -> quarantined("not_an_object", gen.pick("[]", "[ ]", "\n[\t]\r\n"))),
  ARRAY_IN_AN_ARRAY(
      gen -> MessageBody.array(quarantined("not_an_object", "[" + gen.event() + "]"))),
  EMPTY_OBJECT(gen -> quarantined("missing_type", "{}")),

  // The same key twice
  DUPLICATE_KEY_AT_THE_TOP(
      gen -> invalid(gen, "duplicate_key", gen.pick("\"note\": 1", "\"type\": 1"))),
  DUPLICATE_KEY_IN_NESTED_OBJECT(
      gen -> invalid(gen, "duplicate_key", deep(1 + gen.below(62), "{\"a\": 1, \"a\": 1}"))),
  DUPLICATE_KEY_BY_AN_ESCAPE(gen -> invalid(gen, "duplicate_key", "\"\\u006eote\": 1")),
  DUPLICATE_KEY_IN_AN_ARRAY_ITEM(
      gen -> invalid(gen, "duplicate_key", "\"items\": [{}, {\"b\": 1, \"b\": 2}]")),
  DUPLICATE_EMPTY_KEY(gen -> invalid(gen, "duplicate_key", "\"\": 1, \"\": 2")),
  DUPLICATE_KEY_AMONG_THOUSANDS(
      Frequency.BIG, gen -> invalid(gen, "duplicate_key", members(5_000) + ", \"k17\": 1")),
  KEYS_THAT_DIFFER_IN_CASE(
      gen -> gen.event().member("\"Note\": \"another\", \"NOTE\": 1").loaded()),
  THOUSANDS_OF_KEYS(Frequency.BIG, gen -> gen.event().member(members(5_000)).loaded()),

  // Nesting
  MAXIMUM_DEPTH(gen -> gen.event().member(deep(61, "{\"a\": []}")).loaded()),
  ONE_LEVEL_TOO_DEEP(gen -> invalid(gen, "too_deep", deep(62, "{\"a\": []}"))),
  TEN_THOUSAND_DEEP(Frequency.BIG, gen -> invalid(gen, "too_deep", deep(10_000, "1"))),
  TEN_THOUSAND_ARRAYS_DEEP(
      Frequency.BIG,
      gen -> invalid(gen, "too_deep", "\"a\": " + "[".repeat(10_000) + "]".repeat(10_000))),
  HUNDRED_FIFTY_THOUSAND_DEEP(Frequency.HUGE, gen -> invalid(gen, "too_deep", deep(150_000, "1"))),

  // Characters
  LONE_HIGH_SURROGATE(gen -> invalid(gen, "bad_utf8", "\"a\": \"x\\ud83dy\"")),
  LONE_LOW_SURROGATE(gen -> invalid(gen, "bad_utf8", "\"a\": [\"\\uDE00\"]")),
  SWAPPED_SURROGATES(gen -> invalid(gen, "bad_utf8", "\"a\": \"\\ude00\\ud83d\"")),
  LONE_SURROGATE_IN_A_KEY(gen -> invalid(gen, "bad_utf8", "\"\\ud800\": 1")),
  UNENCODABLE_SURROGATE(gen -> {
    String text = invalid(gen, "bad_utf8", "\"a\": \"?\"").text();
    // Quarantine has it as an escape.
    return new MessageBody(
        text.replace('?', '\ud83d'),
        quarantined("bad_utf8", text.replace("?", "\\ud83d")).outcomes());
  }),
  ESCAPED_NUL(gen -> invalid(gen, "bad_utf8", gen.pick("\"a\": \"\\u0000\"", "\"b\\u0000\": 1"))),
  DECODED_INVALID_UTF_8(gen -> gen.event().note("x" + decodedInvalidUtf8(gen)).loaded()),
  MOJIBAKE(gen ->
      gen.event()
          .note(
              new String("Zürich – €5".getBytes(StandardCharsets.UTF_8), Charset.forName("cp1252")))
          .loaded()),
  NONCHARACTERS(
      gen -> gen.event().note("x" + gen.anyOf("\uFFFE\uFFFF\uFDD0\uE000\uDBFF\uDFFF", 9)).loaded()),
  ESCAPED_CONTROL_CHARACTERS(
      gen -> gen.event().note("x" + gen.anyOf("\1\b\f\n\r\t\u001b\u007f\u0085", 9) + "y").loaded()),
  LINE_SEPARATORS(gen -> gen.event().note("a\u2028b\u2029c\u0085d").loaded()),
  RIGHT_TO_LEFT(gen -> gen.event().note("x\u202Egpj.exe\u202C\u200F\u2066\u2069y").loaded()),
  EMOJI(
      gen -> gen.event().note(gen.anyOf("👩\u200D👧🏴🇩🇪e\u0301\u0301\uFE0F", 40) + ".").loaded()),
  HOMOGLYPH_IN_THE_TYPE(
      gen -> invalid(gen, "unknown_type", "type", gen.pick("\"thıng\"", "\"thіng\"", "\"ｔhing\""))),
  HOMOGLYPH_IN_A_KEY(
      gen -> gen.event().without("amount").member("\"аmount\": 1").quarantined("missing_field")),
  INVISIBLE_CHARACTER_IN_THE_TYPE(
      gen -> invalid(gen, "unknown_type", "type", "\"thing" + gen.pick("\u200b", "\u00ad") + "\"")),
  IDS_IN_TWO_UNICODE_NORMAL_FORMS(gen -> {
    String id = gen.unique();
    return MessageBody.array(
        gen.event().id(id + "é").loaded(), gen.event().id(id + "e\u0301").loaded());
  }),
  UNICODE_WHITESPACE(
      gen -> gen.event().note(gen.anyOf(" \t\u2003\u3000\u2028", 5) + "x \n").loaded()),
  ONLY_UNICODE_WHITESPACE(gen -> gen.event().note(gen.anyOf("\u2003\u3000\u2028", 5)).loaded()),
  BLANK_REQUIRED_FIELD(
      gen -> invalid(gen, "missing_field", "amount", "\"" + gen.anyOf(" \u2003\u3000", 5) + "\"")),

  // Numbers
  NUMBER_OUT_OF_DOUBLE_RANGE(gen -> {
    String number = gen.pick("1e400", "-1E+400", "1e999999999", "9e-999999999", "1e-400");
    return gen.event().rawNote(number, number).loaded();
  }),
  AMOUNT_OUT_OF_DOUBLE_RANGE(
      gen -> invalid(gen, "bad_amount", "amount", gen.pick("1e400", "1e-400"))),
  MINUS_ZERO(gen -> {
    String zero = gen.pick("-0", "-0.0", "-0e0", "0E-5");
    return gen.event().rawNote(zero, zero).raw("amount", "-0").loaded();
  }),
  TEN_THOUSAND_DIGITS(
      Frequency.BIG,
      gen -> {
        String digits = gen.pick("-", "", "0.") + "1" + gen.anyOf("0123456789", 1).repeat(10_000);
        return gen.event().rawNote(digits, digits).loaded();
      }),
  AMOUNT_OF_TEN_THOUSAND_DIGITS(
      Frequency.BIG, gen -> invalid(gen, "bad_amount", "amount", "1" + "0".repeat(10_000))),
  MORE_DIGITS_THAN_A_DOUBLE(gen -> {
    String number = gen.pick("9007199254740993", "0.1000000000000000055511151231257827");
    return gen.event().rawNote(number, number).loaded();
  }),
  INVALID_AMOUNT(gen ->
      invalid(
          gen,
          "bad_amount",
          "amount",
          gen.pick(
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
  NEGATIVE_AMOUNT(gen -> invalid(gen, "negative_amount", "amount", "\"-0.01\"")),

  // Texts that are code in another language
  SQL(gen ->
      gen.event()
          .note(
              gen.pick(
                  "'); DROP TABLE things; --",
                  "' OR ''='",
                  "$$;ATTACH 'x'$$",
                  "%s%n%1$s",
                  "\";COPY (SELECT 1) TO '" + Hostile.OUTSIDE + "';--",
                  "{\"a\":\"VARCHAR\"}",
                  "\\"))
          .loaded()),
  SQL_IN_THE_ID(gen -> gen.event().id("');DELETE FROM x;--" + gen.unique()).loaded()),
  FORMULA(
      gen -> gen.event().note(gen.pick("=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3")).loaded()),
  TEMPLATE(gen ->
      gen.event()
          .note(gen.pick("${jndi:ldap://a/b}", "{{7*7}}", "$(rm -rf /)", "`id`", "#{1+1}"))
          .loaded()),
  SCRIPT(gen -> gen.event().note("</td><script>alert(\"x\")</script>").loaded()),
  TERMINAL_ESCAPE_CODES(gen -> gen.event().note("x\u001b[2J\u001b]0;a\u0007\u009b31my").loaded()),
  UNUSUAL_KEYS(gen ->
      gen.event()
          .member(
              "\"__proto__\": {}, \"$\": 1, \"a.b\": 1, \"$.note\": 1, \"\": 1, \"*\": 1,"
                  + " \"n\": -1, \"event\": 1, \"\\\"\": 1, \"'\": 1, \"[0]\": 1, \"\\n\": 1")
          .loaded()),

  // Partitions
  PATH_AS_PARTITION(gen ->
      gen.event()
          .country(
              gen.pick(
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
  ESCAPES_AS_PARTITION(gen ->
      gen.event()
          .country(
              gen.pick(
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
  NULL_NAMES_AS_PARTITION(gen ->
      gen.event()
          .country(gen.pick("__HIVE_DEFAULT_PARTITION__", "null", "NULL", " ", "NaN"))
          .loaded()),
  LONG_PARTITION(gen -> gen.event().country("A".repeat(64 + gen.below(400))).loaded()),
  MANY_PARTITIONS(gen -> gen.event().country(gen.anyOf("ABCDEFGH", 6)).loaded()),
  DOTTED_PARTITION(gen -> gen.event().country(gen.pick("a.b", "A-1", "_", "0", "-")).loaded()),

  // Sizes
  KEY_OF_ALMOST_ONE_MEBIBYTE(
      Frequency.HUGE,
      gen -> gen.event().member("\"" + "k".repeat((1 << 20) - 600) + "\": 1").loaded()),
  KEY_OVER_ONE_MEBIBYTE(
      Frequency.HUGE, gen -> invalid(gen, "too_large", "\"" + "k".repeat(1 << 20) + "\": 1")),
  EXACTLY_ONE_MEBIBYTE(Frequency.HUGE, gen -> padded(gen, "x", 1 << 20).loaded()),
  ONE_MEBIBYTE_OF_WIDE_CHARACTERS(Frequency.HUGE, gen -> padded(gen, "€", 1 << 20).loaded()),
  ONE_BYTE_TOO_LARGE(
      Frequency.HUGE,
      gen -> padded(gen, gen.pick("x", "€"), (1 << 20) + 1).quarantined("too_large")),
  LONG_TEXT(Frequency.BIG, gen -> gen.event().note("x" + "long ".repeat(20_000) + "x").loaded()),
  LONG_ID(Frequency.BIG, gen -> gen.event().id("i".repeat(100_000) + gen.unique()).loaded()),
  SURROUNDING_WHITESPACE(
      Frequency.BIG, gen -> surrounded(" \r\n\t".repeat(2_500), gen.event().loaded())),
  THOUSANDS_OF_EVENTS(
      Frequency.HUGE,
      gen ->
          MessageBody.array(
              IntStream.range(0, 3_000).mapToObj(_ -> mixed(gen)).toArray(MessageBody[]::new))),

  // Shapes
  MIXED_TYPES(gen -> {
    String number = gen.pick("1", "true", "1.50");
    return gen.below(2) == 0
        ? gen.event().rawNote(number, number).loaded()
        : gen.event().rawNote(gen.pick("{}", "[1]", "null", "{\"note\": 1}"), "").loaded();
  }),
  ITEMS_OF_MIXED_TYPES(gen ->
      gen.event()
          .raw(
              "items",
              gen.pick(
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
  MISSING_TYPE(gen -> gen.event().without("type").quarantined("missing_type")),
  TYPE_THAT_IS_NOT_TEXT(
      gen -> invalid(gen, "missing_type", "type", gen.pick("null", "{}", "[\"thing\"]", "\" \""))),
  UNKNOWN_TYPE(gen ->
      invalid(
          gen, "unknown_type", "type", gen.pick("\"Thing\"", "1", "true", "\"things\"", "0e0"))),
  MISSING_ID(gen ->
      gen.below(2) == 0
          ? gen.event().without("event_id").quarantined("missing_event_id")
          : invalid(gen, "missing_event_id", "event_id", gen.pick("{}", "[1]", "\"\\t\""))),
  MISSING_FIELD(gen -> gen.event().without("amount").quarantined("missing_field")),
  MISSING_INNER_FIELD(gen ->
      invalid(gen, "missing_field", "owner", gen.pick("\"Ada\"", "{}", "[{\"name\": 1}]", "null"))),
  FILTERED_OUT(gen -> gen.event().leftOut().filtered()),

  // The second table
  IN_TWO_TABLES(gen -> gen.event().boxes(label(gen), weight(gen)).loaded()),
  ONLY_IN_THE_SECOND_TABLE(gen -> gen.event().leftOut().boxes(label(gen), weight(gen)).loaded()),
  REFUSED_BY_THE_SECOND_TABLE(
      gen -> gen.event().boxes("refuse", weight(gen)).quarantined("refused_label")),
  UNREADABLE_NESTED_VALUES(gen ->
      gen.event()
          .boxes(
              gen.pick(
                  "[]",
                  "[null]",
                  "[[]]",
                  "[[null]]",
                  "[7]",
                  "[[\"x\"]]",
                  "[[{\"label\": {}, \"weights\": {}}]]",
                  "[[{\"weights\": [0.12345, 0.5]}]]",
                  "[[{\"weights\": [\"10.0\"]}]]",
                  "[[{\"weights\": [[0.5]]}]]"),
              Loaded.NULL,
              Loaded.NULL)
          .loaded()),

  // Times
  TIME_WITHOUT_ZONE(gen -> time(gen, "bad_time", "2026-01-10T11:00:00", "2026-01-10 11:00")),
  INVALID_ZONE(gen ->
      time(
          gen,
          "bad_time",
          "2026-01-10T11:00:00+25:00",
          "2026-01-10T11:00:00+18:01",
          "2026-01-10T11:00:00Europe/Atlantis",
          "2026-01-10T11:00:00+01:00[Moon/Tycho]",
          "2026-01-10T11:00:00 CET")),
  LEAP_SECOND(gen -> time(gen, "bad_time", "2025-12-31T23:59:60Z", "2026-01-10T11:00:60+00:00")),
  HOUR_24(gen -> time(gen, "bad_time", "2026-01-09T24:00:00Z", "2026-01-09T25:00:00Z")),
  INVALID_DAY(gen -> time(gen, "bad_time", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z")),
  YEAR_0(gen -> time(gen, "bad_time", "0000-01-01T00:00:00Z", "-0001-12-31T23:59:59Z")),
  YEAR_10000(gen -> time(gen, "bad_time", "10000-01-01T00:00:00Z", "12026-01-10T11:00:00Z")),
  YEAR_10000_IN_ISO_FORMAT(
      gen -> time(gen, "bad_time", "+10000-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z")),
  YEAR_OUT_OF_RANGE(gen -> time(gen, "bad_time", "+9999999999-01-01T00:00:00Z")),
  EPOCH(gen -> time(gen, "bad_time", "1767225600", "1767225600000")),
  TIME_IN_WORDS(gen -> time(gen, "bad_time", "now", "Sat, 10 Jan 2026 11:00:00 GMT", "10.01.2026")),
  TIME_IN_NON_ASCII_DIGITS(
      gen -> time(gen, "bad_time", "２０２６-01-10T11:00:00Z", "٢٠٢٦-01-10T11:00Z")),
  TOO_OLD(gen -> time(gen, "too_old", "1969-12-31T23:59:59Z", "2025-01-01T00:00:00Z")),
  IN_THE_FUTURE(gen -> time(gen, "in_the_future", "2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z")),
  MISSING_TIME(
      gen -> invalid(gen, "missing_field", "occurred_at", gen.pick("null", "\"\"", "\" \""))),
  TIME_IS_A_CONTAINER(gen -> invalid(gen, "bad_time", "occurred_at", gen.pick("{}", "[]", "[1]"))),
  IMPOSSIBLE_OFFSET(gen ->
      time(
          gen,
          "bad_time",
          "2026-01-10T11:00:00+99:99",
          "2026-01-10T11:00:00+01:60",
          "2026-01-10T11:00:00-24:00")),
  UNUSUAL_TIME(gen ->
      gen.event()
          .raw(
              "occurred_at",
              "\"%s\""
                  .formatted(
                      gen.sent().toString().replaceFirst("Z$", gen.pick("z", "+00:00", "Z"))))
          .loaded()),

  // Several events in one message
  MIXED_ARRAY(gen ->
      MessageBody.array(
          mixed(gen), gen.event().loaded(), quarantined("not_an_object", "7"), mixed(gen))),
  MIXED_LINES(gen ->
      MessageBody.lines(
          gen.event().loaded(),
          quarantined("not_json", "oops"),
          quarantined("not_an_object", "7"),
          mixed(gen))),
  WINDOWS_LINES(gen ->
      MessageBody.windowsLines(gen.event().loaded(), quarantined("not_json", "oops"), mixed(gen))),
  LINES_WITH_BLANK_LINES(gen ->
      surrounded(
          "\n \r\n\t\n", MessageBody.lines(gen.event().loaded(), blank(), gen.event().loaded()))),
  ARRAYS_AMONG_LINES(gen ->
      MessageBody.lines(
          gen.event().loaded(), quarantined("not_an_object", "[" + gen.event() + "]"))),
  TRUNCATED_ARRAY(gen -> quarantined("not_json", "[" + gen.event() + ", " + gen.event())),
  PRETTY_PRINTED(gen -> {
    EventBuilder event = gen.event();
    return new MessageBody(event.prettyPrinted(), event.loaded().outcomes());
  }),
  ARRAY_WITH_SURROUNDING_LINES(
      gen -> surrounded("\n", MessageBody.array(gen.event().loaded(), mixed(gen)))),

  // Repeated events
  REPEATED_EVENT(gen -> {
    EventBuilder event = gen.event();
    return MessageBody.array(event.loaded(), event.shuffled().duplicate());
  }),
  REPEATED_WITH_OTHER_CONTENT(gen -> {
    EventBuilder event = gen.event();
    return MessageBody.array(
        event.loaded(), event.member("\"changed\": 1").quarantined("conflicting_duplicate"));
  }),
  REPEATED_CORRECTED(gen -> {
    EventBuilder event = gen.event();
    MessageBody original = event.raw("amount", "-1").quarantined("negative_amount");
    return MessageBody.array(original, event.raw("amount", "1").loaded());
  });

  /// How often a class is chosen. Classes of large messages are rare, so that a run has enough of
  /// the others.
  private enum Frequency {
    USUAL(1_000),
    BIG(20),
    HUGE(1);

    private final int times;

    Frequency(int times) {
      this.times = times;
    }
  }

  private interface Generator {
    MessageBody write(InputGenerator gen);
  }

  private static final int SUM_OF_FREQUENCIES =
      Stream.of(values()).mapToInt(c -> c.frequency.times).sum();

  private final Frequency frequency;
  private final Generator generator;

  HostileEvents(Generator generator) {
    this(Frequency.USUAL, generator);
  }

  HostileEvents(Frequency frequency, Generator generator) {
    this.frequency = frequency;
    this.generator = generator;
  }

  MessageBody write(InputGenerator gen) {
    return generator.write(gen);
  }

  /// A random class, by frequency.
  static HostileEvents any(InputGenerator gen) {
    int left = gen.below(SUM_OF_FREQUENCIES);
    for (HostileEvents each : values()) {
      left -= each.frequency.times;
      if (left < 0) {
        return each;
      }
    }
    throw new IllegalStateException("the frequencies do not add up");
  }

  private static MessageBody invalid(InputGenerator gen, String reason, String member) {
    return gen.event().member(member).quarantined(reason);
  }

  private static MessageBody invalid(InputGenerator gen, String reason, String field, String json) {
    return gen.event().raw(field, json).quarantined(reason);
  }

  private static MessageBody time(InputGenerator gen, String reason, String... times) {
    return invalid(gen, reason, "occurred_at", "\"" + gen.pick(times) + "\"");
  }

  /// One event on one line, valid or invalid, but always JSON.
  private static MessageBody mixed(InputGenerator gen) {
    return switch (gen.below(6)) {
      case 0 -> invalid(gen, "negative_amount", "amount", "-1");
      case 1 -> invalid(gen, "duplicate_key", "\"note\": 1");
      case 2 -> invalid(gen, "bad_utf8", "\"\\udcff\": \"\\ud83d\"");
      case 3 -> invalid(gen, "unknown_type", "type", "\"nothing\"");
      default -> gen.event().note("]},\n{[" + gen.below(9)).loaded();
    };
  }

  private static String label(InputGenerator gen) {
    return gen.pick(
        "a", "it's", "', [", "{}", "]]", "NULL", "a: b, c", "\ud83d\ude00\"", "refuse!");
  }

  private static String weight(InputGenerator gen) {
    return gen.pick("0.0001", "0.1250", "9.9999", "-9.9999");
  }

  private static String truncated(InputGenerator gen, String text) {
    return text.substring(0, 1 + gen.below(text.length() - 1));
  }

  private static MessageBody blank() {
    return new MessageBody(" \r", List.of());
  }

  private static MessageBody surrounded(String blanks, MessageBody body) {
    return new MessageBody(blanks + body.text() + blanks, body.outcomes());
  }

  private static String deep(int levels, String leaf) {
    return "\"d\": " + "{\"a\": ".repeat(levels) + leaf + "}".repeat(levels);
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\": " + i)
        .collect(Collectors.joining(", "));
  }

  /// An event of exactly `bytes` bytes.
  private static EventBuilder padded(InputGenerator gen, String character, int bytes) {
    EventBuilder event = gen.event().raw("padding", "\"\"");
    int room = bytes - event.toString().getBytes(StandardCharsets.UTF_8).length;
    int width = character.getBytes(StandardCharsets.UTF_8).length;
    return event.raw(
        "padding", "\"" + character.repeat(room / width) + "x".repeat(room % width) + "\"");
  }

  /// The text that a decoder returns for bytes that are not UTF-8: overlong and truncated forms,
  /// surrogates, bytes that never occur in UTF-8, code points above the last one.
  private static String decodedInvalidUtf8(InputGenerator gen) {
    String hex =
        gen.pick(
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
