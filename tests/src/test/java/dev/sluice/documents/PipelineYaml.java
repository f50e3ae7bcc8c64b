package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineFolder.Draft;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The smallest `pipeline.yaml`, on one line, with changed fields.
final class PipelineYaml {
  private final Path root;
  private String sql = "SELECT n, city FROM events";
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /// @param root the folder of pipelines
  PipelineYaml(Path root) {
    this.root = root;
    with("pipeline", "shop").with("every", "1m");
    with("event.type", "visit").with("event.time", "$.at");
    with("tables.visits.from", "visit").with("tables.visits.fields.city", "text");
  }

  /// Sets a field.
  ///
  /// @param value a list or a mapping in YAML, or a scalar without quotes
  PipelineYaml with(String field, String value) {
    section(field).put(last(field), value);
    return this;
  }

  /// Sets the SELECT of the table `visits`.
  PipelineYaml withSelect(String select) {
    sql = select;
    return with("tables.visits.sql", "visits.sql");
  }

  PipelineYaml without(String field) {
    section(field).remove(last(field));
    return this;
  }

  private static String last(String field) {
    return field.substring(field.lastIndexOf('.') + 1);
  }

  /// The section of a field.
  @SuppressWarnings("unchecked")
  private Map<String, Object> section(String field) {
    Map<String, Object> section = fields;
    for (int dot = field.indexOf('.'), from = 0; dot >= 0; dot = field.indexOf('.', from)) {
      String name = field.substring(from, dot);
      section = (Map<String, Object>) section.computeIfAbsent(name, _ -> new LinkedHashMap<>());
      from = dot + 1;
    }
    return section;
  }

  Pipeline load() {
    try {
      return folder().load();
    } catch (PipelineProblems invalid) {
      throw new AssertionError(yaml(fields), invalid);
    }
  }

  /// Both are the same pipeline, except for their texts.
  void assertSameAs(PipelineYaml other) {
    assertThat(load()).usingRecursiveComparison().ignoringFields("digest").isEqualTo(other.load());
  }

  /// The fields that have a problem.
  List<String> problems() {
    Draft draft = folder().read();
    return draft.problems().stream().map(Problem::field).toList();
  }

  private PipelineFolder folder() {
    try {
      Path folder = Files.createDirectories(root.resolve(String.valueOf(fields.get("pipeline"))));
      Files.writeString(folder.resolve("pipeline.yaml"), yaml(fields));
      Files.writeString(folder.resolve("visits.sql"), sql);
      return new PipelineFolder(folder);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static String yaml(Object value) {
    if (value instanceof Map<?, ?> section) {
      return section.entrySet().stream()
          .map(entry -> quoted(String.valueOf(entry.getKey())) + ": " + yaml(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    String text = String.valueOf(value);
    return text.startsWith("[") || text.startsWith("{") ? text : quoted(text);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
