package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The problems that `sluice validate` reports for a folder.
final class PipelineCheckTest {
  private static final String YAML =
      """
      pipeline: shop
      every: 1m
      event: {type: $.type, time: $.at}
      references:
        rates: {table: rates, key: currency, load: all, columns: {currency: VARCHAR, rate: "DECIMAL(18,6)"}}
      tables:
        orders:
          from: order
          sql: orders.sql
          expect:
            negative_amount: amount >= 0
        payments: {from: payment, sql: payments.sql}
      metrics:
        volume: SELECT count(*) FROM orders
        paid: |
          SELECT sum(amount)
          FROM payments
      """;

  private static final String ORDERS =
      """
      -- It's one row for each order, without now().
      WITH read AS (
        SELECT n, fields(event, '{"order_id": "VARCHAR", "amount": "VARCHAR"}') AS placed
        FROM events
      )
      SELECT
        n,
        placed.order_id,
        to_money(placed.amount) AS amount
      FROM read
      """;

  private static final String PAYMENTS =
      """
      SELECT n, convert_money(money(event, '$.amount'), rate) AS amount
      FROM events LEFT JOIN rates ON rates.currency = text(event, '$.currency')
      """;

  @TempDir Path root;

  @BeforeEach
  void writeAValidPipeline() throws IOException {
    Files.createDirectories(root.resolve("shop"));
    write("pipeline.yaml", YAML);
    write("orders.sql", ORDERS);
    write("payments.sql", PAYMENTS);
  }

  @Test
  void reportsNoProblemOfAValidPipeline() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void reportsProblemsOfTheYamlAndOfTheSqlTogether() throws IOException {
    write("pipeline.yaml", YAML.replace("every: 1m", "every: 2m"));
    write("orders.sql", ORDERS.replace("FROM events", "FROM eventz"));

    assertThat(problems())
        .satisfiesExactly(
            yaml -> assertThat(yaml).startsWith("pipeline.yaml:2: every '2m': must be one of"),
            sql ->
                assertThat(sql)
                    .isEqualTo(
                        "orders.sql:4: tables.orders.sql 'FROM eventz': Table with name"
                            + " eventz does not exist! Did you mean \"events\"? (column 8)"));
  }

  @Test
  void reportsTheLineOfAnErrorWithoutAPlace() throws IOException {
    write("orders.sql", ORDERS.replace("placed.order_id", "placed.order_idd"));

    assertThat(problems())
        .containsExactly(
            "orders.sql:8: tables.orders.sql 'placed.order_idd,': Could not find key"
                + " \"order_idd\" in struct Candidate Entries: \"order_id\" (column 10)");
  }

  @Test
  void reportsTheColumnOfALongLine() throws IOException {
    String wide = "'%s' AS wide, ".formatted("ü".repeat(200));
    write("orders.sql", ORDERS.replace("  placed.order_id", "  " + wide + "plced.order_id"));

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("orders.sql:8: tables.orders.sql 'ü")
        .contains("plced.order_id,': Referenced table \"plced\" not found!")
        .endsWith("(column %d)".formatted(3 + wide.length()));
  }

  @Test
  void reportsASelectThatEndsTooEarly() throws IOException {
    write("orders.sql", ORDERS.stripTrailing() + " WHERE (n > 0\n\n");

    assertThat(problems())
        .containsExactly(
            "orders.sql:10: tables.orders.sql 'FROM read WHERE (n > 0': has unbalanced"
                + " parentheses or ends too early; correct it");
  }

  @Test
  void reportsEveryNondeterministicCallOutsideOfCommentsAndStrings() throws IOException {
    write(
        "orders.sql",
        ORDERS
            .replace(
                "  n,\n",
                "  n, 'at random()' AS a,\n  random() AS b, now() AS c,\n  \"it's\" AS d,\n")
            .replace("n, fields(", "n, uuid() AS \"it's\", fields(")
            .replace("FROM read", "FROM (SELECT *, \"it's\" FROM read)"));

    assertThat(problems())
        .extracting(problem -> problem.replaceAll(" returns a different result.*", ""))
        .contains(
            "orders.sql:3: tables.orders.sql 'uuid(':",
            "orders.sql:8: tables.orders.sql 'random(':",
            "orders.sql:8: tables.orders.sql 'now(':")
        .noneMatch(problem -> problem.startsWith("orders.sql:1:"))
        .filteredOn(problem -> problem.contains("random("))
        .hasSize(1);
  }

  @Test
  void reportsProblemsOfExpectationsOfAnInvalidTable() throws IOException {
    write("orders.sql", ORDERS.replace("FROM events", "FROM eventz"));
    write(
        "pipeline.yaml",
        YAML.replace(
            "amount >= 0\n",
            "amount >=\n      other: amnt >= 0\n      odd: is_mony(event, '$.a')\n      chance: random() < amount\n"));

    assertThat(problems())
        .extracting(problem ->
            problem.replaceAll(": (has unbalanced|Table|Scalar|returns a different).*", ""))
        .containsExactly(
            "orders.sql:4: tables.orders.sql 'FROM eventz'",
            "pipeline.yaml:11: tables.orders.expect.negative_amount 'amount >='",
            "pipeline.yaml:13: tables.orders.expect.odd 'is_mony(event, '$.a')'",
            "pipeline.yaml:14: tables.orders.expect.chance 'random('");
  }

  @Test
  void ignoresSqlThatReadsAnInvalidTable() throws IOException {
    write("payments.sql", PAYMENTS.replace("rates.currency", "rates.curency"));
    write("pipeline.yaml", YAML.replace("count(*) FROM orders", "cont(*) FROM orders"));

    assertThat(problems())
        .satisfiesExactly(
            table -> assertThat(table).startsWith("payments.sql:2: tables.payments.sql"),
            metric ->
                assertThat(metric)
                    .startsWith("pipeline.yaml:14: metrics.volume 'SELECT cont(*) FROM orders'"));
  }

  @Test
  void ignoresSqlThatReadsAnInvalidReference() throws IOException {
    write("pipeline.yaml", YAML.replace("DECIMAL(18,6)", "DECIMAL(18,30)"));

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith(
            "pipeline.yaml:5: references.rates.columns.rate 'DECIMAL(18,30)': must be VARCHAR");
  }

  @Test
  void ignoresSqlThatReadsAReferenceWithAnInvalidName() throws IOException {
    write("pipeline.yaml", YAML.replace("  rates: {", "  Rates: {"));

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:5: references.Rates: is not a valid name");
  }

  @Test
  void reportsTheLineOfAMetricInABlock() throws IOException {
    write("pipeline.yaml", YAML.replace("FROM payments", "FROM paymens"));

    assertThat(problems())
        .containsExactly(
            "pipeline.yaml:17: metrics.paid 'FROM paymens': Table with name paymens does not"
                + " exist! Did you mean \"payments\"? (column 6)");
  }

  @Test
  void rejectsTwoStatementsInAMetric() throws IOException {
    write("pipeline.yaml", YAML.replace("FROM orders\n", "FROM orders; DROP TABLE orders\n"));

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:14: metrics.volume");
  }

  @Test
  void rejectsAnIntegerThatParquetCannotStore() throws IOException {
    write(
        "orders.sql",
        ORDERS.replace("  placed.order_id", "  (SELECT sum(1)) AS wide,\n  placed.order_id"));

    assertThat(problems())
        .containsExactly(
            "orders.sql:8: tables.orders.sql 'wide': has type HUGEINT, which Parquet stores as DOUBLE;"
                + " cast it to BIGINT or DECIMAL(38,0)");
  }

  @Test
  void reportsAFileThatIsNotUtf8AndOtherProblems() throws IOException {
    Files.write(
        root.resolve("shop/payments.sql"),
        "SELECT n\n-- für\nFROM events".getBytes(StandardCharsets.ISO_8859_1));
    write("orders.sql", ORDERS.replace("FROM read", "FROM reed"));

    assertThat(problems())
        .satisfiesExactly(
            file ->
                assertThat(file)
                    .isEqualTo(
                        "payments.sql:2: tables.payments.sql '0xFC': is not UTF-8; save the file as"
                            + " UTF-8"),
            sql -> assertThat(sql).startsWith("orders.sql:10: tables.orders.sql 'FROM reed'"));
  }

  @Test
  void reportsTheLineOfAReservedColumnName() throws IOException {
    write("orders.sql", ORDERS.replace("placed.order_id", "placed.order_id AS event_id"));

    assertThat(problems())
        .containsExactly(
            "orders.sql:8: tables.orders.sql 'event_id': is a reserved column name; rename or"
                + " remove the column");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT min(n) AS n, currency, avg(amount) AS mean FROM events GROUP BY ALL|aggregates events",
        "SELECT any_value(n) AS n, currency FROM events GROUP BY currency|aggregates events",
        "SELECT max(n) AS n FROM events|aggregates events",
        "SELECT n, sum(amount) OVER (PARTITION BY currency) AS total FROM events|uses a window",
        "SELECT n, row_number() OVER () AS place FROM events|uses a window",
        "SELECT n FROM events QUALIFY row_number() OVER (PARTITION BY currency) = 1|uses a window",
        "SELECT DISTINCT n, currency FROM events|uses DISTINCT",
        "SELECT DISTINCT ON (currency) n, currency FROM events|uses DISTINCT",
        "SELECT n FROM events LIMIT 10|limits the number",
        "SELECT n FROM events ORDER BY amount LIMIT 10|limits the number",
        "SELECT n FROM events OFFSET 1|limits the number",
        "SELECT a.n FROM events a JOIN events b USING (n)|reads events twice",
        "WITH e AS (SELECT n FROM events) SELECT a.n FROM e a JOIN e b USING (n)|reads events twice",
        "SELECT n FROM events WHERE amount = (SELECT max(amount) FROM events)|aggregates events",
        "SELECT n FROM events WHERE n IN (SELECT n FROM events)|reads events twice",
        "WITH e AS MATERIALIZED (SELECT n FROM events) SELECT a.n FROM e a JOIN e b USING (n)|reads events twice",
        "SELECT n, (SELECT count(*) FROM events b WHERE b.currency = events.currency) AS c FROM events|aggregates events",
        "PIVOT (SELECT n, currency, amount FROM events) ON currency IN ('EUR') USING sum(amount) GROUP BY n|aggregates events",
        "SELECT n, i.price FROM events, LATERAL (SELECT unnest(events.items) AS i)|returns a row for each element",
        "SELECT n, rate FROM events POSITIONAL JOIN rates|applies POSITIONAL_JOIN to events",
        "SELECT n, unnest(items) AS item FROM events|returns a row for each element",
        "SELECT n, item FROM events, unnest(items) AS t(item)|returns a row for each element",
        "SELECT n FROM events UNION SELECT 1|combines events",
        "SELECT n, rate FROM events FULL JOIN rates USING (currency)|keeps rows of a reference",
        "SELECT n, rate FROM events RIGHT JOIN rates USING (currency)|keeps rows of a reference",
        "SELECT n, rate FROM rates LEFT JOIN events USING (currency)|keeps rows of a reference",
        "SELECT n, current_setting('threads') AS t FROM events|returns a different result",
        "SELECT n FROM events UNION ALL SELECT n FROM events|combines events",
        "SELECT n FROM events EXCEPT SELECT 1|combines events",
        "SELECT n FROM orders|reads the table orders",
        "SELECT n, (SELECT count(*) FROM orders) AS c FROM events|reads the table orders",
        "WITH RECURSIVE r AS (SELECT n FROM events UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r|applies REC_CTE to events",
        "SELECT n, (SELECT count(*) FROM duckdb_tables()) AS c FROM events|reads duckdb_tables(); read events",
        "SELECT n + 1 AS n, amount FROM events|is not the n of events; select n unchanged",
        "SELECT rate::BIGINT AS n, amount FROM events, rates|is not the n of events",
        "SELECT range AS n, 1 AS x FROM range(10)|is not the n of events",
        "SELECT row_number() OVER () - 1 AS n, rate FROM rates|is not the n of events",
        "SELECT n FROM (PIVOT events ON currency USING sum(amount) GROUP BY n)|must be a SELECT",
      })
  void rejectsASelectThatIsNotRowWise(String select, String hint) throws IOException {
    writeTypedPayments(select);

    assertThat(problems())
        .anySatisfy(problem ->
            assertThat(problem).startsWith("payments.sql:1: tables.payments.sql").contains(hint));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT n, currency, amount FROM events ORDER BY amount",
        "SELECT n, list_sum(list_transform(items, lambda i: i.price)) AS total FROM events",
        "SELECT n, (SELECT sum(i.price) FROM unnest(items) AS t(i)) AS total FROM events",
        "SELECT n, (SELECT list(i.price ORDER BY i.price) FROM unnest(items) AS t(i)) AS all_of FROM events",
        "SELECT n, total FROM events, LATERAL (SELECT sum(i.price) AS total FROM unnest(items) AS t(i))",
        "SELECT n, EXISTS (SELECT 1 FROM unnest(items) AS t(i) WHERE i.price > 5) AS b FROM events",
        "SELECT n, [x.price FOR x IN items] AS prices FROM events",
        "SELECT n, rate FROM events JOIN rates USING (currency)",
        "SELECT n, rate FROM events LEFT JOIN rates USING (currency)",
        "SELECT n, rate FROM rates RIGHT JOIN events USING (currency)",
        "SELECT n, (SELECT max(rate) FROM rates) AS best FROM events",
        "SELECT n, (SELECT max(r.rate) FROM rates r WHERE r.currency = events.currency) AS best FROM events",
        "SELECT n, best FROM events JOIN (SELECT currency, max(rate) AS best FROM rates GROUP BY ALL) USING (currency)",
        "SELECT n FROM events WHERE currency IN (SELECT currency FROM rates)",
        "SELECT n, (SELECT i.price FROM (SELECT unnest(items) AS i) ORDER BY i.price DESC LIMIT 1) AS dearest FROM events",
        "SELECT n, (SELECT count(DISTINCT i.price) FROM (SELECT unnest(items) AS i)) AS prices FROM events",
        "SELECT n, (SELECT max(i.price * r.rate) FROM (SELECT unnest(items) AS i) JOIN rates r ON r.currency = events.currency) AS dearest FROM events",
        "SELECT n, t.most FROM events LEFT JOIN LATERAL (SELECT max(i.price) AS most FROM (SELECT unnest(events.items) AS i)) t ON true",
        "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 3) SELECT n, (SELECT max(i) FROM t) AS most FROM events",
        "SELECT n, (SELECT rate FROM rates ORDER BY rate LIMIT 1) AS lowest FROM events",
        "SELECT n FROM events SEMI JOIN rates USING (currency)",
        "WITH a AS (SELECT * FROM events), b AS (SELECT n, amount * 2 AS twice FROM a) SELECT * FROM b WHERE twice > 1",
        "SELECT n, total FROM events LEFT JOIN (SELECT unnest(['EUR', 'USD']) AS currency) USING (currency), LATERAL (SELECT sum(i.price) AS total FROM unnest(items) AS t(i))",
        "SELECT n, n & 3 AS digit, n % 2 AS odd FROM events",
        "WITH e AS (SELECT n AS k, amount FROM events) SELECT CASE WHEN amount > 1 THEN k END AS n FROM e",
        "SELECT n FROM events ASOF JOIN rates ON events.amount >= rates.rate",
      })
  void acceptsASelectThatIsRowWise(String select) throws IOException {
    writeTypedPayments(select);

    assertThat(problems()).isEmpty();
  }

  @Test
  void rejectsSubqueriesOverEventsInExpectationsKeysAndMetrics() throws IOException {
    write(
        "pipeline.yaml",
        YAML.replace(
                "amount >= 0\n",
                "amount >= (SELECT avg(amount) FROM orders)\n      other: n < (SELECT max(n) FROM events)\n")
            .replace("load: all", "keys: max(event_type)")
            .replace("SELECT count(*) FROM orders", "SELECT count(*) FROM events"));

    assertThat(problems())
        .extracting(problem -> problem.replaceAll(" '.*?': ", " "))
        .containsExactly(
            "pipeline.yaml:5: references.rates.keys aggregates events; each row must come from one"
                + " event. Use a metric, or query the table",
            "pipeline.yaml:11: tables.orders.expect.negative_amount aggregates events; each row must"
                + " come from one event. Use a metric, or query the table",
            "pipeline.yaml:12: tables.orders.expect.other aggregates events; each row must come from"
                + " one event. Use a metric, or query the table",
            "pipeline.yaml:15: metrics.volume reads events, which include quarantined and repeated"
                + " ones; read a table");
  }

  private void writeTypedPayments(String select) throws IOException {
    write(
        "pipeline.yaml",
        YAML.replace(
                "{from: payment, sql: payments.sql}",
                "{from: payment, sql: payments.sql, fields: {currency: text, amount: money, items: [{price: money}]}}")
            .replaceAll("  paid: \\|\n.*\n.*\n", ""));
    write("payments.sql", select);
  }

  private List<String> problems() {
    return PipelineCheck.check(new PipelineFolder(root.resolve("shop")).read()).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve("shop").resolve(name), text);
  }
}
