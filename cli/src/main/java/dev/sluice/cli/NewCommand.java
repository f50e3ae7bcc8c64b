package dev.sluice.cli;

import dev.sluice.event.EventType;
import dev.sluice.json.Json;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.pipeline.Pipeline.Source;
import dev.sluice.sample.Created;
import dev.sluice.sample.Created.EventPart;
import dev.sluice.sample.Created.Example;
import dev.sluice.sample.Created.Finding;
import dev.sluice.sample.NewPipeline;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice new`.
@Command(
    name = "new",
    description = {
      "Creates a pipeline from a sample of its events: reads the whole file, proposes the event's"
          + " type, id and time and the fields with their types, and writes pipelines/NAME with one"
          + " test case.",
      "The sample is JSON lines, a JSON array, or CSV with a header; .gz and .zst are decompressed."
    })
final class NewCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "field", "type", "values", "null", "smallest or shortest", "largest or longest", "why");

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The name of the new pipeline.")
  String name;

  @Option(names = "--from", paramLabel = "FILE", required = true, description = "The sample.")
  String file;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "The path of the event's type, like $.kind, or the type of all events.")
  @Nullable String type;

  @Option(
      names = "--id",
      paramLabel = "PATH",
      description = "The path of the event's id, like $.order_id or '$.\"Order Id\"'.")
  @Nullable String id;

  @Option(
      names = "--time",
      paramLabel = "PATH",
      description = "The path of the event's time, if the sample has several.")
  @Nullable String time;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "The time zone of times without an offset in a CSV file, like UTC or Europe/Berlin.")
  @Nullable ZoneId zone;

  @SuppressWarnings("NullAway.Init")
  NewCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("new");
    NewPipeline.Overrides overrides =
        new NewPipeline.Overrides(
            Optional.ofNullable(type).map(this::eventType),
            Optional.ofNullable(id).map(text -> path("--id", text)),
            Optional.ofNullable(time).map(text -> path("--time", text)),
            Optional.ofNullable(zone));
    Created created =
        new NewPipeline(sluice.pipelines(), name, overrides, Instant.now())
            .create(file, spec.commandLine().getErr());
    print(created, spec.commandLine().getOut());
    return 0;
  }

  private EventType eventType(String text) {
    return EventType.parse(text)
        .orElseThrow(() ->
            new CommandLine.ParameterException(
                spec.commandLine(),
                "--type is '%s'; specify a path like $.type, or a name like review"
                    .formatted(text)));
  }

  private JsonPath path(String option, String text) {
    return JsonPath.parse(text)
        .orElseThrow(() ->
            new CommandLine.ParameterException(
                spec.commandLine(),
                "%s is '%s'; specify a path in the event, like '$.created_at' or '$.\"Created At\"' (in single quotes)"
                    .formatted(option, text)));
  }

  private void print(Created created, PrintWriter out) {
    out.printf("%s: %,d rows of %s%n%n", file, created.rows(), format(created.source()));
    int width = created.event().stream().mapToInt(part -> part.value().length()).max().orElse(1);
    for (EventPart part : created.event()) {
      out.printf("event.%-7s %-" + width + "s  %s%n", part.name(), part.value(), part.why());
    }
    for (Created.Table table : created.tables()) {
      out.printf("%ntable %s: %,d rows%n", table.name(), table.rows());
      new Rows(COLUMNS, table.fields().stream().map(NewCommand::row).toList())
          .print(out, Rows.Format.TABLE);
      if (!table.omitted().isEmpty()) {
        out.println(
            "not in the table, because a path cannot have a quote or a backslash: "
                + String.join(", ", table.omitted()));
      }
    }
    quarantined(created.quarantined(), out);
    nextSteps(created, out);
    out.flush();
  }

  private static String format(Source source) {
    return switch (source) {
      case JsonSource() -> "JSON";
      case CsvSource(char delimiter, _) ->
          "CSV, delimited by " + (delimiter == '\t' ? "tabs" : delimiter);
    };
  }

  private static List<Json> row(Finding finding) {
    return List.of(
        Json.of(finding.field()),
        Json.of(finding.type()),
        Json.of(finding.values()),
        Json.of(finding.nulls()),
        Json.of(finding.smallest()),
        Json.of(finding.largest()),
        Json.of(finding.why()));
  }

  private static void quarantined(Created.Quarantined quarantined, PrintWriter out) {
    out.println();
    if (quarantined.count() == 0) {
      out.println("No row of the sample would be quarantined.");
      return;
    }
    out.printf(
        "%,d %s of the sample would be quarantined:%n",
        quarantined.count(), quarantined.count() == 1 ? "row" : "rows");
    for (Example example : quarantined.examples()) {
      out.printf(
          "  %s: %,d, first row %,d: %s%n",
          example.reason(), example.events(), example.number(), example.detail());
    }
  }

  private void nextSteps(Created created, PrintWriter out) {
    out.printf(
        """

        Wrote %s/pipeline.yaml and a test case of %,d messages. Next:
          ./sluice preview %s %s
          ./sluice test %3$s
          ./sluice up                         runs all pipelines locally; then, in another terminal:
          ./sluice send %3$s %4$s
          ./sluice query "SELECT * FROM %3$s.%5$s LIMIT 10"
        To deploy it:
          ./sluice infra %3$s
          sam deploy --config-env %3$s
        """,
        created.folder(), created.caseRows(), name, file, created.tables().getFirst().name());
  }
}
