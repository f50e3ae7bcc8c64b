package dev.sluice.simulation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes events for the pipeline `orders`, good and bad, and knows of each what must become of it,
/// without asking any code of the product.
final class EventGenerator {
  static final List<Map<String, String>> CUSTOMERS =
      List.of(
          Map.of(
              "customer_id",
              "c1",
              "country",
              "DE",
              "tier",
              "gold",
              "since",
              "2020-01-01",
              "blocked",
              "false"),
          Map.of(
              "customer_id",
              "c2",
              "country",
              "US",
              "tier",
              "basic",
              "since",
              "2025-12-30",
              "blocked",
              "false"),
          Map.of(
              "customer_id",
              "c3",
              "country",
              "DE",
              "tier",
              "basic",
              "since",
              "2020-01-01",
              "blocked",
              "true"));

  /// Dollars for one unit. What an order costs in euros is half a cent too much in dollars.
  static final Map<String, BigDecimal> RATES =
      Map.of(
          "USD",
          new BigDecimal("1.000000"),
          "EUR",
          new BigDecimal("1.083500"),
          "JPY",
          new BigDecimal("0.006505"));

  /// What an engine may stumble over.
  static final String POISON = "Poisonville";

  private final RandomGenerator random;
  private final List<Tier> tiers = new ArrayList<>();
  private final List<Event> good = new ArrayList<>();
  private final List<Event> corrected = new ArrayList<>();
  private int made;

  EventGenerator(RandomGenerator random) {
    this.random = random;
  }

  /// An event as it is sent.
  ///
  /// @param text verbatim
  /// @param reason the first rule that it breaks; empty: it is valid
  /// @param row some columns of what lands, as text, and `table` and `partition` where it lands
  record Event(String id, String text, Optional<String> reason, Map<String, String> row) {
    boolean isValid() {
      return reason.isEmpty();
    }
  }

  /// What a customer's tier is from some moment on.
  record Tier(String name, Instant from) {}

  /// The body of a message that carries some events, and the events.
  record Message(String body, List<Event> events) {}

  /// Changes every customer's tier to one that nobody had before; gives their rows.
  List<Map<String, String>> promote(Instant now) {
    Tier tier = new Tier("tier " + tiers.size(), now);
    tiers.add(tier);
    return CUSTOMERS.stream()
        .map(customer -> {
          Map<String, String> row = new HashMap<>(customer);
          row.put("tier", tier.name);
          return row;
        })
        .toList();
  }

  /// The tiers of a customer, one after the other.
  List<Tier> tiers(String customer) {
    return Stream.concat(
            customer(customer).stream()
                .map(row -> new Tier(String.valueOf(row.get("tier")), Instant.MIN)),
            tiers.stream())
        .toList();
  }

  private static Optional<Map<String, String>> customer(String id) {
    return CUSTOMERS.stream().filter(c -> id.equals(c.get("customer_id"))).findFirst();
  }

  Message message(Instant now) {
    int count = random.nextInt(4) == 0 ? 2 : 1;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(now));
    }
    boolean isArray =
        count > 1 && random.nextBoolean() && events.stream().noneMatch(EventGenerator::isCut);
    String body =
        events.stream().map(Event::text).collect(Collectors.joining(isArray ? "," : "\n"));
    return new Message(isArray ? "[" + body + "]" : body, events);
  }

  /// One of everything: each table, two events in a message, a bad one, a repeated one, and one
  /// that contradicts another.
  List<Message> oneOfEach(Instant now) {
    Event order = order(now, "c1");
    Event wrong = payment(now);
    good.add(order);
    corrected.add(wrong);
    return List.of(
        message(order),
        message(payment(now), shipment(now)),
        message(negative(wrong)),
        message(order),
        message(changed(order)));
  }

  /// What may come after [#oneOfEach]: something new, and what repeats, corrects and contradicts
  /// it.
  List<Message> more(Instant now) {
    Event order = good.getFirst();
    return List.of(
        message(order(now, "c2")),
        message(order),
        message(corrected.getFirst()),
        message(changed(order)));
  }

  private static Message message(Event... events) {
    return new Message(
        Stream.of(events).map(Event::text).collect(Collectors.joining("\n")), List.of(events));
  }

  /// A good event that is poison for an engine that does not know it.
  Message poison(Instant now) {
    Event event = shipment(now, POISON);
    return message(event);
  }

  private static boolean isCut(Event event) {
    return event.reason.equals(Optional.of("not_json"));
  }

  private Event event(Instant now) {
    int kind = random.nextInt(16);
    if (kind < 2 && !good.isEmpty()) {
      Event again = good.get(random.nextInt(good.size()));
      return kind == 0 ? again : changed(again);
    }
    Event event =
        switch (kind) {
          case 2 -> bad(now);
          case 3, 4, 5, 6 -> payment(now);
          case 7, 8, 9 -> shipment(now);
          case 10 -> corrected.isEmpty() ? bad(now) : corrected.removeFirst();
          default -> order(now, "c" + (1 + random.nextInt(4)));
        };
    if (event.isValid()) {
      good.add(event);
    }
    return event;
  }

  /// Another event with the same id: one of the two is a conflict.
  private static Event changed(Event event) {
    Map<String, String> row = new HashMap<>(event.row);
    row.put("order_id", row.get("order_id") + "x");
    return new Event(
        event.id,
        event.text.replaceFirst("\"order_id\": \"([^\"]*)\"", "\"order_id\": \"$1x\""),
        event.reason,
        row);
  }

  private String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS)
        .minus(Duration.ofMinutes(random.nextInt(90)))
        .toString();
  }

  private Event order(Instant now, String customer) {
    String id = "e" + ++made;
    String currency = List.of("USD", "EUR", "JPY", "eur").get(random.nextInt(4));
    BigDecimal amount = BigDecimal.valueOf(1_000 + 2_000L * random.nextInt(50_000), 2);
    String country = random.nextInt(3) == 0 ? "US" : "DE";
    String at = time(now);
    String text =
        """
        {"type": "order_placed", "event_id": "%1$s", "occurred_at": "%2$s", "order_id": "o%1$s", \
        "customer_id": "%3$s", "country": "%4$s", "currency": "%5$s", "amount": %6$s}\
        """
            .formatted(
                id,
                at,
                customer,
                country,
                currency,
                random.nextBoolean() ? amount : "\"" + amount + "\"");
    Map<String, String> row = new HashMap<>();
    row.put("order_id", "o" + id);
    row.put("customer_id", customer);
    row.put("amount", amount.toPlainString());
    BigDecimal usd = usd(amount, currency);
    row.put("amount_usd", usd.toPlainString());
    Optional<Map<String, String>> known = customer(customer);
    row.put("customer_known", Boolean.toString(known.isPresent()));
    row.put("fraud_score", Integer.toString(score(usd, country, known, at)));
    return valid(id, text, "orders", at, row);
  }

  private static Event valid(
      String id, String text, String table, String at, Map<String, String> row) {
    Map<String, String> all = new HashMap<>(row);
    all.put("table", table);
    all.put("partition", "dt=" + at.substring(0, 10) + "/hour=" + at.substring(11, 13));
    all.put("occurred_at", at.replace('T', ' ').replace("Z", ""));
    return new Event(id, text, Optional.empty(), all);
  }

  private static BigDecimal usd(BigDecimal amount, String currency) {
    BigDecimal rate =
        RATES.getOrDefault(currency.toUpperCase(java.util.Locale.ROOT), BigDecimal.ZERO);
    return amount.multiply(rate).setScale(2, RoundingMode.HALF_UP);
  }

  private static int score(
      BigDecimal usd, String country, Optional<Map<String, String>> customer, String at) {
    int score = usd.compareTo(new BigDecimal(1000)) > 0 ? 40 : 0;
    if (customer.isPresent()) {
      Map<String, String> known = customer.get();
      score += "true".equals(known.get("blocked")) ? 50 : 0;
      score += country.equals(known.get("country")) ? 0 : 20;
      long days =
          java.time.LocalDate.parse(at.substring(0, 10)).toEpochDay()
              - java.time.LocalDate.parse(String.valueOf(known.get("since"))).toEpochDay();
      score += days >= 0 && days <= 7 ? 15 : 0;
    }
    return score;
  }

  private Event payment(Instant now) {
    String id = "e" + ++made;
    String status = random.nextBoolean() ? "captured" : "declined";
    String at = time(now);
    BigDecimal amount = BigDecimal.valueOf(random.nextLong(1_000_000), 2);
    String text =
        """
        {"type": "payment", "event_id": "%1$s", "occurred_at": "%2$s", "payment_id": "p%1$s", \
        "order_id": "o%1$s", "customer_id": "c1", "method": "card", "status": "%3$s", \
        "currency": "EUR", "amount": "%4$s"}\
        """
            .formatted(id, at, status, amount);
    return valid(
        id,
        text,
        "payments",
        at,
        Map.of(
            "payment_id",
            "p" + id,
            "order_id",
            "o" + id,
            "status",
            status,
            "amount_usd",
            usd(amount, "EUR").toPlainString()));
  }

  private Event shipment(Instant now) {
    return shipment(now, random.nextBoolean() ? "Köln" : "Paris, \\\"Nord\\\"");
  }

  private Event shipment(Instant now, String city) {
    String id = "e" + ++made;
    String at = time(now);
    String text =
        """
        {"type": "shipment", "event_id": "%1$s", "occurred_at": "%2$s", "shipment_id": "s%1$s", \
        "order_id": "o%1$s", "carrier": "DHL", "status": "created", "destination": {"city": "%3$s"}}\
        """
            .formatted(id, at, city);
    return valid(
        id,
        text,
        "shipments",
        at,
        Map.of(
            "shipment_id", "s" + id,
            "order_id", "o" + id,
            "destination_city", city.replace("\\", "")));
  }

  /// A payment that breaks a rule: under an id of its own, and it may come again, corrected; or
  /// under the id of a good one, of which it must not be taken for a copy.
  private Event bad(Instant now) {
    Optional<Event> known =
        good.stream().filter(e -> "payments".equals(e.row.get("table"))).findFirst();
    boolean isKnown = known.isPresent() && random.nextInt(3) == 0;
    Event payment = isKnown ? known.orElseThrow() : payment(now);
    if (!isKnown) {
      corrected.add(payment);
    }
    String text = payment.text;
    return switch (random.nextInt(7)) {
      case 0 -> bad(payment, text.substring(0, text.length() / 2), "not_json");
      case 1 ->
          bad(
              payment,
              text.replaceFirst("\"amount\": \"[^\"]*\"", "\"amount\": \"12,50\""),
              "bad_amount");
      case 2 -> negative(payment);
      case 3 -> bad(payment, text.replace("EUR", "XXX"), "unknown_currency");
      case 4 -> bad(payment, text.replaceAll("captured|declined", "lost"), "bad_status");
      case 5 -> bad(payment, text.replace("\"c1\"", "null"), "missing_field");
      default -> bad(payment, text.replace("\"payment\"", "\"refund\""), "unknown_type");
    };
  }

  private static Event negative(Event payment) {
    return bad(
        payment,
        payment.text.replaceFirst("\"amount\": \"", "\"amount\": \"-1"),
        "negative_amount");
  }

  private static Event bad(Event event, String text, String reason) {
    return new Event(event.id, text, Optional.of(reason), Map.of());
  }
}
