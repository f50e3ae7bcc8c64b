package dev.sluice.simulation;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Envelope;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The SELECTs and expectations of the pipeline `simulated` in Java: the row of an event, and the
/// rules that the event breaks.
///
/// @param accounts rows of the reference, by account
/// @param rates dollars for one unit, by currency
/// @param sequence of the batch
record PlainRules(
    Map<String, Map<String, String>> accounts, Map<String, BigDecimal> rates, long sequence) {
  /// The columns of each table, as every receipt names them.
  static final List<TableColumns> TABLES =
      List.of(
          table(
              "sales",
              "event_id VARCHAR, occurred_at TIMESTAMP, code VARCHAR, account VARCHAR, method VARCHAR",
              "currency VARCHAR, amount DECIMAL(18,2), rate DECIMAL(18,6), amount_usd DECIMAL(30,2)",
              "account_country VARCHAR, account_level VARCHAR, message_id VARCHAR, batch BIGINT"),
          table(
              "visits",
              "event_id VARCHAR, occurred_at TIMESTAMP, code VARCHAR, place_name VARCHAR",
              "minutes BIGINT, message_id VARCHAR, batch BIGINT"));

  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /// An event with its row.
  ///
  /// @param n the number of the event in its batch
  /// @param broken the rules that it breaks, in order
  /// @param details descriptions of the violations, in order
  record Checked(
      long n,
      Envelope envelope,
      Admitted event,
      Map<String, String> row,
      List<String> broken,
      List<String> details) {}

  private static TableColumns table(String name, String... columns) {
    return new TableColumns(
        name,
        Stream.of(String.join(", ", columns).split(", ", -1))
            .map(column -> column.split(" ", -1))
            .map(column -> new Column(column[0], column[1]))
            .toList());
  }

  Checked check(long n, Envelope envelope, Admitted event) {
    JsonNode json = JSON.readTree(event.json());
    List<String> broken = new ArrayList<>(event.broken());
    List<String> details = new ArrayList<>();
    if (!event.detail().isEmpty()) {
      details.add(event.detail());
    }
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "event_id", event.id().orElse(null));
    put(row, "occurred_at", event.time().map(PlainRules::timestamp).orElse(null));
    put(row, "code", text(json.get("code")));
    if (event.type().equals("sale")) {
      sale(json, row, broken, details);
    } else {
      String minutes = text(json.get("minutes"));
      boolean isWhole = minutes != null && minutes.matches("-?[0-9]{1,18}");
      put(row, "place_name", text(json.path("place").get("name")));
      put(row, "minutes", isWhole ? Long.valueOf(minutes) : null);
    }
    put(row, "message_id", envelope.messageId());
    put(row, "batch", sequence);
    return new Checked(n, envelope, event, row, broken, details);
  }

  /// The macro `text`: the value of a scalar.
  static @Nullable String text(@Nullable JsonNode value) {
    return value == null || value.isNull() || value.isContainer() ? null : value.asString();
  }

  static void put(Map<String, String> row, String column, @Nullable Object value) {
    row.put(column, value == null ? "NULL" : value.toString());
  }

  /// A TIMESTAMP as DuckDB casts it to text.
  static String timestamp(Instant instant) {
    String text = TIMESTAMP.format(instant);
    return text.endsWith(".000000") ? text.substring(0, 19) : text.replaceFirst("0+$", "");
  }

  private void sale(
      JsonNode json, Map<String, String> row, List<String> broken, List<String> details) {
    String accountId = text(json.get("account"));
    String method = text(json.get("method"));
    String currency = text(json.get("currency"));
    String written = text(json.get("amount"));
    String code = currency == null ? null : currency.toUpperCase(Locale.ROOT);
    BigDecimal rate = code == null ? null : rates.get(code);
    BigDecimal amount = money(written);
    Map<String, String> account = accountId == null ? null : accounts.get(accountId);
    Map<String, String> joined = account == null ? new HashMap<>() : account;
    put(row, "account", accountId);
    put(row, "method", method);
    put(row, "currency", code);
    put(row, "amount", amount);
    put(row, "rate", rate);
    put(
        row,
        "amount_usd",
        amount == null || rate == null
            ? null
            : amount.multiply(rate).setScale(2, RoundingMode.HALF_UP));
    put(row, "account_country", joined.get("country"));
    put(row, "account_level", joined.get("level"));
    if (written != null && amount == null) {
      broken.add("bad_amount");
      details.add(
          "sales.bad_amount: is_money(event, '$.amount') with $.amount = '%s'".formatted(written));
    }
    if (amount != null && amount.signum() < 0) {
      broken.add("negative_amount");
      details.add("sales.negative_amount: amount >= 0 with amount = %s".formatted(amount));
    }
    if (code != null && rate == null) {
      broken.add("unknown_currency");
      details.add(
          "sales.unknown_currency: currency IS NULL OR rate IS NOT NULL with currency = '%s', rate = NULL"
              .formatted(code));
    }
    if (method != null && !method.equals("card") && !method.equals("cash")) {
      broken.add("bad_method");
      details.add(
          "sales.bad_method: method IN ('card', 'cash') with method = '%s'".formatted(method));
    }
  }

  private static @Nullable BigDecimal money(@Nullable String text) {
    return text != null && text.matches("-?[0-9]{1,16}(\\.[0-9]{1,2})?")
        ? new BigDecimal(text).setScale(2)
        : null;
  }
}
