package dev.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.ColumnHistory.Change;
import dev.sluice.batch.ColumnHistory.Dropped;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnHistoryTest {
  private static final ColumnHistory HISTORY =
      new ColumnHistory(List.of(table("sales", "amount INTEGER", "city VARCHAR")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INTEGER|INTEGER",
        "TINYINT|SMALLINT",
        "INTEGER|BIGINT",
        "FLOAT|DOUBLE",
        "DECIMAL(9,2)|DECIMAL(18,2)",
        "DECIMAL(9,2)|DECIMAL(9, 2)",
        "TINYINT|BIGINT",
        "VARCHAR[]|VARCHAR[]",
      })
  void acceptsAWiderType(String before, String now) {
    assertThat(changes(before, now)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BIGINT|INTEGER",
        "BIGINT|DOUBLE",
        "BIGINT|VARCHAR",
        "DOUBLE|FLOAT",
        "DECIMAL(18,2)|DECIMAL(9,2)",
        "DECIMAL(18,2)|DECIMAL(18,4)",
        "DECIMAL(18,2)|DOUBLE",
        "DATE|TIMESTAMP",
        "VARCHAR|VARCHAR[]",
        "STRUCT(a INTEGER)|STRUCT(a BIGINT)",
      })
  void reportsAnyOtherChange(String before, String now) {
    assertThat(changes(before, now)).containsExactly(new Change("t", "c", before, now));
  }

  private static List<Change> changes(String before, String now) {
    return new ColumnHistory(List.of(table("t", "c " + before)))
        .changes(List.of(table("t", "c " + now)));
  }

  @Test
  void ignoresNewColumnsAndNewTables() {
    assertThat(
            HISTORY.changes(
                List.of(
                    table("sales", "amount INTEGER", "city VARCHAR", "zip BIGINT"),
                    table("refunds", "amount DOUBLE"))))
        .isEmpty();
  }

  @Test
  void namesOfColumnsAreCaseInsensitive() {
    assertThat(HISTORY.changes(List.of(table("sales", "Amount VARCHAR"))))
        .containsExactly(new Change("sales", "Amount", "INTEGER", "VARCHAR"));
  }

  @Test
  void remembersDroppedColumnsAndTables() {
    List<TableColumns> now =
        List.of(table("sales", "amount BIGINT"), table("refunds", "id VARCHAR"));

    List<TableColumns> all = HISTORY.with(now);

    assertThat(HISTORY.dropped(now)).containsExactly(new Dropped("sales", "city"));
    assertThat(all)
        .containsExactly(
            table("sales", "amount BIGINT", "city VARCHAR"), table("refunds", "id VARCHAR"));
    ColumnHistory later = new ColumnHistory(new ColumnHistory(all).with(List.of()));
    assertThat(later.changes(List.of(table("sales", "city BIGINT"))))
        .extracting(Change::toString)
        .containsExactly(
            "column city of table sales has type BIGINT, but earlier batches wrote it as VARCHAR; keep"
                + " the type, or use a new column name or a new table name");
  }

  private static TableColumns table(String name, String... columns) {
    return new TableColumns(
        name,
        Stream.of(columns)
            .map(column -> column.split(" ", 2))
            .map(column -> new Column(column[0], column[1]))
            .toList());
  }
}
