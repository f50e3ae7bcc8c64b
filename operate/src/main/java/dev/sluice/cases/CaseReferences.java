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
import java.util.function.Function;
import java.util.stream.Stream;

/// Reference rows that are not saved with a plan.
///
/// @param all all rows of a reference
record CaseReferences(Function<Reference, List<Map<String, String>>> all)
    implements Engine.References {
  /// References whose rows are in files `NAME.jsonl`. A reference without a file has no rows.
  ///
  /// @param folders the first one that has the file is used
  static CaseReferences in(Path... folders) {
    return new CaseReferences(reference -> rows(reference, folders));
  }

  private static List<Map<String, String>> rows(Reference reference, Path... folders) {
    return Stream.of(folders)
        .map(folder -> file(folder, reference))
        .filter(Files::exists)
        .findFirst()
        .map(CaseReferences::rows)
        .orElse(List.of());
  }

  /// The rows of a file.
  static List<Map<String, String>> rows(Path file) {
    return JsonLines.objects(file).stream().map(CaseReferences::texts).toList();
  }

  /// The file with the rows of a reference.
  static Path file(Path folder, Reference reference) {
    return folder.resolve(reference.name() + JsonLines.EXTENSION);
  }

  private static Map<String, String> texts(Json.Obj row) {
    Map<String, String> texts = new HashMap<>();
    for (Json.Field field : row.fields()) {
      field.value().scalar().ifPresent(text -> texts.put(field.name(), text));
    }
    return texts;
  }

  @Override
  public List<Map<String, String>> rows(Reference reference, List<String> keys) {
    return all.apply(reference).stream()
        .filter(row ->
            reference.keys().isEmpty() || keys.contains(row.getOrDefault(reference.key(), "")))
        .toList();
  }

  @Override
  public Optional<Path> saved(Reference reference) {
    return Optional.empty();
  }

  @Override
  public Path save(Reference reference, Path file) {
    return file;
  }
}
