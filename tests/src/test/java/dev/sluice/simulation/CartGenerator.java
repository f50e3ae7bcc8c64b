package dev.sluice.simulation;

import dev.sluice.simulation.EventGenerator.Event;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Generates carts, which have nested values. A cart has a row in `carts`, in `gifts`, in both or
/// in neither.
final class CartGenerator {
  static final String RECALLED = "recalled";

  /// The last three have no folder of their own.
  private static final List<String> REGIONS =
      List.of("\"de\"", "\"us\"", "\"f.r\"", "\"null\"", "\"D/E\"", "null");

  private final RandomGenerator random;

  CartGenerator(RandomGenerator random) {
    this.random = random;
  }

  /// A valid cart in a random state.
  Event cart(String id, String at) {
    return cart(id, at, random.nextInt(4) == 0 ? "draft" : "open");
  }

  /// A cart that violates the expectation of the pipeline with `otherwise: fail`.
  Event recalled(String id, String at) {
    return cart(id, at, RECALLED);
  }

  private Event cart(String id, String at, String state) {
    boolean isGift = random.nextInt(3) == 0;
    String account = "a" + (1 + random.nextInt(4));
    String region = REGIONS.get(random.nextInt(REGIONS.size()));
    String note = "for \"" + id + "\"";
    int quantity = 1 + random.nextInt(9);
    BigDecimal price = BigDecimal.valueOf(1 + random.nextInt(99_999), 2);
    String text =
        """
        {"type": "cart", "event_id": "%1$s", "occurred_at": "%2$s", "code": "c%1$s", \
        "account": "%3$s", "currency": "EUR", "state": "%4$s", "region": %5$s, \
        "items": [{"sku": "s-1", "quantity": %6$d, "price": %7$s, "tags": ["new", "it's"]}, \
        {"sku": "s-2", "tags": []}], \
        "buyer": {"name": "Ada", "address": {"city": "K\u00f6ln"}}, \
        "sizes": [[%6$d, 2], [], ["x"]]%8$s}\
        """
            .formatted(
                id,
                at,
                account,
                state,
                region,
                quantity,
                price.toPlainString(),
                isGift ? ", \"gift\": {\"note\": \"" + note.replace("\"", "\\\"") + "\"}" : "");
    List<Map<String, String>> rows = new ArrayList<>();
    if (!state.equals("draft")) {
      rows.add(cart(id, at, account, region, quantity, price, state));
    }
    if (isGift) {
      rows.add(gift(id, at, note, quantity, price));
    }
    return new Event(id, text, Optional.empty(), rows);
  }

  private static Map<String, String> cart(
      String id,
      String at,
      String account,
      String region,
      int quantity,
      BigDecimal price,
      String state) {
    BigDecimal total = price.multiply(BigDecimal.valueOf(quantity));
    Map<String, String> row = EventGenerator.row("carts", at);
    row.put("partition", "dt=" + at.substring(0, 10));
    row.put("region", region.equals("null") ? "NULL" : region.replace("\"", ""));
    row.put("code", "c" + id);
    row.put("state", state);
    row.put(
        "items",
        """
        [{sku: "s-1", quantity: %d, price: %s, tags: ["new", "it's"]}, \
        {sku: "s-2", quantity: NULL, price: NULL, tags: []}]\
        """
            .formatted(quantity, price));
    row.put("buyer", "{name: \"Ada\", address: {city: \"K\u00f6ln\", zip: NULL}}");
    row.put("sizes", "[[%d, 2], [], [NULL]]".formatted(quantity));
    row.put("total", total.toPlainString());
    row.put("total_usd", rounded(total.multiply(EventGenerator.RATES.get("EUR"))));
    row.put(
        "discount",
        EventGenerator.account(account)
            .map(a -> rounded(total.multiply(new BigDecimal(a.get("discount")))))
            .orElse("NULL"));
    return row;
  }

  private static String rounded(BigDecimal amount) {
    return amount.setScale(2, RoundingMode.HALF_UP).toPlainString();
  }

  private static Map<String, String> gift(
      String id, String at, String note, int quantity, BigDecimal price) {
    Map<String, String> row = EventGenerator.row("gifts", at);
    row.put("partition", "dt=" + at.substring(0, 10));
    row.put("code", "c" + id);
    row.put("note", note);
    row.put("item_count", "2");
    row.put(
        "first_item",
        """
        {"sku":"s-1","quantity":%d,"price":%s,"tags":["new","it's"]}\
        """
            .formatted(quantity, price));
    return row;
  }

  /// The cart with a value that breaks a rule of one of the tables. It must be in none of them.
  Event invalid(Event cart) {
    String text = cart.text();
    return switch (random.nextInt(4)) {
      case 0 ->
          invalid(cart, text.replaceFirst("\"quantity\": .", "\"quantity\": \"x\""), "bad_field");
      case 1 -> invalid(cart, text.replaceFirst("\"items\": ", "\"entries\": "), "missing_field");
      case 2 ->
          invalid(
              cart,
              text.replaceFirst(
                  "(, \"gift\": .*)?}$",
                  ", \"gift\": {\"note\": \"%s\"}}".formatted("long ".repeat(5) + ".")),
              "long_note");
      default ->
          invalid(
              cart,
              text.replaceFirst("\"price\": ", "\"price\": -").replace("\"draft\"", "\"open\""),
              "negative_total");
    };
  }

  private static Event invalid(Event cart, String text, String reason) {
    return new Event(cart.id(), text, Optional.of(reason), List.of());
  }
}
