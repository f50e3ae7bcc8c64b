package dev.sluice.duckdb;

import dev.sluice.engine.Engine;
import dev.sluice.json.Json;
import dev.sluice.pipeline.Pipeline.Reference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The reference tables of a case.
record CaseReferences(PipelineCase one) implements Engine.References {
  @Override
  public Optional<Path> saved(Reference reference) {
    return Optional.empty();
  }

  @Override
  public List<Map<String, String>> rows(Reference reference, List<String> keys) {
    return one.reference(reference.name()).stream()
        .map(CaseReferences::texts)
        .filter(row ->
            reference.keys().isEmpty() || keys.contains(row.getOrDefault(reference.key(), "")))
        .toList();
  }

  private static Map<String, String> texts(Json.Obj row) {
    Map<String, String> texts = new HashMap<>();
    for (Json.Field field : row.fields()) {
      field.value().scalar().ifPresent(text -> texts.put(field.name(), text));
    }
    return texts;
  }

  @Override
  public Path save(Reference reference, Path file) {
    return file;
  }
}
