package dev.sluice.infra;

import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The batch sizes that a stack supports: the mapping `Batches` in `template.yaml`.
///
/// @param bytes the maximum size in bytes for each maximum number of messages
record BatchSizes(Map<String, Long> bytes) {
  static BatchSizes in(Path template) {
    JsonNode sizes = YAMLMapper.shared().readTree(template.toFile()).at("/Mappings/Batches");
    Map<String, Long> bytes = new LinkedHashMap<>();
    sizes.propertyStream().forEach(s -> bytes.put(s.getKey(), s.getValue().get("Bytes").asLong()));
    return new BatchSizes(bytes);
  }

  /// @param yaml of the pipeline
  /// @throws PipelineProblems if a stack does not support the pipeline's batches
  void check(Pipeline pipeline, YamlLines yaml) throws PipelineProblems {
    String messages = Long.toString(pipeline.batch().maxMessages());
    Long supported = bytes.get(messages);
    if (supported == null) {
      throw problem(
          pipeline,
          yaml,
          "batch.max_messages",
          messages,
          "a stack has settings for %s messages only; use one of them, or add a row to the mapping Batches and a value to MaxMessages in template.yaml"
              .formatted(String.join(", ", bytes.keySet())));
    }
    if (pipeline.batch().maxBytes() != supported) {
      throw problem(
          pipeline,
          yaml,
          "batch.max_bytes",
          (pipeline.batch().maxBytes() >> 20) + "MiB",
          "a stack with %s messages per batch supports %dMiB; use it, or change Bytes in the mapping Batches in template.yaml"
              .formatted(messages, supported >> 20));
    }
  }

  private static PipelineProblems problem(
      Pipeline pipeline, YamlLines yaml, String field, String value, String hint) {
    return new PipelineProblems(
        pipeline.name(),
        List.of(new Problem("pipeline.yaml", yaml.of("batch"), field, value, hint)));
  }
}
