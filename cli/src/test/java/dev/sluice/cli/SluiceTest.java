package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.examples.OrderEvents;
import dev.sluice.local.DataFolder;
import dev.sluice.operate.Lake;
import dev.sluice.operate.PipelineSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    "unpark, orders 1"
  })
  void makesNoDataFolderForACommandThatOnlyLooks(String command, String arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(command.equals("query") ? List.of(arguments) : List.of(arguments.split(" ", -1)));

    int code = run(all.toArray(String[]::new));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith("sluice: there is no Sluice data in " + data());
    assertThat(data()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "receipts nothing, there is no pipeline 'nothing'",
    "send orders nothing.jsonl, there is no file nothing.jsonl",
    "reference orders nothing nothing.csv, pipeline orders has no reference 'nothing'; it has: customers",
    "reference orders rates nothing.csv, there is no file nothing.csv"
  })
  void takesWhatIsNotThereForWrongUse(String command, String complaint) {
    int code = run(command.split(" ", -1));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith("sluice: " + complaint);
  }

  @Test
  void saysWhyAFileIsNoDataFolder() throws Exception {
    Files.writeString(data(), "");

    int code = run("query", "SELECT 1");
    int another = run("tick", "orders");

    assertThat(List.of(code, another)).containsOnly(2);
    assertThat(err.toString())
        .contains("sluice: " + data() + " is no folder: name one with --data");
  }

  @Test
  void saysWhyADataFolderCannotBeMade() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    int code = run("tick", "orders", "--data", file.resolve("below").toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).matches("sluice: cannot use .*below: Not a directory\\R");
  }

  @Test
  void theDemoLoadsFirstWhatAnInterruptedOneLeft() throws Exception {
    leaveBehind(20);

    int code = run("demo", "--events", "300");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isEqualTo(0);
    assertThat(out.toString())
        .contains("loading first what an earlier run left:")
        .containsPattern("\n300 were received in \\d+ batches:")
        .doesNotContain("other senders");
  }

  @Test
  void theDemoLeavesOutWhatOthersSentIntoItsBatches() throws Exception {
    run("demo", "--events", "300");
    try (DataFolder data = DataFolder.open(data())) {
      var orders = new PipelineSource(PIPELINES).load("orders");
      Lake lake = new Lake(data.cloud().bucket(), folder.resolve("kept"));

      DemoResult result = DemoResult.read(lake, orders, "another-run", 0);

      assertThat(result.counts().loaded() + result.counts().quarantined()).isEqualTo(0);
      assertThat(result.counts().received()).isEqualTo(result.counts().duplicate());
      assertThat(result.others() + result.counts().duplicate()).isEqualTo(300);
    }
  }

  /// Sends what no run waits for, as one that was killed has.
  private void leaveBehind(int events) throws Exception {
    OrderEvents shop = new OrderEvents(1, "left", java.time.Instant.now());
    try (DataFolder data = DataFolder.open(data())) {
      data.cloud().create(new PipelineSource(PIPELINES).load("orders"));
      data.cloud()
          .sink("orders")
          .send(java.util.stream.Stream.generate(shop::next).limit(events).iterator());
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private int run(String... arguments) {
    CommandLine sluice = Sluice.commandLine();
    sluice.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("--pipelines", PIPELINES.toString()));
    if (!List.of(arguments).contains("--data")) {
      all.addAll(List.of("--data", data().toString()));
    }
    all.addAll(List.of(arguments));
    return sluice.execute(all.toArray(String[]::new));
  }
}
