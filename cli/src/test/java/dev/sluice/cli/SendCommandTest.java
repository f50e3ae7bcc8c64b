package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./sluice send` to a pipeline that reads CSV.
final class SendCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void createPipeline() throws IOException {
    Path pipeline = Files.createDirectories(folder.resolve("pipelines/reviews"));
    Files.writeString(
        pipeline.resolve("pipeline.yaml"),
        """
        pipeline: reviews
        every: 1m
        source: {format: csv, csv: {delimiter: ";"}}
        event: {type: review, id: '$."Review Id"', time: $.at, accept: [-9999d, +1h]}
        tables:
          reviews: {from: review, sql: reviews.sql, required: '"Review Text"'}
        """);
    Files.writeString(
        pipeline.resolve("reviews.sql"),
        """
        SELECT n, text(event, '$."Review Text"') AS review, whole(event, '$.score') AS score
        FROM events
        """);
  }

  @Test
  void sendsTheRowsOfACompressedFile() throws IOException {
    Path file = folder.resolve("reviews.csv.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      gzip.write(
          """
          Review Id;at;score;Review Text
          r1;2026-01-01T10:00:00Z;5;"Good; ""really""
          good"
          r2;2026-01-01T11:00:00Z;;Übel
          r3;2026-01-01T12:00:00Z;1;
          """
              .getBytes(StandardCharsets.UTF_8));
    }

    assertThat(run("send", "reviews", file.toString(), "--pack", "2")).isEqualTo(0);

    assertThat(out.toString())
        .isEqualToNormalizingNewlines(file + ": sent 3 rows in 2 messages to reviews\n");
    assertThat(run("tick", "reviews")).isEqualTo(0);
    assertThat(query("SELECT event_id, score, review FROM reviews.reviews ORDER BY event_id"))
        .isEqualTo("event_id,score,review\nr1,5,\"Good; \"\"really\"\"\ngood\"\nr2,,Übel\n");
    assertThat(query("SELECT event_id, reason, detail FROM reviews.quarantine"))
        .isEqualTo("event_id,reason,detail\nr3,missing_field,Review Text\n");
  }

  @Test
  void sendsNothingOfAnInvalidFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("reviews.csv"), "Review Id;at\nr1;2026-01-01T10:00:00Z\nr2\n");

    assertThat(run("send", "reviews", file.toString())).isEqualTo(1);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "sluice: "
                + file
                + ":3: has 1 values, but the header has 2 columns: correct the file\n");
    assertThat(run("tick", "reviews")).isEqualTo(0);
    assertThat(query("SELECT count(*) AS n FROM reviews.quarantine")).isEqualTo("n\n0\n");
  }

  private String query(String sql) {
    out.getBuffer().setLength(0);
    assertThat(run("query", sql, "--format", "csv")).as(err.toString()).isEqualTo(0);
    return out.toString().replace("\r\n", "\n");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    return Commands.run(out, err, folder.resolve("pipelines"), all.toArray(String[]::new));
  }
}
