package dev.sluice.deployment;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The bodies of generated dashboards.
final class Dashboards {
  private Dashboards() {}

  /// The body of a dashboard, with 60 for each number that is a parameter.
  static JsonNode of(String template, String logicalId) {
    String body =
        YAMLMapper.shared()
            .readTree(template)
            .at("/Resources/%s/Properties/DashboardBody".formatted(logicalId))
            .asString();
    return JsonMapper.shared().readTree(body.replaceAll(":\\$\\{(?:Period|Window|Age)}", ":60"));
  }
}
