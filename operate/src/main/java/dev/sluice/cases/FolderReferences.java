package dev.sluice.cases;

import dev.sluice.engine.Engine;
import dev.sluice.json.Json;
import dev.sluice.pipeline.Pipeline.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// References whose rows are in files `NAME.jsonl`. A reference without a file has no rows.
///
/// @param folders the first one that has the file is used
record FolderReferences(List<Path> folders) implements Engine.References {
  /// The file with the rows of a reference.
  Optional<Path> file(Reference reference) {
    return folders.stream()
        .map(folder -> folder.resolve(reference.name() + JsonLines.EXTENSION))
        .filter(Files::exists)
        .findFirst();
  }

  @Override
  public Optional<Path> saved(Reference reference) {
    return Optional.empty();
  }

  @Override
  public List<Map<String, String>> rows(Reference reference, List<String> keys) {
    return file(reference).map(JsonLines::objects).orElse(List.of()).stream()
        .map(FolderReferences::texts)
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
