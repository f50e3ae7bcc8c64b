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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The SELECTs and expectations of the pipeline `simulated` in Java: the rows of an event, and the
/// rules that the event violates.
///
/// @param sequence of the batch
record PlainRules(PlainReferences references, PlainCarts carts, long sequence) {
  /// The columns of each table, as every receipt names them.
  static final List<TableColumns> TABLES =
      List.of(
          table(
              "sales",
              """
              event_id VARCHAR
              occurred_at TIMESTAMP
              code VARCHAR
              account VARCHAR
              method VARCHAR
              currency VARCHAR
              amount DECIMAL(18,2)
              rate DECIMAL(18,6)
              amount_usd DECIMAL(30,2)
              fee_usd DECIMAL(30,3)
              account_country VARCHAR
              account_level VARCHAR
              account_discount DECIMAL(5,4)
              message_id VARCHAR
              batch BIGINT
              """),
          table(
              "visits",
              """
              event_id VARCHAR
              occurred_at TIMESTAMP
              code VARCHAR
              place_name VARCHAR
              minutes BIGINT
              message_id VARCHAR
              batch BIGINT
              """),
          table(
              "carts",
              """
              event_id VARCHAR
              occurred_at TIMESTAMP
              code VARCHAR
              account VARCHAR
              currency VARCHAR
              state VARCHAR
              items STRUCT(sku VARCHAR, quantity BIGINT, price DECIMAL(18,2), tags VARCHAR[])[]
              buyer STRUCT("name" VARCHAR, address STRUCT(city VARCHAR, zip VARCHAR))
              sizes BIGINT[][]
              total DECIMAL(18,2)
              total_usd DECIMAL(30,2)
              discount DECIMAL(18,2)
              message_id VARCHAR
              batch BIGINT
              """),
          table(
              "gifts",
              """
              event_id VARCHAR
              occurred_at TIMESTAMP
              code VARCHAR
              note VARCHAR
              item_count BIGINT
              first_item VARCHAR
              message_id VARCHAR
              batch BIGINT
              """));

  private static final JsonMapper JSON = new JsonMapper();
  private static final BigDecimal LARGE_AMOUNT = new BigDecimal(50_000);
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /// A row of a table.
  ///
  /// @param region the value by which it is partitioned; empty if the table is partitioned only by
  ///   the time
  record Row(String table, Optional<String> region, Map<String, String> columns) {}

  /// What an event violates.
  ///
  /// @param broken the rules that it breaks, in order
  /// @param details descriptions of these violations, in order
  /// @param notices the values of each violated expectation that does not quarantine, by its name
  record Violations(List<String> broken, List<String> details, Map<String, String> notices) {
    static Violations of(Admitted event) {
      return new Violations(
          new ArrayList<>(event.broken()),
          new ArrayList<>(event.detail().isEmpty() ? List.of() : List.of(event.detail())),
          new LinkedHashMap<>());
    }

    /// @param rule `table.name`
    void add(String rule, String detail) {
      broken.add(rule.substring(rule.indexOf('.') + 1));
      details.add(rule + ": " + detail);
    }

    void notice(String rule, String values) {
      notices.put(rule, values);
    }
  }

  /// An event with its rows.
  ///
  /// @param n the number of the event in its batch
  record Checked(
      long n, Envelope envelope, Admitted event, List<Row> rows, Violations violations) {}

  /// @param columns a name and a type on each line
  private static TableColumns table(String name, String columns) {
    return new TableColumns(
        name,
        columns
            .lines()
            .map(column -> column.split(" ", 2))
            .map(column -> new Column(column[0], column[1]))
            .toList());
  }

  Checked check(long n, Envelope envelope, Admitted event) {
    JsonNode json = JSON.readTree(event.json());
    Violations violations = Violations.of(event);
    List<Row> rows =
        switch (event.type()) {
          case "sale" -> List.of(new Row("sales", Optional.empty(), sale(json, violations)));
          case "visit" -> List.of(new Row("visits", Optional.empty(), visit(json)));
          default -> carts.rows(event, violations);
        };
    List<Row> complete =
        rows.stream()
            .map(row -> new Row(row.table, row.region, complete(row.columns, envelope, event)))
            .toList();
    return new Checked(n, envelope, event, complete, violations);
  }

  /// Adds the columns that every table has.
  private Map<String, String> complete(
      Map<String, String> columns, Envelope envelope, Admitted event) {
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "event_id", event.id().orElse(null));
    put(row, "occurred_at", event.time().map(PlainRules::timestamp).orElse(null));
    row.putAll(columns);
    put(row, "message_id", envelope.messageId());
    put(row, "batch", sequence);
    return row;
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

  /// The product, rounded half up; null if a factor is null.
  static @Nullable BigDecimal product(
      @Nullable BigDecimal amount, @Nullable BigDecimal factor, int scale) {
    return amount == null || factor == null
        ? null
        : amount.multiply(factor).setScale(scale, RoundingMode.HALF_UP);
  }

  private static Map<String, String> visit(JsonNode json) {
    String minutes = text(json.get("minutes"));
    boolean isWhole = minutes != null && minutes.matches("-?[0-9]{1,18}");
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "code", text(json.get("code")));
    put(row, "place_name", text(json.path("place").get("name")));
    put(row, "minutes", isWhole ? Long.valueOf(minutes) : null);
    return row;
  }

  private Map<String, String> sale(JsonNode json, Violations violations) {
    String account = text(json.get("account"));
    String method = text(json.get("method"));
    String currency = text(json.get("currency"));
    String written = text(json.get("amount"));
    String code = currency == null ? null : currency.toUpperCase(Locale.ROOT);
    BigDecimal rate = references.rate(code);
    BigDecimal amount = money(written);
    BigDecimal usd = product(amount, rate, 2);
    Map<String, String> row = new LinkedHashMap<>();
    put(row, "code", text(json.get("code")));
    put(row, "account", account);
    put(row, "method", method);
    put(row, "currency", code);
    put(row, "amount", amount);
    put(row, "rate", rate);
    put(row, "amount_usd", usd);
    put(row, "fee_usd", product(usd, references.fee(code), 3));
    put(row, "account_country", references.account(account, "country").orElse(null));
    put(row, "account_level", references.account(account, "level").orElse(null));
    put(row, "account_discount", references.discount(account));
    if (written != null && amount == null) {
      violations.add(
          "sales.bad_amount",
          "is_money(event, '$.amount') with $.amount = '%s'".formatted(written));
    }
    if (amount != null && amount.signum() < 0) {
      violations.add("sales.negative_amount", "amount >= 0 with amount = " + amount);
    }
    if (code != null && rate == null) {
      violations.add(
          "sales.unknown_currency",
          "currency IS NULL OR rate IS NOT NULL with currency = '%s', rate = NULL".formatted(code));
    }
    if (method != null && !method.equals("card") && !method.equals("cash")) {
      violations.add(
          "sales.bad_method", "method IN ('card', 'cash') with method = '%s'".formatted(method));
    }
    if (amount != null && amount.compareTo(LARGE_AMOUNT) >= 0) {
      violations.notice("sales.large_amount", "amount = " + amount);
    }
    return row;
  }

  private static @Nullable BigDecimal money(@Nullable String text) {
    return text != null && text.matches("-?[0-9]{1,16}(\\.[0-9]{1,2})?")
        ? new BigDecimal(text).setScale(2)
        : null;
  }
}
