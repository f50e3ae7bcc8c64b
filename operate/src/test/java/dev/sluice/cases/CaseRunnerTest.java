package dev.sluice.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.PipelineFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseRunnerTest {
  private static final String ORDER =
      "{\"type\": \"order\", \"id\": \"a\", \"at\": \"2026-11-20T11:00:00Z\", \"amount\": 5}\n";

  @TempDir Path root;

  @BeforeEach
  void writePipeline() throws IOException {
    write(
        "pipeline.yaml",
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, id: $.id, time: $.at}
        tables: {orders: {from: order, sql: orders.sql, expect: {positive: {check: amount > 0, otherwise: fail}}}}
        """);
    write("orders.sql", "SELECT n, whole(event, '$.amount') AS amount FROM events");
  }

  @Test
  void rowsInATableWithoutAnExpectedFileAreNotExpected() throws Exception {
    write("tests/one/given.jsonl", ORDER);

    assertThat(result().text())
        .startsWith("orders: the row event_id a, message_id m1 is not expected");
  }

  @Test
  void receiptsAreComparedOnlyIfTheyAreExpected() throws Exception {
    write("tests/one/given.jsonl", ORDER);
    write("tests/one/expect/orders.jsonl", "{\"amount\": 5}\n");

    assertThat(result().passed()).isTrue();

    write("tests/one/expect/receipts.jsonl", "{\"batch\": 1, \"received\": 2}\n");

    assertThat(result().text())
        .startsWith("receipts: the row batch 1 differs")
        .containsPattern("\\* received +2 +1\n");
  }

  @Test
  void aMessageMayHaveItsOwnIdAndTime() throws Exception {
    write(
        "tests/one/given.jsonl",
        """
        {"message_id": "x", "sent_at": "2026-01-01T00:00:00Z", "body": "{}"}
        {"body": {"an": "event"}}
        """);
    write(
        "tests/one/expect/quarantine.jsonl",
        """
        {"message_id": "x", "sent_at": "2026-01-01T00:00:00Z", "text": "{}"}
        {"message_id": "m2", "sent_at": "2026-11-20T12:00:00Z", "text": "{\\"body\\": {\\"an\\": \\"event\\"}}"}
        """);

    assertThat(result().text()).isEmpty();
  }

  @Test
  void anUpdatedCasePasses() throws Exception {
    write("tests/one/given.jsonl", ORDER + "oops\n");
    write("tests/one/expect/orders.jsonl", "{\"amount\": 6}\n");

    List<String> written = result().update();

    assertThat(written).hasSize(2);
    assertThat(result().passed()).isTrue();
    assertThat(written.getFirst()).endsWith("expect/orders.jsonl: 1 row");
  }

  @Test
  void aFailureOfTheBatchFailsTheCase() throws Exception {
    write("tests/one/given.jsonl", ORDER.replace("5}", "-5}"));

    assertThat(result().text()).contains("expectation orders.positive");
    assertThat(result().update()).isEmpty();
  }

  @Test
  void reportsAnExpectedFileWithoutATable() throws Exception {
    write("tests/one/given.jsonl", ORDER);
    write("tests/one/expect/order.jsonl", "");

    assertThat(result().text())
        .endsWith(
            "expect/order.jsonl: the pipeline has no table 'order';"
                + " the files are named after: orders, quarantine, receipts");
  }

  @Test
  void namesTheLineThatIsNotAnObject() throws Exception {
    write("tests/one/given.jsonl", ORDER);
    write("tests/one/expect/orders.jsonl", "{\"amount\": 5}\n\n[]\n");

    assertThat(result().text()).endsWith("orders.jsonl:3: is not a JSON object; correct it");
  }

  @Test
  void namesAnInvalidTimeOfAMessage() throws Exception {
    write("tests/one/given.jsonl", "\n{\"sent_at\": \"yesterday\", \"body\": \"{}\"}\n");

    assertThat(result().text())
        .contains("given.jsonl:2: Text 'yesterday' could not be parsed")
        .endsWith("sent_at is a time like 2026-11-20T12:00:00Z, padding a number");
  }

  @Test
  void aCaseNeedsMessages() throws Exception {
    write("tests/one/expect/orders.jsonl", "");

    assertThat(result().text()).endsWith("given.jsonl is missing; write one message on each line");
  }

  @Test
  void noFileOfMessagesIsIgnored() throws Exception {
    write("tests/one/given.jsonl", ORDER);
    write("tests/one/given-3.jsonl", ORDER);

    assertThat(result().text()).contains("given-2.jsonl is missing, but there are 2 files given*");
  }

  private CaseResult result() throws Exception {
    PipelineFolder folder = new PipelineFolder(root.resolve("shop"));
    try (CaseRunner runner = new CaseRunner()) {
      return runner.run(folder.load(), PipelineCase.of(folder).getFirst());
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve("shop").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
