package dev.sluice.infra;

import dev.sluice.pipeline.Alarm;
import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The body of a pipeline's dashboard: one widget for each of its metrics, and below them the
/// widgets of `infra/dashboard.json`, whose alarm widget also shows the pipeline's alarms.
final class Dashboard {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int COLUMNS = 24;
  private static final int WIDTH = 4;
  private static final int HEIGHT = 4;

  private Dashboard() {}

  /// The body for `!Sub`, one widget per line.
  static String body(String common, Pipeline pipeline, Map<String, Statistic> statistics) {
    List<JsonNode> widgets = new ArrayList<>();
    for (Metric metric : pipeline.metrics()) {
      widgets.add(
          widget(
              widgets.size(),
              metric.name(),
              statistics.getOrDefault(metric.name(), Statistic.AVG)));
    }
    int height = HEIGHT * Math.ceilDiv(widgets.size() * WIDTH, COLUMNS);
    for (JsonNode widget : JSON.readTree(common).get("widgets")) {
      widgets.add(below(height, (ObjectNode) widget, pipeline.alarms()));
    }
    return widgets.stream()
        .map(JsonNode::toString)
        // A number in the body, but JSON only as a string.
        .map(widget -> widget.replaceAll("\"(\\$\\{(?:Period|Window|Age)})\"", "$1"))
        .collect(Collectors.joining(",\n  ", "{\"widgets\": [\n  ", "\n]}\n"));
  }

  private static ObjectNode widget(int index, String metric, Statistic statistic) {
    ObjectNode widget = JSON.createObjectNode();
    widget
        .put("type", "metric")
        .put("x", index * WIDTH % COLUMNS)
        .put("y", HEIGHT * (index * WIDTH / COLUMNS))
        .put("width", WIDTH)
        .put("height", HEIGHT);
    ObjectNode properties = widget.putObject("properties");
    properties
        .put("title", metric.replace('_', ' '))
        .put("view", "singleValue")
        .put("sparkline", true)
        .put("region", "${AWS::Region}")
        .put("period", "${Window}")
        .put("stat", AlarmExpression.inCloudWatch(statistic))
        .putArray("metrics")
        .addArray()
        .add("Sluice")
        .add(metric)
        .add("stack")
        .add("${Name}");
    return widget;
  }

  private static ObjectNode below(int height, ObjectNode widget, List<Alarm> alarms) {
    widget.put("y", widget.get("y").asInt() + height);
    if (widget.get("type").asString().equals("alarm")) {
      ArrayNode shown = (ArrayNode) widget.at("/properties/alarms");
      for (Alarm alarm : alarms) {
        shown.add(
            "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${Name}."
                + alarm.name());
      }
    }
    return widget;
  }
}
