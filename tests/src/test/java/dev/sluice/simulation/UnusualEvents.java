package dev.sluice.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Events with several unusual values each, so that many of them break more than one rule.
final class UnusualEvents {
  static final Map<String, List<Map<String, String>>> REFERENCES =
      Map.of(
          "accounts",
          List.of(
              Map.of("account", "a1", "country", "DE", "level", "gold", "discount", "0.0125"),
              Map.of("account", "a2", "level", "basic", "discount", "-0.5"),
              Map.of("account", "a'3", "country", "Österreich"),
              Map.of("account", "7")),
          "rates",
          List.of(
              Map.of("currency", "USD", "rate", "1", "fee", "0.125"),
              Map.of("currency", "EUR", "rate", "1.083500"),
              Map.of("currency", "KWD", "rate", "3.254321", "fee", "12.000"),
              Map.of("currency", "GBP")));

  private static final List<String> USUAL_IDS = List.of("\"v%d\"");
  private static final List<String> IDS = List.of("\"  v%d \"", "%d", "\"\"", "null", "\"v1\"");
  private static final List<String> USUAL_TIMES =
      List.of("\"2026-01-01T00:30:00Z\"", "\"2025-12-31T23:59:59.123456Z\"");
  private static final List<String> TIMES =
      List.of(
          "\"2026-01-01T01:30:00.5+02:00\"",
          "\"2026-01-01T00:30Z\"",
          "\"2026-01-01T00:30:00\"",
          "\"2025-01-01T00:00:00Z\"",
          "\"2026-01-01T05:00:00Z\"",
          "\"today\"",
          "1767225600",
          "null");
  private static final List<String> USUAL_CODES = List.of("\"c1\"", "\"c2\"", "\"Köln\"");
  private static final List<String> CODES = List.of("\" c3 \"", "12.50", "true", "\" \"", "null");
  private static final List<String> USUAL_ACCOUNTS = List.of("\"a1\"", "\"a2\"", "\"a4\"");
  private static final List<String> ACCOUNTS =
      List.of("\" a1 \"", "\"a'3\"", "7", "\"A1\"", "false", "[]", "null");
  private static final List<String> USUAL_METHODS = List.of("\"card\"", "\"cash\"");
  private static final List<String> METHODS = List.of("\"barter\"", "\"Card\"", "{}", "null");
  private static final List<String> USUAL_CURRENCIES = List.of("\"USD\"", "\"EUR\"", "\"KWD\"");
  private static final List<String> CURRENCIES =
      List.of("\"eur\"", "\" usd \"", "\"GBP\"", "\"XXX\"", "978", "null");
  private static final List<String> USUAL_AMOUNTS = List.of("10.00", "\"30\"", "0.5");
  private static final List<String> AMOUNTS =
      List.of(
          "-12.5",
          "-0.00",
          "\"007.5\"",
          "12.345",
          "1e3",
          "\"12,50\"",
          "\" 9.99 \"",
          "9999999999999999.99",
          "12345678901234567",
          "true",
          "{\"value\": 1}",
          "null");
  private static final List<String> USUAL_PLACES = List.of("{\"name\": \"Köln\"}");
  private static final List<String> PLACES =
      List.of(
          "{\"name\": \" Paris, \\\"Nord\\\" \"}",
          "{\"name\": 5}",
          "{\"name\": null}",
          "{\"name\": {\"first\": \"x\"}}",
          "\"Rome\"",
          "{}",
          "null");
  private static final List<String> USUAL_MINUTES = List.of("30", "\"45\"");
  private static final List<String> MINUTES =
      List.of("\"007\"", "-5", "1.0", "\"1_000\"", "999999999999999999", "1e18", "[1]", "null");

  private static final List<String> USUAL_STATES = List.of("\"open\"", "\"draft\"");
  private static final List<String> STATES = List.of("\" draft \"", "1", "{}", "null");
  private static final List<String> USUAL_REGIONS = List.of("\"de\"", "\"us\"", "\"f.r\"");
  private static final List<String> REGIONS =
      List.of(
          "\"__x\"",
          "\"_x\"",
          "\"null\"",
          "\"DE\"",
          "\"a..b\"",
          "\".a\"",
          "\"a.\"",
          "\"" + "a".repeat(100) + "\"",
          "\"" + "a".repeat(101) + "\"",
          "\" de \"",
          "\"d e\"",
          "7",
          "null");
  private static final List<String> USUAL_ITEMS =
      List.of(
          "[{\"sku\": \"s\", \"quantity\": 3, \"price\": \"1.15\", \"tags\": [\"a\", \" b \"]}]",
          "[{\"sku\": \"s\", \"quantity\": 3, \"price\": 0.05}, {\"quantity\": 2, \"price\": 10}]");
  private static final List<String> ITEMS =
      List.of(
          "[]",
          "[{}]",
          "[null, {\"quantity\": \" 2 \", \"price\": null, \"tags\": [\"\", null, 1.50]}]",
          "[{\"quantity\": -2, \"price\": 1.5, \"extra\": {\"a\": []}}]",
          "[{\"quantity\": 999999999999999999, \"price\": \"9999999999999999.99\"}]",
          "[{\"quantity\": 1, \"price\": \"9999999999999999.99\"}]",
          "[{\"quantity\": 1.5, \"price\": 1}]",
          "[{\"quantity\": 1}, {\"price\": 1.005}]",
          "[{\"tags\": [[]]}]",
          "[7]",
          "{}",
          "\" \"",
          "null");
  private static final List<String> USUAL_BUYERS =
      List.of("{\"name\": \"Ada\", \"address\": {\"city\": \"K\u00f6ln\", \"zip\": 50667}}");
  private static final List<String> BUYERS =
      List.of(
          "{}",
          "{\"name\": \" it's, \\\"x\\\" \", \"address\": null}",
          "{\"address\": {}}",
          "{\"address\": []}",
          "{\"name\": {}}",
          "[]",
          "null");
  private static final List<String> USUAL_SIZES = List.of("[[1, 2], [3]]", "[]");
  private static final List<String> SIZES =
      List.of("[[], null, [\"x\", 4, null, \" 5 \"]]", "[1, [2]]", "[[[1]]]", "{}", "\"\"", "null");
  private static final List<String> USUAL_GIFTS = List.of("{}", "{\"note\": \"for you\"}");
  private static final List<String> GIFTS =
      List.of(
          "{\"note\": \" \ud83d\ude00 and 18 characters \"}",
          "{\"note\": \"\ud83d\ude00 and more than 20\"}",
          "{\"note\": 123456789012345678901}",
          "{\"note\": []}",
          "[]",
          "null");

  private final Random random;
  private final Instant now;
  private final List<String> earlier = new ArrayList<>();
  private int generated;

  UnusualEvents(Random random, Instant now) {
    this.random = random;
    this.now = now;
  }

  /// The body of a message.
  String body() {
    List<String> events = Stream.generate(this::event).limit(1 + random.nextInt(3)).toList();
    return switch (random.nextInt(6)) {
      case 0 -> "[" + String.join(",", events) + "]";
      case 1 -> "\n" + String.join("\n\n", events) + "\n";
      default -> String.join("\n", events);
    };
  }

  private String event() {
    if (!earlier.isEmpty() && random.nextInt(8) == 0) {
      String again = earlier.get(random.nextInt(earlier.size()));
      return random.nextBoolean() ? again : again.replaceFirst("c[12]", "other");
    }
    String type = List.of("sale", "sale", "visit", "cart", "cart").get(random.nextInt(5));
    String fields =
        Stream.of(
                field("event_id", USUAL_IDS, IDS).formatted(++generated),
                field("occurred_at", USUAL_TIMES, TIMES),
                field("code", USUAL_CODES, CODES),
                type.equals("sale") ? sale() : type.equals("visit") ? visit() : cart())
            .filter(field -> !field.isEmpty())
            .collect(Collectors.joining(", "));
    String event = "{\"type\": \"%s\", %s}".formatted(type, fields);
    event =
        switch (random.nextInt(40)) {
          case 0 -> event.substring(0, event.length() - 1 - random.nextInt(20)) + "x";
          case 1 -> event.replace("\"type\"", "\"kind\"");
          case 2 -> event.replace("\"" + type + "\"", "\" " + type + " \"");
          case 3 -> event.replace("\"" + type + "\"", "\"" + now + "\"");
          case 4 -> event.replaceFirst("\\{", "{\"type\": \"sale\", ");
          case 5 -> event.replaceFirst("\\{", "{\"extra\": {\"b\": [1.0, null], \"a\": \"x\"}, ");
          case 6 -> "\"" + type + "\"";
          case 7 -> event.replaceFirst("\\{", "{\"bad\": \"\\\\ud800\", ");
          default -> event;
        };
    earlier.add(event);
    return event;
  }

  private String sale() {
    return members(
        field("account", USUAL_ACCOUNTS, ACCOUNTS),
        field("method", USUAL_METHODS, METHODS),
        field("currency", USUAL_CURRENCIES, CURRENCIES),
        field("amount", USUAL_AMOUNTS, AMOUNTS));
  }

  private String cart() {
    return members(
        field("account", USUAL_ACCOUNTS, ACCOUNTS),
        field("currency", USUAL_CURRENCIES, CURRENCIES),
        field("state", USUAL_STATES, STATES),
        field("region", USUAL_REGIONS, REGIONS),
        field("items", USUAL_ITEMS, ITEMS),
        field("buyer", USUAL_BUYERS, BUYERS),
        field("sizes", USUAL_SIZES, SIZES),
        field("gift", USUAL_GIFTS, GIFTS));
  }

  private String visit() {
    return members(field("place", USUAL_PLACES, PLACES), field("minutes", USUAL_MINUTES, MINUTES));
  }

  private static String members(String... fields) {
    return Stream.of(fields).filter(field -> !field.isEmpty()).collect(Collectors.joining(", "));
  }

  /// Mostly a usual value, sometimes an unusual one, and rarely no field at all.
  private String field(String name, List<String> usual, List<String> unusual) {
    int choice = random.nextInt(24);
    if (choice == 0) {
      return "";
    }
    List<String> values = choice < 5 ? unusual : usual;
    return "\"" + name + "\": " + values.get(random.nextInt(values.size()));
  }
}
