package dev.sluice.load;

import static dev.sluice.json.Json.field;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.Receipt;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Prints a line in CloudWatch's embedded metric format for each published batch; CloudWatch Logs
/// makes metrics of it, with the pipeline as the only dimension, so that their number stays
/// bounded.
///
/// Format:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
public final class EmfMetrics implements Metrics {
  private static final String NAMESPACE = "Sluice";

  private final PrintStream out;

  public EmfMetrics(PrintStream out) {
    this.out = out;
  }

  @Override
  public void emit(Receipt receipt) {
    Manifest what = receipt.what();
    List<Json> definitions = new ArrayList<>();
    List<Json.Field> values = new ArrayList<>();
    add(definitions, values, "received", "Count", number(what.counts().received()));
    add(definitions, values, "loaded", "Count", number(what.counts().loaded()));
    add(definitions, values, "quarantined", "Count", number(what.counts().quarantined()));
    add(definitions, values, "duplicate", "Count", number(what.counts().duplicate()));
    add(definitions, values, "filtered", "Count", number(what.counts().filtered()));
    add(definitions, values, "bytes", "Bytes", number(what.bytes()));
    Duration lag = Duration.between(what.oldest(), receipt.publishedAt());
    add(definitions, values, "lag", "Milliseconds", number(lag.toMillis()));
    what.metrics()
        .forEach((name, value) ->
            value.ifPresent(v -> add(definitions, values, name, "None", new Json.Num(v))));
    List<Json.Field> line = new ArrayList<>();
    line.add(
        field(
            "_aws",
            Json.object(
                field("Timestamp", receipt.publishedAt().toEpochMilli()),
                field(
                    "CloudWatchMetrics",
                    Json.array(
                        List.of(
                            Json.object(
                                field("Namespace", NAMESPACE),
                                field(
                                    "Dimensions",
                                    Json.array(List.of(Json.array(List.of(Json.of("pipeline")))))),
                                field("Metrics", Json.array(definitions)))))))));
    line.add(field("pipeline", what.pipeline()));
    line.add(field("sequence", what.sequence()));
    line.addAll(values);
    out.println(JsonText.of(new Json.Obj(line)));
  }

  private static Json number(long value) {
    return Json.of(value);
  }

  private static void add(
      List<Json> definitions, List<Json.Field> values, String name, String unit, Json value) {
    definitions.add(Json.object(field("Name", name), field("Unit", unit)));
    values.add(field(name, value));
  }
}
