package dev.sluice.transform;

import dev.sluice.engine.Engine.References;
import dev.sluice.pipeline.Pipeline.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The references of a plan. Their calls do not count as time of the engine.
record TimedReferences(References references, RunTime time) implements References {
  @Override
  public String table(Reference reference) {
    return references.table(reference);
  }

  @Override
  public Optional<Path> saved(Reference reference) {
    return time.service(() -> references.saved(reference));
  }

  @Override
  public List<Map<String, String>> rows(Reference reference, List<String> keys) {
    return time.service(() -> references.rows(reference, keys));
  }

  @Override
  public Path save(Reference reference, Path file) {
    return time.service(() -> references.save(reference, file));
  }
}
