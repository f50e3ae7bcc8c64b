package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NewCommandTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;

  @BeforeEach
  void writeSample() throws IOException {
    Files.createDirectory(root.resolve("pipelines"));
    String rows =
        IntStream.range(0, 250)
            .mapToObj(i ->
                "r%03d,%s,\"Nice, really\",2021-05-%02dT08:00:00Z\n"
                    .formatted(i, i == 9 ? "five" : i % 5 + 1, i % 28 + 1))
            .collect(Collectors.joining());
    file =
        Files.writeString(root.resolve("reviews.csv"), "review_id,score,text,answered_at\n" + rows);
  }

  @Test
  void printsWhatItFoundAndTheNextSteps() {
    assertThat(run("new", "reviews", "--from", file.toString())).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith(
            file
                + """
                : 250 rows of CSV, delimited by ,

                event.type    review         the type of all events, because no field contains one
                event.id      $.review_id    present and unique in all rows
                event.time    $.answered_at  from 2021-05-01T08:00:00Z to 2021-05-28T08:00:00Z
                """)
        .contains(
            """

            table reviews: 250 rows
            field        type     values  null  smallest or shortest  largest or longest    why
            ───────────  ───────  ──────  ────  ────────────────────  ────────────────────  ─────────────────────────────────────────────
            review_id    text        250     0  r000 (4)              r000 (4)              text of 4 characters
            score        whole       250     0  1                     5                     whole numbers; not of this type: 1, like five
            text         text        250     0  Nice, really          Nice, really          text, always the same
            answered_at  instant     250     0  2021-05-01T08:00:00Z  2021-05-28T08:00:00Z  the time of the event
            (4 rows)

            1 row of the sample would be quarantined:
              bad_field: 1, first row 10: score: 'five' is not a whole number in the range of BIGINT
            """)
        .contains("\n  ./sluice preview reviews " + file + "\n  ./sluice test reviews\n")
        .contains("\n  sam deploy --config-env reviews\n");
  }

  @Test
  void theNewPipelineIsValidAndItsCasePasses() {
    run("new", "reviews", "--from", file.toString());

    assertThat(run("validate", "reviews")).isZero();
    assertThat(run("test", "reviews")).isZero();
    assertThat(run("preview", "reviews", file.toString(), "--limit", "0")).isZero();
    assertThat(out.toString())
        .contains("reviews: valid\n")
        .contains("reviews: 1 of 1 cases passed")
        .contains(" 249 loaded, 1 quarantined, 0 duplicate, 0 filtered\n");
  }

  @Test
  void sendAndQueryWorkAsPrinted() {
    run("new", "reviews", "--from", file.toString());
    String query = "SELECT * FROM reviews.reviews LIMIT 10";
    assertThat(out.toString()).contains("\n  ./sluice query \"" + query + "\"\n");
    String data = root.resolve("data").toString();

    assertThat(run("send", "reviews", file.toString(), "--data", data)).isZero();
    assertThat(run("tick", "reviews", "--data", data)).isZero();
    assertThat(run("query", query, "--data", data)).isZero();

    assertThat(out.toString()).contains("(10 rows)");
  }

  @Test
  void anExistingFolderIsAUsageErrorAndStaysAsItIs() throws IOException {
    Path existing = Files.createDirectory(root.resolve("pipelines/reviews"));

    assertThat(run("new", "reviews", "--from", file.toString())).isEqualTo(Sluice.USAGE);

    assertThat(err.toString()).contains(existing + " already exists");
    assertThat(existing).isEmptyDirectory();
  }

  @Test
  void invalidPathsAreUsageErrors() {
    assertThat(run("new", "reviews", "--from", file.toString(), "--time", "answered_at"))
        .isEqualTo(Sluice.USAGE);
    assertThat(err.toString()).contains("--time is 'answered_at'; specify a path in the event");

    assertThat(run("new", "reviews", "--from", file.toString(), "--time", "$.when"))
        .isEqualTo(Sluice.USAGE);
    assertThat(err.toString())
        .contains("has no field $.when; it has: $.review_id, $.score, $.text, $.answered_at");

    assertThat(run("new", "reviews", "--from", file.toString(), "--time", "$.score"))
        .isEqualTo(Sluice.FAILED);
    assertThat(err.toString()).contains("$.score is not a time that Sluice can read");
  }

  @Test
  void anUnknownIdIsAUsageError() {
    assertThat(run("new", "reviews", "--from", file.toString(), "--id", "$.key"))
        .isEqualTo(Sluice.USAGE);
    assertThat(err.toString()).contains("has no field $.key; it has:");
  }

  private int run(String... arguments) {
    return Commands.run(out, err, root.resolve("pipelines"), arguments);
  }
}
