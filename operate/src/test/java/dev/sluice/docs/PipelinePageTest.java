package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operate.PipelineSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelinePageTest {
  @TempDir Path root;

  private PipelinePage page;

  @BeforeEach
  void readPipeline() throws Exception {
    write(
        "pipeline.yaml",
        """
        pipeline: shop
        description: Visits of the *shop*. <script>alert(1)</script>
        every: 1m
        event: {type: $.type, time: $.at, accept: [-36h, +90s]}
        references:
          rates: {table: exchange_rates, key: currency, keys: "text(event, '$.c')", columns: {currency: VARCHAR, rate: DOUBLE}}
          unused: {table: unused, key: id, load: all, columns: {id: VARCHAR}}
        tables:
          visits:
            from: [visit, 'a "<b>" | c']
            sql: visits.sql
            required: [city, customer.id]
            description: One visit.
            partition_by: [dt, {column: city, pattern: "a|b", max_values: 5}]
            expect:
              positive: count > 0
              known: {check: rate IS NOT NULL, otherwise: warn, description: The currency has a rate.}
              never: {check: "city <> 'a|`b'", otherwise: fail}
        metrics:
          all_visits: {select: SELECT sum(count) FROM visits, description: People | per batch}
        """);
    write(
        "visits.sql",
        """
        SELECT n, whole(event, '$.count') AS count, rate, text(event, '$.city') AS city -- unused
        FROM events LEFT JOIN rates ON currency = text(event, '$.c')
        """);
    page = new PipelinePage(new PipelineSource(root).check("shop"));
  }

  @Test
  void describesTablesColumnsAndRules() {
    assertThat(page.markdown())
        .startsWith("# shop\n\nVisits of the *shop*.")
        .contains(
            "- Time: `$.at`, from 36 hours before to 90 seconds after its message was sent.",
            "- Id: none. Only redelivered messages are detected as duplicates.",
            "## Table visits\n\nOne visit.\n",
            """
            | column | type | description |
            | --- | --- | --- |
            | `event_id` | VARCHAR | The id of the event |
            | `count` | BIGINT |  |
            | `rate` | DOUBLE |  |
            | `message_id` | VARCHAR | The id of the message that contained the event |
            | `batch` | BIGINT | The number of the batch that loaded the row |
            | `dt` | VARCHAR | Partition: the UTC date of the event |
            | `city` | VARCHAR | Partition: values that match `a\\|b`; others are `__other` |
            """,
            """
            - `city`, `customer.id` must have a value; otherwise the event is quarantined as `missing_field`.
            - `count > 0` must be true or NULL; otherwise the event is quarantined as `positive`.
            - The currency has a rate. (`rate IS NOT NULL` must be true or NULL; otherwise the row is loaded and counted as a warning `known`.)
            - `` city <> 'a|`b' `` must be true or NULL; otherwise the batch stops, with the error `never`.
            """);
  }

  @Test
  void describesReferencesAndMetrics() {
    assertThat(page.markdown())
        .contains(
            "| `rates` | `exchange_rates` | where `currency` is `text(event, '$.c')` | `currency` VARCHAR, `rate` DOUBLE |",
            "| `unused` | `unused` | all | `id` VARCHAR |",
            "| `all_visits` | People \\| per batch | `SELECT sum(count) FROM visits` |");
  }

  /// `unused` occurs in the SQL, but only in a comment.
  @Test
  void theDiagramHasTheTablesThatTheSqlReads() {
    assertThat(page.markdown())
        .contains(
            """
            ```mermaid
            flowchart LR
              n0[["queue shop"]]
              n1(["visit"])
              n2(["a #quot;#lt;b>#quot; | c"])
              n3[("rates")]
              n4[("unused")]
              n5["visits"]
              n6["quarantine"]
              n7{{"all_visits"}}
              n0 --> n1
              n0 --> n2
              n0 --> n6
              n1 --> n5
              n2 --> n5
              n3 --> n5
              n5 --> n7
            ```
            """);
  }

  @Test
  void htmlHasTheDiagramAsSvgAndNoScript() throws Exception {
    String html = page.html();

    assertThat(html)
        .contains(
            "<h1>shop</h1>",
            "Visits of the <em>shop</em>. &lt;script&gt;",
            "<td><code>rate</code></td>\n<td>DOUBLE</td>",
            "values that match <code>a|b</code>",
            "<text x=\"",
            ">a &quot;&lt;b>&quot; | c</text>")
        .doesNotContain("<script", "flowchart");
    String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + "</svg>".length());
    var paths =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
            .getElementsByTagName("path");
    assertThat(paths.getLength()).isEqualTo(7);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve("shop").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
