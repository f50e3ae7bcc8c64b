package dev.sluice.examples;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Generates realistic events for the pipeline `orders`: orders with their payments and shipments.
/// One in fifty is invalid or a duplicate, and the expected result of each is known.
public final class OrderEvents {
  private static final int CUSTOMERS = 2_000;
  private static final int ONE_IN = 50;
  private static final List<String> COUNTRIES = List.of("US", "US", "US", "DE", "FR", "GB", "BR");
  private static final List<String> CURRENCIES =
      List.of("USD", "USD", "USD", "EUR", "EUR", "GBP", "BRL");
  private static final List<String> CHANNELS = List.of("web", "web", "app", "pos");
  private static final List<String> TIERS = List.of("basic", "basic", "silver", "gold", "vip");
  private static final List<String> METHODS = List.of("card", "card", "wallet", "transfer");
  private static final List<String> CARRIERS = List.of("dhl", "ups", "fedex");
  private static final List<String> CITIES =
      List.of("Köln", "São Paulo", "Boston", "Lyon", "Leeds");

  private final Random random;
  private final String run;
  private final Instant now;
  private int orders;
  private String order = "";
  private String customer = "";
  private String currency = "";
  private BigDecimal amount = BigDecimal.ZERO;
  private String last = "";
  private long valid;
  private long bad;
  private long repeated;

  /// The same seed produces the same events; `run` makes the ids of two runs different.
  public OrderEvents(long seed, String run, Instant now) {
    this.random = new Random(seed);
    this.run = run;
    this.now = now;
  }

  public static List<Map<String, String>> customers(long seed, Instant now) {
    Random random = new Random(seed);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Map<String, String>> rows = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      Map<String, String> row = new HashMap<>();
      row.put("customer_id", customerId(i));
      row.put("country", COUNTRIES.get(i % COUNTRIES.size()));
      row.put("tier", pick(random, TIERS));
      row.put("since", today.minusDays(random.nextInt(1_000)).toString());
      row.put("blocked", Boolean.toString(random.nextInt(100) == 0));
      rows.add(row);
    }
    return rows;
  }

  public static List<Map<String, String>> rates() {
    return List.of(
        Map.of("currency", "USD", "rate", "1.000000"),
        Map.of("currency", "EUR", "rate", "1.083417"),
        Map.of("currency", "GBP", "rate", "1.271900"),
        Map.of("currency", "BRL", "rate", "0.184213"));
  }

  private static String customerId(int i) {
    return "c%05d".formatted(i);
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /// The next event as a line of JSON, which may be invalid.
  public String next() {
    if (random.nextInt(ONE_IN) == 0 && !last.isEmpty()) {
      return random.nextInt(3) == 0 ? repeat() : invalid();
    }
    valid++;
    last = event();
    return last;
  }

  private String repeat() {
    repeated++;
    return last;
  }

  /// In order: an order, its payment, its shipment.
  private String event() {
    int step = orders++ % 3;
    return switch (step) {
      case 0 -> order();
      case 1 -> payment(random.nextInt(100) < 93 ? "captured" : "declined");
      default -> shipment();
    };
  }

  private String order() {
    int who = random.nextInt(CUSTOMERS);
    int quantity = 1 + random.nextInt(3);
    BigDecimal price = BigDecimal.valueOf(500 + random.nextInt(40_000), 2);
    order = "%s-%06d".formatted(run, orders);
    customer = random.nextInt(200) == 0 ? "guest-" + order : customerId(who);
    currency = CURRENCIES.get(who % CURRENCIES.size());
    amount = price.multiply(BigDecimal.valueOf(quantity));
    return """
    {"type":"order_placed","event_id":"o-%s","occurred_at":"%s","order_id":"%s","customer_id":"%s",\
    "channel":"%s","country":"%s","currency":"%s","amount":"%s",\
    "items":[{"sku":"sku-%04d","quantity":%d,"unit_price":"%s"}]}\
    """
        .formatted(
            order,
            time(),
            order,
            customer,
            pick(random, CHANNELS),
            random.nextInt(20) == 0 ? "NG" : COUNTRIES.get(who % COUNTRIES.size()),
            currency,
            amount,
            random.nextInt(10_000),
            quantity,
            price);
  }

  private String payment(String status) {
    return """
    {"type":"payment","event_id":"p-%s","occurred_at":"%s","payment_id":"p-%s","order_id":"%s",\
    "customer_id":"%s","method":"%s","status":"%s","currency":"%s","amount":%s}\
    """
        .formatted(
            order, time(), order, order, customer, pick(random, METHODS), status, currency, amount);
  }

  private String shipment() {
    return """
    {"type":"shipment","event_id":"s-%s","occurred_at":"%s","shipment_id":"s-%s","order_id":"%s",\
    "carrier":"%s","status":"created",\
    "destination":{"country":"%s","city":"%s","zip":"%05d"}}\
    """
        .formatted(
            order,
            time(),
            order,
            order,
            pick(random, CARRIERS),
            pick(random, COUNTRIES),
            pick(random, CITIES),
            random.nextInt(100_000));
  }

  private Instant time() {
    return now.minus(Duration.ofMillis(random.nextInt(7_200_000)));
  }

  /// An event that violates one rule. Its id is unique, so that it is never a duplicate.
  private String invalid() {
    bad++;
    String spoiltOrder = "%s-bad-%06d".formatted(run, bad);
    String payment =
        """
        {"type":"payment","event_id":"p-%1$s","occurred_at":"%2$s","payment_id":"p-%1$s",\
        "order_id":"%1$s","customer_id":"c00001","method":"card","status":"captured",\
        "currency":"USD","amount":"10.00"}\
        """
            .formatted(spoiltOrder, time());
    return switch ((int) (bad % 8)) {
      case 0 -> payment.substring(0, payment.length() / 2);
      case 1 -> payment.replace("\"10.00\"", "\"12,50\"");
      case 2 -> payment.replace("\"10.00\"", "-10.00");
      case 3 -> payment.replace("USD", "XXX");
      case 4 -> payment.replace("captured", "lost");
      case 5 -> payment.replace("\"c00001\"", "null");
      case 6 -> payment.replace("\"type\":\"payment\"", "\"type\":\"refund_requested\"");
      default -> payment.replaceAll("\"occurred_at\":\"[^\"]*\"", "\"occurred_at\":\"yesterday\"");
    };
  }

  /// The number of events so far that are expected to be loaded.
  public long valid() {
    return valid;
  }

  /// The number of events so far that are expected in quarantine.
  public long bad() {
    return bad;
  }

  /// The number of events so far that repeat the event before them.
  public long repeated() {
    return repeated;
  }
}
