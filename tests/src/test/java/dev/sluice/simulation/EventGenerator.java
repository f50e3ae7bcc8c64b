package dev.sluice.simulation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Generates valid and invalid events for the pipeline `simulated`, each with its expected result,
/// which is computed without any code of the product.
final class EventGenerator {
  static final List<Map<String, String>> ACCOUNTS =
      List.of(
          account("a1", "DE", "0.1250"), account("a2", "US", "0.0375"), account("a3", "FR", "0.5"));

  /// Dollars for one unit. Each amount in euros converts to dollars with an exact half cent.
  static final Map<String, BigDecimal> RATES =
      Map.of(
          "USD",
          new BigDecimal("1.000000"),
          "EUR",
          new BigDecimal("1.083500"),
          "JPY",
          new BigDecimal("0.006505"));

  /// The fee for an amount in dollars.
  private static final String FEE = "0.125";

  /// The engine fails on an event with this place until the engine is repaired.
  static final String POISON = "Poisonville";

  private final RandomGenerator random;
  private final CartGenerator carts;
  private final List<Level> levels = new ArrayList<>();
  private final List<Event> valid = new ArrayList<>();
  private final List<Event> corrections = new ArrayList<>();
  private int generated;

  EventGenerator(RandomGenerator random) {
    this.random = random;
    this.carts = new CartGenerator(random);
  }

  /// An event as it is sent.
  ///
  /// @param text the JSON, verbatim
  /// @param reason the reason of its quarantine; empty when the event is valid
  /// @param rows in each table in which it must be: expected columns, as text, and the expected
  ///   `table` and `partition`; instead of the last folder of `partition`, a row of `carts` has its
  ///   `region`
  record Event(String id, String text, Optional<String> reason, List<Map<String, String>> rows) {
    boolean isValid() {
      return reason.isEmpty();
    }

    /// Whether it is valid, but in no table.
    boolean isFiltered() {
      return isValid() && rows.isEmpty();
    }
  }

  /// The level of all accounts, valid from an instant on.
  record Level(String name, Instant from) {}

  /// The body of a message, and the events in it.
  record Message(String body, List<Event> events) {}

  private static Map<String, String> account(String id, String country, String discount) {
    return Map.of("account", id, "country", country, "level", "initial", "discount", discount);
  }

  static Optional<Map<String, String>> account(String id) {
    return ACCOUNTS.stream().filter(row -> id.equals(row.get("account"))).findFirst();
  }

  /// The rows of the reference `rates`.
  static List<Map<String, String>> rates() {
    return new TreeMap<>(RATES)
        .entrySet().stream()
            .map(r ->
                Map.of("currency", r.getKey(), "rate", r.getValue().toPlainString(), "fee", FEE))
            .toList();
  }

  /// Sets the level of every account to a new value, and returns the new rows.
  List<Map<String, String>> changeLevels(Instant now) {
    Level level = new Level("level " + levels.size(), now);
    levels.add(level);
    return ACCOUNTS.stream()
        .map(account -> {
          Map<String, String> row = new HashMap<>(account);
          row.put("level", level.name);
          return row;
        })
        .toList();
  }

  /// The levels of all accounts until now, oldest first.
  List<Level> levels() {
    return Stream.concat(Stream.of(new Level("initial", Instant.MIN)), levels.stream()).toList();
  }

  /// A random message with one or two events, or with three carts.
  Message message(Instant now) {
    if (random.nextInt(12) == 0) {
      return message(cart(now), cart(now), cart(now));
    }
    int count = random.nextInt(4) == 0 ? 2 : 1;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(now));
    }
    boolean isArray =
        count > 1 && random.nextBoolean() && events.stream().noneMatch(EventGenerator::isNotJson);
    String body =
        events.stream().map(Event::text).collect(Collectors.joining(isArray ? "," : "\n"));
    return new Message(isArray ? "[" + body + "]" : body, events);
  }

  /// Messages with each kind of event: both types, two events in one message, and an invalid, a
  /// repeated and a conflicting event.
  List<Message> oneOfEach(Instant now) {
    Event first = sale(now, "a1");
    Event corrected = sale(now, "a2");
    valid.add(first);
    corrections.add(corrected);
    return List.of(
        message(first),
        message(sale(now, "a4"), visit(now)),
        message(negative(corrected)),
        message(first),
        message(conflicting(first)));
  }

  /// Messages to send after [#oneOfEach]: a new event, and events that repeat, correct and conflict
  /// with earlier ones.
  List<Message> more(Instant now) {
    Event first = valid.getFirst();
    return List.of(
        message(sale(now, "a2")),
        message(first),
        message(corrections.getFirst()),
        message(conflicting(first)));
  }

  private static Message message(Event... events) {
    return new Message(
        Stream.of(events).map(Event::text).collect(Collectors.joining("\n")), List.of(events));
  }

  /// A valid event on which the engine fails until the engine is repaired.
  Message poison(Instant now) {
    return message(visit(now, POISON));
  }

  /// A cart that stops the pipeline until the pipeline is corrected.
  Message recalled(Instant now) {
    return message(carts.recalled("e" + ++generated, time(now)));
  }

  private Event cart(Instant now) {
    return carts.cart("e" + ++generated, time(now));
  }

  private static boolean isNotJson(Event event) {
    return event.reason.equals(Optional.of("not_json"));
  }

  private Event event(Instant now) {
    int kind = random.nextInt(16);
    if (kind < 2 && !valid.isEmpty()) {
      Event earlier = valid.get(random.nextInt(valid.size()));
      return kind == 0 ? earlier : conflicting(earlier);
    }
    Event event =
        switch (kind) {
          case 2 -> invalid(now);
          case 3 -> corrections.isEmpty() ? invalid(now) : corrections.removeFirst();
          case 4, 5, 6 -> visit(now);
          case 7, 8, 9 -> cart(now);
          default -> sale(now, "a" + (1 + random.nextInt(4)));
        };
    if (event.isValid()) {
      valid.add(event);
    }
    return event;
  }

  /// A different event with the same id: the one that is planned later is a conflict.
  private static Event conflicting(Event event) {
    return new Event(
        event.id,
        event.text.replaceFirst("\"code\": \"([^\"]*)\"", "\"code\": \"$1x\""),
        event.reason,
        event.rows.stream().map(EventGenerator::withChangedCode).toList());
  }

  private static Map<String, String> withChangedCode(Map<String, String> row) {
    Map<String, String> changed = new HashMap<>(row);
    changed.put("code", row.get("code") + "x");
    return changed;
  }

  private String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS)
        .minus(Duration.ofMinutes(random.nextInt(90)))
        .toString();
  }

  private Event sale(Instant now, String account) {
    String id = "e" + ++generated;
    String at = time(now);
    String method = random.nextBoolean() ? "card" : "cash";
    String currency = List.of("USD", "EUR", "JPY", "eur").get(random.nextInt(4));
    BigDecimal amount = BigDecimal.valueOf(1_000 + 2_000L * random.nextInt(50_000), 2);
    String text =
        """
        {"type": "sale", "event_id": "%1$s", "occurred_at": "%2$s", "code": "c%1$s", \
        "account": "%3$s", "method": "%4$s", "currency": "%5$s", "amount": %6$s}\
        """
            .formatted(
                id,
                at,
                account,
                method,
                currency,
                random.nextBoolean() ? amount : "\"" + amount + "\"");
    BigDecimal rate = RATES.getOrDefault(currency.toUpperCase(Locale.ROOT), BigDecimal.ZERO);
    BigDecimal usd = amount.multiply(rate).setScale(2, RoundingMode.HALF_UP);
    return valid(
        id,
        text,
        "sales",
        at,
        Map.of(
            "code",
            "c" + id,
            "account",
            account,
            "method",
            method,
            "amount",
            amount.toPlainString(),
            "amount_usd",
            usd.toPlainString(),
            "fee_usd",
            usd.multiply(new BigDecimal(FEE)).setScale(3, RoundingMode.HALF_UP).toPlainString(),
            "account_country",
            account(account).map(row -> String.valueOf(row.get("country"))).orElse("NULL"),
            "account_discount",
            account(account)
                .map(row -> new BigDecimal(row.get("discount")).setScale(4).toPlainString())
                .orElse("NULL")));
  }

  private Event visit(Instant now) {
    return visit(now, random.nextBoolean() ? "Köln" : "Paris, \\\"Nord\\\"");
  }

  private Event visit(Instant now, String place) {
    String id = "e" + ++generated;
    String at = time(now);
    String text =
        """
        {"type": "visit", "event_id": "%1$s", "occurred_at": "%2$s", "code": "c%1$s", \
        "place": {"name": "%3$s"}, "minutes": 30}\
        """
            .formatted(id, at, place);
    return valid(
        id,
        text,
        "visits",
        at,
        Map.of("code", "c" + id, "place_name", place.replace("\\", ""), "minutes", "30"));
  }

  private static Event valid(
      String id, String text, String table, String at, Map<String, String> columns) {
    Map<String, String> row = row(table, at);
    row.putAll(columns);
    return new Event(id, text, Optional.empty(), List.of(row));
  }

  /// The columns of every row, and its partition by date and hour.
  static Map<String, String> row(String table, String at) {
    Map<String, String> row = new HashMap<>();
    row.put("table", table);
    row.put("partition", "dt=" + at.substring(0, 10) + "/hour=" + at.substring(11, 13));
    row.put("occurred_at", at.replace('T', ' ').replace("Z", ""));
    return row;
  }

  /// A sale or a cart that breaks a rule. It has either a new id, and a corrected event with that
  /// id may follow; or the id of a valid sale, but must not count as a duplicate of it.
  private Event invalid(Instant now) {
    if (random.nextInt(4) == 0) {
      Event cart = cart(now);
      corrections.add(cart);
      return carts.invalid(cart);
    }
    Optional<Event> earlier =
        valid.stream().filter(e -> e.text.startsWith("{\"type\": \"sale\"")).findFirst();
    boolean hasUsedId = earlier.isPresent() && random.nextInt(3) == 0;
    Event sale = hasUsedId ? earlier.orElseThrow() : sale(now, "a1");
    if (!hasUsedId) {
      corrections.add(sale);
    }
    String text = sale.text;
    return switch (random.nextInt(7)) {
      case 0 -> invalid(sale, text.substring(0, text.indexOf("code")), "not_json");
      case 1 ->
          invalid(
              sale, text.replaceFirst("\"amount\": .*}", "\"amount\": \"12,50\"}"), "bad_amount");
      case 2 -> negative(sale);
      case 3 ->
          invalid(
              sale,
              text.replaceFirst("\"currency\": \"...\"", "\"currency\": \"XXX\""),
              "unknown_currency");
      case 4 -> invalid(sale, text.replaceFirst("card|cash", "barter"), "bad_method");
      case 5 ->
          invalid(
              sale, text.replaceFirst("\"code\": \"[^\"]*\"", "\"code\": null"), "missing_field");
      default -> invalid(sale, text.replace("\"sale\"", "\"refund\""), "unknown_type");
    };
  }

  private static Event negative(Event sale) {
    return invalid(
        sale, sale.text.replaceFirst("\"amount\": (\"?)", "\"amount\": $1-"), "negative_amount");
  }

  private static Event invalid(Event event, String text, String reason) {
    return new Event(event.id, text, Optional.of(reason), List.of());
  }
}
