package dev.sluice.simulation;

import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Reason;
import dev.sluice.simulation.PlainEngine.Judged;
import dev.sluice.simulation.PlainEngine.Numbered;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `orders.sql`, `payments.sql` and `shipments.sql` select, and their expectations, in plain
/// Java: a row, and which rules it breaks.
final class PlainRules {
  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter SQL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final BigDecimal LARGE = new BigDecimal(1000);

  private final Map<String, Map<String, String>> customers;
  private final Map<String, BigDecimal> rates;
  private final long sequence;

  /// @param customers rows by id
  /// @param rates dollars for one unit, by currency
  /// @param sequence of the batch
  PlainRules(
      Map<String, Map<String, String>> customers, Map<String, BigDecimal> rates, long sequence) {
    this.customers = customers;
    this.rates = rates;
    this.sequence = sequence;
  }

  static @Nullable String text(JsonNode event, String name) {
    JsonNode value = event.get(name);
    return value == null || value.isNull() ? null : value.asString();
  }

  Judged judge(Numbered numbered, Admitted event) {
    JsonNode json = JSON.readTree(event.json());
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "event_id", event.id().orElse(null));
    put(row, "occurred_at", event.time().map(PlainRules::sql).orElse(null));
    List<String> broken = new ArrayList<>(event.broken().stream().map(Reason::label).toList());
    switch (event.type()) {
      case "order_placed" -> order(json, event.time(), row, broken);
      case "payment" -> payment(json, row, broken);
      default -> shipment(json, row, broken);
    }
    row.put("message_id", numbered.envelope().messageId());
    row.put("batch", Long.toString(sequence));
    return new Judged(numbered.n(), numbered.envelope(), event, row, broken);
  }

  static void put(Map<String, String> row, String name, @Nullable Object value) {
    row.put(name, value == null ? "NULL" : value.toString());
  }

  /// As SQL casts a timestamp to text.
  static String sql(Instant instant) {
    String text = SQL.format(instant);
    return text.endsWith(".000000") ? text.substring(0, 19) : text.replaceFirst("0+$", "");
  }

  private static @Nullable BigDecimal money(@Nullable String text) {
    return text != null && text.matches("-?[0-9]{1,16}(\\.[0-9]{1,2})?")
        ? new BigDecimal(text).setScale(2)
        : null;
  }

  private void order(
      JsonNode json, Optional<Instant> time, Map<String, String> row, List<String> broken) {
    String customerId = text(json, "customer_id");
    String country = text(json, "country");
    String currency = upper(text(json, "currency"));
    BigDecimal amount = money(text(json, "amount"));
    BigDecimal rate = currency == null ? null : rates.get(currency);
    BigDecimal usd = usd(amount, rate);
    Map<String, String> customer = customerId == null ? null : customers.get(customerId);
    List<String> suspicions = new ArrayList<>();
    int score = 0;
    if (customer != null && "true".equals(customer.get("blocked"))) {
      suspicions.add("blocked_customer");
      score += 50;
    }
    if (usd != null && usd.compareTo(LARGE) > 0) {
      suspicions.add("large_amount");
      score += 40;
    }
    if (isMismatch(json.get("items"), amount)) {
      suspicions.add("total_mismatch");
      score += 25;
    }
    if (customer != null && country != null && !country.equals(customer.get("country"))) {
      suspicions.add("foreign_country");
      score += 20;
    }
    if (customer != null && time.isPresent() && isNew(customer, time.get())) {
      suspicions.add("new_customer");
      score += 15;
    }
    put(row, "order_id", text(json, "order_id"));
    put(row, "customer_id", customerId);
    put(row, "channel", text(json, "channel"));
    put(row, "country", country);
    put(row, "currency", currency);
    put(row, "amount", amount);
    put(row, "rate", rate);
    put(row, "amount_usd", usd);
    put(row, "item_count", json.has("items") ? json.get("items").size() : null);
    put(row, "customer_known", customer != null);
    put(row, "customer_country", customer == null ? null : customer.get("country"));
    put(row, "customer_tier", customer == null ? null : customer.get("tier"));
    put(row, "customer_since", customer == null ? null : customer.get("since"));
    put(row, "fraud_score", score);
    put(row, "fraud_reasons", suspicions);
    put(row, "fraud_suspected", score >= 60);
    judgeMoney(json, amount, broken);
    if (currency != null && rate == null) {
      broken.add("unknown_currency");
    }
  }

  private static @Nullable String upper(@Nullable String text) {
    return text == null ? null : text.toUpperCase(Locale.ROOT);
  }

  private static @Nullable BigDecimal usd(@Nullable BigDecimal amount, @Nullable BigDecimal rate) {
    return amount == null || rate == null
        ? null
        : amount.multiply(rate).setScale(2, RoundingMode.HALF_UP);
  }

  private static boolean isMismatch(@Nullable JsonNode items, @Nullable BigDecimal amount) {
    if (items == null || amount == null) {
      return false;
    }
    BigDecimal total = BigDecimal.ZERO;
    for (JsonNode item : items) {
      String quantity = text(item, "quantity");
      BigDecimal price = money(text(item, "unit_price"));
      if (quantity == null
          || price == null
          || !quantity.matches("-?[0-9]{1,9}")
          || quantity.length() > 9) {
        return false;
      }
      total = total.add(price.multiply(new BigDecimal(quantity)));
    }
    return total.compareTo(amount) != 0;
  }

  private static boolean isNew(Map<String, String> customer, Instant time) {
    String since = customer.get("since");
    if (since == null) {
      return false;
    }
    long days =
        time.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay()
            - LocalDate.parse(since).toEpochDay();
    return days >= 0 && days <= 7;
  }

  private static void judgeMoney(JsonNode json, @Nullable BigDecimal amount, List<String> broken) {
    if (amount == null && text(json, "amount") != null) {
      broken.add("bad_amount");
    }
    if (amount != null && amount.signum() < 0) {
      broken.add("negative_amount");
    }
  }

  private void payment(JsonNode json, Map<String, String> row, List<String> broken) {
    String currency = upper(text(json, "currency"));
    BigDecimal amount = money(text(json, "amount"));
    for (String name : List.of("payment_id", "order_id", "customer_id", "method", "status")) {
      put(row, name, text(json, name));
    }
    put(row, "currency", currency);
    put(row, "amount", amount);
    put(row, "amount_usd", usd(amount, currency == null ? null : rates.get(currency)));
    judgeMoney(json, amount, broken);
    if (currency != null && !rates.containsKey(currency)) {
      broken.add("unknown_currency");
    }
    judgeStatus(json, List.of("authorized", "captured", "declined", "refunded"), broken);
  }

  private static void judgeStatus(JsonNode json, List<String> known, List<String> broken) {
    String status = text(json, "status");
    if (status != null && !known.contains(status)) {
      broken.add("bad_status");
    }
  }

  private static void shipment(JsonNode json, Map<String, String> row, List<String> broken) {
    for (String name : List.of("shipment_id", "order_id", "carrier", "status")) {
      put(row, name, text(json, name));
    }
    JsonNode destination = json.path("destination");
    for (String name : List.of("country", "city", "zip")) {
      put(row, "destination_" + name, text(destination, name));
    }
    judgeStatus(json, List.of("created", "in_transit", "delivered", "returned"), broken);
  }
}
