package dev.sluice.transform;

import dev.sluice.batch.PlanId;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.engine.Engine;
import dev.sluice.failure.MissingObject;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The reference rows of one plan: the first attempt reads them from the tables and saves them in
/// the plan's folder; later attempts use the saved rows.
final class PlanReferences implements Engine.References {
  private final Bucket bucket;
  private final Layout layout;
  private final PlanId plan;
  private final boolean mayBeSaved;
  private final Function<Reference, ReferenceTable> tables;
  private final Path folder;

  /// @param mayBeSaved false for the first attempt, which then does not look for saved rows
  PlanReferences(
      Bucket bucket,
      Layout layout,
      PlanId plan,
      boolean mayBeSaved,
      Function<Reference, ReferenceTable> tables,
      Path folder) {
    this.bucket = bucket;
    this.layout = layout;
    this.plan = plan;
    this.mayBeSaved = mayBeSaved;
    this.tables = tables;
    this.folder = folder;
  }

  @Override
  public String table(Reference reference) {
    return tables.apply(reference).name();
  }

  @Override
  public Optional<Path> saved(Reference reference) {
    return mayBeSaved ? download(reference) : Optional.empty();
  }

  @Override
  public List<Map<String, String>> rows(Reference reference, List<String> keys) {
    ReferenceTable table = tables.apply(reference);
    if (reference.keys().isEmpty()) {
      return table.scan();
    }
    List<String> askable = keys.stream().filter(PlanReferences::isAskable).toList();
    return askable.isEmpty() ? List.of() : table.get(askable);
  }

  private static boolean isAskable(String key) {
    return !key.isEmpty()
        && key.getBytes(StandardCharsets.UTF_8).length <= ReferenceTable.MAX_KEY_BYTES;
  }

  @Override
  public Path save(Reference reference, Path file) {
    return switch (bucket.putIfAbsent(key(reference), file)) {
      case WRITTEN -> file;
      case ALREADY_EXISTS -> download(reference).orElseThrow();
    };
  }

  private Optional<Path> download(Reference reference) {
    Path file = folder.resolve("saved-" + reference.name() + ".parquet");
    try {
      bucket.download(key(reference), file);
      return Optional.of(file);
    } catch (MissingObject notSaved) {
      return Optional.empty();
    }
  }

  private ObjectKey key(Reference reference) {
    return layout.planReference(plan, reference.name());
  }
}
