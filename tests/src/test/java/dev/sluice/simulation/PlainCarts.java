package dev.sluice.simulation;

import static dev.sluice.simulation.PlainRules.put;

import dev.sluice.event.Admission.Admitted;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldValue;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.simulation.PlainRules.Row;
import dev.sluice.simulation.PlainRules.Violations;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The SELECTs and expectations of the two tables that are built from carts, in Java.
///
/// @param columns for the position of a field among those of a cart
record PlainCarts(PlainReferences references, Map<String, List<Column>> columns) {
  private static final int MONEY_DIGITS = 16;

  /// @param place of the field among the values of an admitted event
  record Column(String name, FieldType type, int place) {}

  static PlainCarts of(Pipeline pipeline, PlainReferences references) {
    List<Field.Rule> rules =
        Objects.requireNonNull(pipeline.admissionRules().types().get("cart")).fields();
    Map<String, List<Column>> columns = new HashMap<>();
    for (Table table : pipeline.tables()) {
      columns.put(
          table.name(),
          table.fields().stream()
              .map(f -> new Column(f.name(), f.rule().type(), rules.indexOf(f.rule())))
              .toList());
    }
    return new PlainCarts(references, columns);
  }

  /// The rows of an event, without the columns that every table has.
  List<Row> rows(Admitted event, Violations violations) {
    List<Row> rows = new ArrayList<>();
    Map<String, @Nullable Object> cart = values("carts", event);
    if (!"draft".equals(cart.get("state"))) {
      rows.add(
          new Row(
              "carts", Optional.of(String.valueOf(cart.get("region"))), cart(cart, violations)));
    }
    Map<String, @Nullable Object> gift = values("gifts", event);
    if (gift.get("note") instanceof String note) {
      if (note.codePointCount(0, note.length()) > 20) {
        violations.add("gifts.long_note", "length(note) <= 20 with note = '%s'".formatted(note));
      }
      rows.add(new Row("gifts", Optional.empty(), gift(gift)));
    }
    return rows;
  }

  private Map<String, @Nullable Object> values(String table, Admitted event) {
    Map<String, @Nullable Object> values = new HashMap<>();
    for (Column column : columns.getOrDefault(table, List.of())) {
      values.put(column.name, value(column.type, event.fields().get(column.place)));
    }
    return values;
  }

  private static @Nullable Object value(FieldType type, FieldValue value) {
    return switch (value) {
      case FieldValue.OfText(String text) -> text;
      case FieldValue.OfWhole(long number) -> number;
      case FieldValue.OfDecimal(BigDecimal number) -> number;
      case FieldValue.OfElements(List<FieldValue> items) -> {
        List<@Nullable Object> list = new ArrayList<>();
        items.forEach(item -> list.add(value(((FieldType.Elements) type).type(), item)));
        yield list;
      }
      case FieldValue.OfMembers(List<FieldValue> members) -> {
        Map<String, @Nullable Object> struct = new LinkedHashMap<>();
        List<FieldType.Member> types = ((FieldType.Struct) type).members();
        for (int i = 0; i < types.size(); i++) {
          struct.put(types.get(i).name(), value(types.get(i).type(), members.get(i)));
        }
        yield struct;
      }
      case FieldValue.Absent _, FieldValue.Unreadable _ -> null;
      case FieldValue.OfNumber _, FieldValue.OfFlag _, FieldValue.OfDay _, FieldValue.OfTime _ ->
          throw new IllegalArgumentException("no field of a cart has the type " + type);
    };
  }

  private Map<String, String> cart(Map<String, @Nullable Object> cart, Violations violations) {
    String account = (String) cart.get("account");
    String currency =
        cart.get("currency") instanceof String code ? code.toUpperCase(Locale.ROOT) : null;
    String state = (String) cart.get("state");
    BigDecimal total = total(cart.get("items"));
    BigDecimal rate = references.rate(currency);
    BigDecimal discount = references.discount(account);
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "code", cart.get("code"));
    put(row, "account", account);
    put(row, "currency", currency);
    put(row, "state", state);
    put(row, "items", nested(cart.get("items")));
    put(row, "buyer", nested(cart.get("buyer")));
    put(row, "sizes", nested(cart.get("sizes")));
    put(row, "total", total);
    put(row, "total_usd", PlainRules.product(total, rate, 2));
    put(row, "discount", PlainRules.product(total, discount, 2));
    if (total != null && total.signum() < 0) {
      violations.add("carts.negative_total", "total >= 0 with total = " + total);
    }
    if ("recalled".equals(state)) {
      violations.notice("carts.recalled", "state = 'recalled'");
    }
    return row;
  }

  private static @Nullable String nested(@Nullable Object value) {
    return value == null ? null : NestedText.of(value);
  }

  /// The sum of the items' prices; null if no item has a quantity and a price, or if it is too
  /// large for money.
  private static @Nullable BigDecimal total(@Nullable Object items) {
    BigDecimal total = null;
    for (Object each : items instanceof List<?> list ? list : List.of()) {
      if (each instanceof Map<?, ?> item
          && item.get("quantity") instanceof Long quantity
          && item.get("price") instanceof BigDecimal price) {
        BigDecimal product = price.multiply(BigDecimal.valueOf(quantity));
        total = total == null ? product : total.add(product);
      }
    }
    return total != null && total.abs().compareTo(BigDecimal.TEN.pow(MONEY_DIGITS)) < 0
        ? total
        : null;
  }

  private static Map<String, String> gift(Map<String, @Nullable Object> gift) {
    List<?> items = gift.get("items") instanceof List<?> list ? list : null;
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "code", gift.get("code"));
    put(row, "note", gift.get("note"));
    put(row, "item_count", items == null ? null : items.size());
    put(row, "first_item", items == null || items.isEmpty() ? null : items.getFirst());
    return row;
  }
}
