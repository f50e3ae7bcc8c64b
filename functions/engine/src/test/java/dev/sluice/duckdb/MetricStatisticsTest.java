package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The values of additive metrics are summed, all others averaged.
final class MetricStatisticsTest {
  @TempDir Path folders;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT count(*) FROM t|SUM",
        "SELECT count(x) FILTER (WHERE x > 1) FROM t WHERE x IS NOT NULL|SUM",
        "SELECT count_if(x > 1) FROM t|SUM",
        "SELECT coalesce(sum(x), 0)::DOUBLE FROM t|SUM",
        "SELECT sum(x) - count(*) FROM t|SUM",
        "SELECT -sum(x) * 100 FROM t|SUM",
        "SELECT sum(x) / 60 FROM t|SUM",
        "SELECT count(DISTINCT x) FROM t|AVG",
        "SELECT avg(x) FROM t|AVG",
        "SELECT max(x) FROM t|AVG",
        "SELECT sum(x) / count(*) FROM t|AVG",
        "SELECT 60 / sum(x) FROM t|AVG",
        "SELECT sum(x) + 1 FROM t|AVG",
        "SELECT sum(x) * sum(x) FROM t|AVG",
        "SELECT sqrt(sum(x)) FROM t|AVG",
        "SELECT count(*) FROM t GROUP BY x LIMIT 1|AVG",
        "SELECT count(*) FROM t UNION SELECT 1|AVG",
        "SELECT (SELECT count(*) FROM t)|AVG",
      })
  void theSyntaxOfTheSelectDecides(String select, Statistic expected) throws Exception {
    Path folder = Files.createDirectory(folders.resolve("p"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: p
        every: 1m
        event: {type: $.type, time: $.at}
        tables: {t: {from: t, sql: t.sql}}
        metrics:
          m: |
            %s
        """
            .formatted(select));
    Files.writeString(folder.resolve("t.sql"), "SELECT n, 1 AS x FROM events");
    Pipeline pipeline = new PipelineFolder(folder).load();

    assertThat(MetricStatistics.of(pipeline)).containsEntry("m", expected);
  }
}
