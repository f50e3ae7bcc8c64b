package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The parameters of the template and their defaults are those in docs/deploy.md.
final class ParametersTest {
  @Test
  void theTemplateHasTheDocumentedParametersAndDefaults() {
    JsonNode template = YAMLMapper.shared().readTree(Path.of("../template.yaml").toFile());
    Map<String, String> actual = new LinkedHashMap<>();
    template
        .at("/Parameters")
        .properties()
        .forEach(one -> actual.put(one.getKey(), one.getValue().path("Default").asString("")));

    Map<String, String> documented = new LinkedHashMap<>();
    for (List<String> row :
        Document.read("deploy.md").table("| parameter | default | description |")) {
      String value = row.get(1).replace("`", "");
      documented.put(row.get(0).replace("`", ""), value.equals("none") ? "" : value);
    }

    assertThat(actual).containsExactlyEntriesOf(documented);
  }
}
