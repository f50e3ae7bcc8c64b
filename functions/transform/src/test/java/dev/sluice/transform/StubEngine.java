package dev.sluice.transform;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// An engine that returns a given output, whatever its input is. It has two seen files.
record StubEngine(String version, Function<Input, Output> output) implements Engine {
  static StubEngine returning(
      Counts counts, long messages, List<TableColumns> tables, List<StubFile> files) {
    return new StubEngine(
        "lines 1",
        input ->
            new Output(
                messages,
                counts,
                new TreeMap<>(Map.of("bad_time", 3L)),
                new TreeMap<>(Map.of("lines.long", 4L)),
                tables,
                files.stream().map(file -> file.write(input.folder())).toList(),
                Map.of("volume", Optional.of("5")),
                Map.of("read", 6L)));
  }

  /// A file that the engine writes, with its content instead of rows.
  record StubFile(String table, String partition, String content, long rows) {
    private LocalFile write(Path folder) {
      return new LocalFile(
          table, partition, StubEngine.write(folder.resolve(table + ".parquet"), content), rows);
    }
  }

  @Override
  public Output run(Input input) {
    write(input.folder().resolve("seen/messages.parquet"), "message ids");
    write(input.folder().resolve("seen/events.parquet"), "event ids");
    return output.apply(input);
  }

  private static Path write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
