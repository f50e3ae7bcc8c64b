package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestCommandTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writePipeline() throws IOException {
    write(
        "shop/pipeline.yaml",
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, time: $.at}
        tables: {visits: {from: visit, sql: visits.sql}}
        """);
    write("shop/visits.sql", "SELECT n, whole(event, '$.count') AS count FROM events");
    String visit = "{\"type\": \"visit\", \"at\": \"2026-11-20T11:00:00Z\", \"count\": 1}\n";
    write("shop/tests/good/given.jsonl", visit);
    write("shop/tests/good/expect/visits.jsonl", "{\"count\": 1}\n");
    write("shop/tests/worse/given.jsonl", visit);
    write("shop/tests/worse/expect/visits.jsonl", "{\"count\": 2}\n");
  }

  @Test
  void runsOnlyTheNamedCase() {
    assertThat(run("test", "shop", "good")).isZero();
    assertThat(out.toString()).startsWith("shop: 1 of 1 cases passed");
  }

  @Test
  void failsAndShowsTheRowOfAFailedCase() {
    assertThat(run("test", "shop")).isEqualTo(Sluice.FAILED);
    assertThat(out.toString())
        .startsWith(
            """
            shop/worse: failed
              visits: the row message_id m1 differs
                  column      expected  actual
                  event_id              null
                * count       2         1
                  message_id            "m1"
            """)
        .contains("\nshop: 1 of 2 cases passed, ");
  }

  @Test
  void updateWritesTheActualRowsAndShowsWhatChanged() throws IOException {
    assertThat(run("test", "--update")).isZero();
    assertThat(out.toString())
        .contains("* count       2         1", "wrote ", "1 of 2 cases passed, 1 updated");
    assertThat(root.resolve("shop/tests/worse/expect/visits.jsonl")).hasContent("{\"count\":1}");
    assertThat(run("test")).isZero();
  }

  @Test
  void writesJUnitXml() throws IOException {
    write("shop/tests/broken/expect/visits.jsonl", "");
    Path file = root.resolve("reports/cases.xml");

    assertThat(run("test", "--junit", file.toString())).isEqualTo(Sluice.FAILED);

    assertThat(file)
        .content()
        .contains(
            "<testsuite name=\"sluice\" tests=\"3\" failures=\"1\" errors=\"1\"",
            "<testcase classname=\"shop\" name=\"good\"",
            "<failure message=\"rows differ\">visits: the row message_id m1 differs",
            "<error message=\"the case cannot run\">");
  }

  @Test
  void anInvalidPipelineFailsAndTheOthersRun() throws IOException {
    write("bad/pipeline.yaml", "pipeline: bad\n");

    assertThat(run("test")).isEqualTo(Sluice.FAILED);
    assertThat(err.toString()).contains("bad/pipeline.yaml:1: every: is missing");
    assertThat(out.toString()).contains("shop: 1 of 2 cases passed");
  }

  @Test
  void saysThatAPipelineHasNoCases() throws IOException {
    write(
        "bare/pipeline.yaml",
        "pipeline: bare\nevery: 1m\nevent: {type: $.t, time: $.at}\ntables: {b: {from: b, sql: b.sql}}\n");
    write("bare/b.sql", "SELECT n FROM events");

    assertThat(run("test", "bare")).isZero();
    assertThat(out.toString())
        .startsWith("bare: no cases; write messages to tests/NAME/given.jsonl");
  }

  @Test
  void anUnknownCaseIsAUsageError() {
    assertThat(run("test", "shop", "god")).isEqualTo(Sluice.USAGE);
    assertThat(err.toString())
        .startsWith("sluice: pipeline shop has no case 'god'; it has: good, worse");
  }

  private int run(String... arguments) {
    return Commands.run(out, err, root, arguments);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
