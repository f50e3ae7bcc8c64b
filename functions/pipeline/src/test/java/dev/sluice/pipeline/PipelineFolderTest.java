package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PipelineFolderTest {
  private static final String VALID =
      """
      pipeline: orders
      every: 5m
      event: {type: $.type, time: $.at}
      tables:
        orders: {from: order, sql: orders.sql}
      """;

  @TempDir Path root;

  @Test
  void readsAPipelineAndItsDefaults() throws Exception {
    Pipeline pipeline = folder(VALID).load();

    assertThat(pipeline.every()).isEqualTo(Duration.ofMinutes(5));
    assertThat(pipeline.batch()).isEqualTo(new Pipeline.Limits(100_000, 256L << 20));
    assertThat(pipeline.event().id()).isEmpty();
    assertThat(pipeline.tables().getFirst().partitionBy())
        .containsExactly(new Pipeline.ByDate(), new Pipeline.ByHour());
  }

  @Test
  void digestChangesWithEveryFileOfThePipeline() throws Exception {
    String before = folder(VALID).load().digest();

    String same = folder(VALID).load().digest();
    String yaml = folder(VALID + "# a comment\n").load().digest();
    Files.writeString(root.resolve("orders/orders.sql"), "SELECT 2");
    String sql = new PipelineFolder(root.resolve("orders")).load().digest();

    assertThat(same).isEqualTo(before);
    assertThat(List.of(yaml, sql)).doesNotContain(before).doesNotHaveDuplicates();
  }

  @Test
  void reportsAllProblemsAtOnceWithFileLineFieldValueAndHint() throws IOException {
    String yaml =
        """
        pipeline: order
        every: 2m
        batch: {max_messages: 0}
        event:
          type: $type
          time: $.at
          accept: [+1h, -90d]
          kind: x
        references:
          rates: {key: currency, columns: {code: TEXT}}
        tables:
          orders:
            from: []
            sql: ../orders.sql
            sql: missing.sql
            partition_by: [day]
            expect: {Bad-Name: amount > 0}
          events: {from: order, sql: orders.sql}
        tabels: {}
        """;

    assertThat(problems(yaml))
        .contains(
            "pipeline.yaml:1: pipeline 'order': must be the name of its folder, orders",
            "pipeline.yaml:3: batch.max_messages '0': must be a whole number from 1 to 1000000",
            "pipeline.yaml:5: event.type '$type': must be a path in the event, like $.type, or the type of all events, like review",
            "pipeline.yaml:8: event.kind: is not a known field; known fields: type, id, time, accept",
            "pipeline.yaml:15: tables.orders.sql: is defined twice; keep one",
            "pipeline.yaml:15: tables.orders.sql 'missing.sql': is not a file in the pipeline's folder")
        .anyMatch(m -> m.startsWith("pipeline.yaml:2: every '2m': must be one of 10s, "))
        .anyMatch(
            m -> m.startsWith("pipeline.yaml:7: event.accept '[+1h, -90d]': must be two durations"))
        .anyMatch(m -> m.startsWith("pipeline.yaml:10: references.rates.table: is missing"))
        .anyMatch(m ->
            m.startsWith("pipeline.yaml:10: references.rates.columns.code 'TEXT': must be VARCHAR"))
        .anyMatch(m -> m.startsWith("pipeline.yaml:10: references.rates.key 'currency': is not in"))
        .anyMatch(m ->
            m.startsWith("pipeline.yaml:13: tables.orders.from: is empty; list the event types"))
        .anyMatch(m -> m.startsWith("pipeline.yaml:16: tables.orders.partition_by 'day'"))
        .anyMatch(m -> m.startsWith("pipeline.yaml:17: tables.orders.expect.Bad-Name"))
        .anyMatch(m -> m.startsWith("pipeline.yaml:18: tables.events: is already used or reserved"))
        .anyMatch(m ->
            m.startsWith("pipeline.yaml:19: tabels: is not a known field; did you mean tables?"));
  }

  @Test
  void reportsTheLineThatIsNotYaml() throws IOException {
    assertThat(problems("pipeline: orders\nevery: [5m\n"))
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:3: YAML");
    assertThat(problems(""))
        .containsExactly("pipeline.yaml:1: pipeline: is an empty file; define the pipeline in it");
    assertThat(problems("a: &x [1]\nb: *x\n"))
        .containsExactly(
            "pipeline.yaml:2: YAML: uses an alias (*name) of a list or mapping, which is not"
                + " supported; write the value out");
    assertThat(problems("%YAML 2.0\n---\npipeline: orders\n"))
        .containsExactly(
            "pipeline.yaml:1: YAML: has an unsupported version in the directive %YAML; remove the"
                + " directive");
    assertThat(problems(("x: " + "y".repeat(1000) + "\n").repeat(3200)))
        .containsExactly(
            "pipeline.yaml:1: YAML: is larger than 3 MiB; use fewer tables or columns");
  }

  @Test
  void reportsOneProblemOnce() throws IOException {
    String three = VALID.replace("time: $.at", "time: $.at, accept: [90d, +1h, 3]");
    String noEvent = VALID.replace("event: {type: $.type, time: $.at}", "event: [at]");
    String noTypes = VALID.replace("from: order,", "from: [[order]],");
    String noColumns =
        VALID + "references: {rates: {table: rates, key: id, load: all, columns: 5}}\n";

    assertThat(problems("- a\n- b\n"))
        .containsExactly(
            "pipeline.yaml:1: YAML: must be a mapping, `name: value`, not a list or a scalar");
    assertThat(problems(three))
        .containsExactly(
            "pipeline.yaml:3: event.accept '[90d, +1h, 3]': must be two durations, before and after the"
                + " time the message was sent, like [-90d, +1h]");
    assertThat(problems(noEvent)).hasSize(1);
    assertThat(problems(noTypes)).hasSize(1);
    assertThat(problems(noColumns)).hasSize(1);
    assertThat(problems("pipeline: orders\nevery: 5m\n")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DECIMAL(18,30)", "DECIMAL(39,2)", "DECIMAL(0,0)", "DECIMAL(18)"})
  void rejectsAnInvalidDecimalType(String type) throws IOException {
    String yaml =
        VALID
            + "references: {rates: {table: rates, key: id, load: all, columns: {id: VARCHAR, rate:"
            + " \"%s\"}}}\n".formatted(type);

    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .startsWith(
            "pipeline.yaml:6: references.rates.columns.rate '%s': must be VARCHAR".formatted(type));
  }

  @Test
  void rejectsColumnsThatDifferOnlyInCase() throws IOException {
    String yaml =
        VALID
            + "references: {rates: {table: rates, key: id, load: all, columns: {id: VARCHAR, ID:"
            + " VARCHAR}}}\n";

    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:6: references.rates.columns.ID: differs from another column");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"received", "lag", "cost", "staged", "messages", "batches", "cost_usd", "_volume"})
  void rejectsAMetricWithAReservedName(String name) throws IOException {
    String yaml = VALID + "metrics: {%s: SELECT 1}\n".formatted(name);

    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:6: metrics.%s: is ".formatted(name));
  }

  @Test
  void ignoresFoldersThatAreNotPipelines() throws IOException {
    folder(VALID);
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(Files.createDirectories(root.resolve(".idea")).resolve("pipeline.yaml"), "");
    Files.createDirectories(root.resolve("notes"));
    Files.createDirectories(root.resolve("a"));
    Files.writeString(root.resolve("a-file"), "");
    Files.copy(
        root.resolve("orders/pipeline.yaml"),
        Files.createDirectories(root.resolve("a_pipeline")).resolve("pipeline.yaml"));

    assertThat(PipelineFolder.in(root))
        .extracting(PipelineFolder::name)
        .containsExactly("a_pipeline", "orders");
    assertThat(PipelineFolder.foldersWithoutYaml(root)).containsExactly("a", "notes");
  }

  @Test
  void reportsAMissingPipelineFile() throws IOException {
    Path folder = Files.createDirectory(root.resolve("orders"));

    PipelineProblems thrown =
        catchThrowableOfType(PipelineProblems.class, () -> new PipelineFolder(folder).load());

    assertThat(thrown)
        .hasMessage("orders/pipeline.yaml:1: pipeline: is missing; add this file to the folder");
  }

  private List<String> problems(String yaml) throws IOException {
    PipelineFolder folder = folder(yaml);
    PipelineProblems thrown = catchThrowableOfType(PipelineProblems.class, folder::load);
    return thrown.problems().stream().map(Problem::toString).toList();
  }

  private PipelineFolder folder(String yaml) throws IOException {
    Path folder = Files.createDirectories(root.resolve("orders"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    Files.writeString(folder.resolve("orders.sql"), "SELECT 1");
    return new PipelineFolder(folder);
  }
}
