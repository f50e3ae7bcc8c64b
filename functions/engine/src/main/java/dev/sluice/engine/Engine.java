package dev.sluice.engine;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.Plan;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// Turns the messages of one plan into files. The same work gives the same bytes, in any process.
public interface Engine {
  /// Name and version; part of a plan's digest, because another version may write other bytes.
  String version();

  /// Does the whole of `work`, and keeps nothing of it.
  ///
  /// @throws dev.sluice.failure.EngineFailure when the data cannot be digested
  /// @throws dev.sluice.failure.InvalidPipeline when the pipeline's SQL is wrong
  /// @throws dev.sluice.failure.ExpectationFailed when an expectation says so
  Output run(Input work);

  /// What there is to do.
  ///
  /// @param chunks the plan's chunks, in their order
  /// @param folder an empty folder to write to
  record Input(
      Pipeline pipeline,
      Plan plan,
      List<LocalChunk> chunks,
      References references,
      Seen seen,
      Path folder) {}

  /// A chunk on disk, to be read as often as wanted.
  record LocalChunk(ChunkId id, Path file) {
    public ChunkReader open() {
      try {
        return new ChunkReader(id.value(), Files.newInputStream(file));
      } catch (IOException unreadable) {
        throw new UncheckedIOException("cannot read " + file, unreadable);
      }
    }
  }

  /// The rows that this plan's events are joined with; the same for every attempt.
  interface References {
    /// The file that an attempt before this one saved, if any.
    Optional<Path> saved(Pipeline.Reference reference);

    /// The rows for `keys`, or all rows of a reference without keys; each row has a value for each
    /// column that is not null.
    List<Map<String, String>> rows(Pipeline.Reference reference, List<String> keys);

    /// Saves what was read for all attempts; gives the file that counts, which may be a rival's.
    Path save(Pipeline.Reference reference, Path file);
  }

  /// Seen files of earlier batches, on disk.
  record Seen(
      List<Path> messages, List<Path> events, List<Path> coverMessages, List<Path> coverEvents) {}

  /// What came out. The seen files are `seen/*.parquet` in the work's folder.
  ///
  /// @param messages how many envelopes were read
  /// @param metrics empty where the SQL gave null
  /// @param took milliseconds by step
  record Output(
      long messages,
      Counts counts,
      SortedMap<String, Long> reasons,
      SortedMap<String, Long> warnings,
      List<TableColumns> tables,
      List<LocalFile> files,
      Map<String, Optional<String>> metrics,
      Map<String, Long> took) {}

  /// A Parquet file in the work's folder.
  record LocalFile(String table, String partition, Path path, long rows) {}
}
