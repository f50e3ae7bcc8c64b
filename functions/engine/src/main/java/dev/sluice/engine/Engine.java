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

/// The engine port: turns the messages of one plan into files. The same input produces the same
/// bytes in any process.
public interface Engine {
  /// The engine's name and version, which is part of a plan's digest: a different version may write
  /// different bytes.
  String version();

  /// Processes one plan and keeps no state.
  ///
  /// @throws dev.sluice.failure.EngineFailure if the data cannot be processed
  /// @throws dev.sluice.failure.InvalidPipeline if the pipeline's SQL is invalid
  /// @throws dev.sluice.failure.ExpectationFailed if an event violates an expectation with
  ///   `otherwise: fail`
  /// @throws dev.sluice.failure.DiskFull if the disk is too small
  Output run(Input input);

  /// What an attempt passes to the engine.
  ///
  /// @param chunks the plan's chunks, in order
  /// @param folder an empty folder to write to
  record Input(
      Pipeline pipeline,
      Plan plan,
      List<LocalChunk> chunks,
      References references,
      Seen seen,
      Path folder) {}

  /// A chunk on disk; it can be read several times.
  record LocalChunk(ChunkId id, Path file) {
    public ChunkReader open() {
      try {
        return new ChunkReader(id.value(), Files.newInputStream(file));
      } catch (IOException unreadable) {
        throw new UncheckedIOException("cannot read " + file, unreadable);
      }
    }
  }

  /// The reference rows of the plan, which are the same for every attempt.
  interface References {
    /// The name of the reference's table, for messages.
    default String table(Pipeline.Reference reference) {
      return reference.table();
    }

    /// The file that an earlier attempt saved, if any.
    Optional<Path> saved(Pipeline.Reference reference);

    /// The rows with these keys, or all rows of a reference without keys. A row has a value for
    /// each column that is not NULL.
    ///
    /// @throws dev.sluice.failure.InvalidReference if a value is not a string, number or boolean
    List<Map<String, String>> rows(Pipeline.Reference reference, List<String> keys);

    /// Saves the rows for all attempts. Returns the file to use, which may be another attempt's.
    Path save(Pipeline.Reference reference, Path file);
  }

  /// Seen files of earlier batches, on disk.
  record Seen(
      List<Path> messages, List<Path> events, List<Path> coverMessages, List<Path> coverEvents) {}

  /// What the engine returns. The seen files are `seen/*.parquet` in the input's folder.
  ///
  /// @param messages the number of messages that were read
  /// @param metrics empty where the SQL returned NULL
  /// @param took milliseconds for each step
  record Output(
      long messages,
      Counts counts,
      SortedMap<String, Long> reasons,
      SortedMap<String, Long> warnings,
      List<TableColumns> tables,
      List<LocalFile> files,
      Map<String, Optional<String>> metrics,
      Map<String, Long> took) {}

  /// A Parquet file in the input's folder.
  record LocalFile(String table, String partition, Path path, long rows) {}
}
