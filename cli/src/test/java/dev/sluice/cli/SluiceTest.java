package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.examples.OrderEvents;
import dev.sluice.local.LocalEnvironment;
import dev.sluice.operate.PipelineSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SluiceTest {
  private static final Path PIPELINES = Path.of("..", "pipelines");

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({
    "query, SELECT 1",
    "receipts, orders",
    "receipt, orders 1",
    "parked, orders",
    "unpark, orders 1",
    "status, orders",
    "tables, orders",
    "quarantine, orders",
    "tick, orders"
  })
  void createsNoDataFolderForACommandThatNeedsOne(String command, String arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(command.equals("query") ? List.of(arguments) : List.of(arguments.split(" ", -1)));

    int code = run(all.toArray(String[]::new));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith("sluice: there is no Sluice data in " + data());
    assertThat(data()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "send nothing nothing.jsonl, there is no pipeline 'nothing'",
    "send orders nothing.jsonl, file nothing.jsonl does not exist",
    "reference orders nothing nothing.csv, pipeline orders has no reference 'nothing'; it has: customers",
    "reference orders rates nothing.csv, file nothing.csv does not exist"
  })
  void reportsMissingThingsAsUsageErrors(String command, String message) {
    int code = run(command.split(" ", -1));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith("sluice: " + message);
  }

  @Test
  void reportsAFileInPlaceOfADataFolder() throws Exception {
    Files.writeString(data(), "");

    int code = run("send", "orders", PIPELINES.resolve("orders/pipeline.yaml").toString());

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains("sluice: " + data() + " is not a folder: specify a folder with --data");
  }

  @Test
  void reportsWhyADataFolderCannotBeCreated() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    int code =
        run(
            "send",
            "orders",
            PIPELINES.resolve("orders/pipeline.yaml").toString(),
            "--data",
            file.resolve("below").toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).matches("sluice: cannot use .*below: Not a directory\\R");
  }

  @ParameterizedTest
  @CsvSource({
    "recipts orders, unknown command 'recipts'; did you mean receipts?",
    "status --formt json, unknown option '--formt'; did you mean --format?",
    "up --stack one, up works locally; --stack does not apply",
    "query, specify the SQL as an argument or with --file",
    "leftovers, leftovers works on a stack: specify it with --stack",
    "prune, prune works on a stack: specify it with --stack",
    "prune --stack one --data x, --stack and --data cannot be used together"
  })
  void explainsUsageErrors(String command, String message) {
    int code = run(command.split(" ", -1));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith("sluice: " + message);
  }

  @Test
  void infraWritesTheFilesOfAProjectAndChecksThem() throws Exception {
    Path pipelines = project();

    assertThat(runInfra(pipelines, "--check")).isEqualTo(2);
    assertThat(err.toString()).startsWith("sluice: no pipeline is deployed: name one");
    assertThat(runInfra(pipelines, "--check", "orders")).isEqualTo(1);
    assertThat(out.toString()).contains("samconfig.toml: outdated");
    assertThat(folder.resolve("samconfig.toml")).doesNotExist();
    assertThat(runInfra(pipelines)).isZero();
    assertThat(out.toString())
        .contains("samconfig.toml: written")
        .endsWith("new: orders; deploy it with sam deploy --config-env orders\n");
    assertThat(runInfra(pipelines, "--check")).isZero();
    assertThat(out.toString()).contains("infra/generated/catalog.yaml: up to date");
    assertThat(runInfra(pipelines, "nothing")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no pipeline 'nothing'");
    assertThat(runInfra(folder)).isEqualTo(2);
    assertThat(err.toString()).contains("is not the folder pipelines/ next to template.yaml");
  }

  /// The folder of pipelines in a project without environments.
  private Path project() throws IOException {
    Path pipelines = folder.resolve("pipelines");
    Files.createDirectories(pipelines.resolve("orders"));
    Files.createDirectories(folder.resolve("infra"));
    for (String file :
        List.of(
            "template.yaml",
            "infra/dashboard.json",
            "pipelines/orders/pipeline.yaml",
            "pipelines/orders/orders.sql",
            "pipelines/orders/payments.sql",
            "pipelines/orders/shipments.sql")) {
      Files.copy(Path.of("..", file), folder.resolve(file));
    }
    return pipelines;
  }

  private int runInfra(Path pipelines, String... arguments) {
    List<String> all = new ArrayList<>(List.of("infra", "--pipelines", pipelines.toString()));
    all.addAll(List.of(arguments));
    CommandLine sluice = Sluice.commandLine();
    sluice.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return sluice.execute(all.toArray(String[]::new));
  }

  @Test
  void readsADataFolderThatNoProcessServes() throws Exception {
    sendWithoutTicking(20);
    run("tick", "orders", "--until-empty");
    Files.writeString(folder.resolve("q.sql"), "SELECT count(*) AS n FROM orders");

    int query = run("query", "--file", folder.resolve("q.sql").toString(), "--format", "csv");
    int tables = run("tables", "orders");
    int status = run("status", "orders");
    int quarantine = run("quarantine", "orders", "--format", "json");

    assertThat(List.of(query, tables, status, quarantine)).containsOnly(0);
    assertThat(out.toString())
        .containsPattern("n\n\\d+\n")
        .containsPattern("orders.orders: \\d+ rows in \\d+ files")
        .containsPattern("queue +0 messages, 0 of them in flight")
        .containsPattern("last batch +1, published .* ago, lag")
        .contains("state          running");
  }

  @Test
  void showsTheBacklogBeforeTheFirstTick() throws Exception {
    sendWithoutTicking(20);

    int code = run("status", "orders", "--format", "json");

    assertThat(code).isEqualTo(0);
    assertThat(out.toString())
        .contains("\"last_tick\":null", "\"queue_visible\":20", "\"actions\":[]")
        .doesNotContain("\"oldest_message\":null");
  }

  @Test
  void warnsOfReferencesWithoutRows() throws Exception {
    sendWithoutTicking(20);
    Path rates = Files.writeString(folder.resolve("rates.csv"), "currency,rate\nEUR,1.08\n");
    run("tick", "orders", "--until-empty");
    run("reference", "orders", "rates", rates.toString());

    int code = run("status", "orders");

    assertThat(code).isEqualTo(0);
    assertThat(out.toString())
        .containsPattern("warnings: references.customers \\d+, references.rates 1")
        .contains(
            "WARNING        reference customers has no rows: load it with"
                + " `sluice reference orders customers FILE --data "
                + data()
                + "`")
        .doesNotContain("reference rates has no rows")
        .containsPattern("WARNING        references.customers: \\d+ in the last hour")
        .contains("WARNING        references.rates: 1 in the last hour");
  }

  @Test
  void theDemoFirstLoadsTheEventsOfAnInterruptedRun() throws Exception {
    sendWithoutTicking(20);

    int code = run("demo", "--events", "300");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isEqualTo(0);
    assertThat(out.toString())
        .contains("loading the rest of an earlier run:")
        .containsPattern("\n300 were received in \\d+ batches:")
        .doesNotContain("other senders");
  }

  @Test
  void theDemoDoesNotCountEventsOfOtherSenders() throws Exception {
    run("demo", "--events", "300");
    var orders = new PipelineSource(PIPELINES).load("orders");
    try (LocalEnvironment data = LocalEnvironment.existing(data(), new PipelineSource(PIPELINES))) {

      DemoResult result = DemoResult.read(data.objects(), orders, "another-run", 0);

      assertThat(result.counts().loaded() + result.counts().quarantined()).isEqualTo(0);
      assertThat(result.counts().received()).isEqualTo(result.counts().duplicate());
      assertThat(result.others() + result.counts().duplicate()).isEqualTo(300);
    }
  }

  private void sendWithoutTicking(int events) {
    OrderEvents generated = new OrderEvents(1, "left", Instant.now());
    try (LocalEnvironment data = LocalEnvironment.create(data(), new PipelineSource(PIPELINES))) {
      data.queue("orders").send(Stream.generate(generated::next).limit(events).iterator());
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--pipelines", PIPELINES.toString()));
    if (!List.of(arguments).contains("--data")) {
      all.addAll(List.of("--data", data().toString()));
    }
    all.addAll(List.of(arguments));
    return Commands.run(out, err, all.toArray(String[]::new));
  }
}
