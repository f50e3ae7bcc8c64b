package dev.sluice.fakes;

import dev.sluice.batch.Counts;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.failure.EngineFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A simple [Engine] for tests. It writes each message as one line of a text file, and drops copies
/// of messages. Its seen files and counts follow the same rules as those of every engine.
public final class LineEngine implements Engine {
  private static final String TABLE = "lines";
  private static final String PARTITION = "dt=2026-01-01";

  private final String version;
  private Predicate<String> poison = _ -> false;

  public LineEngine(String version) {
    this.version = version;
  }

  /// Makes this engine fail on every message whose body matches.
  public LineEngine failingOn(Predicate<String> bodies) {
    poison = bodies;
    return this;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Output run(Input input) {
    List<Envelope> messages = input.chunks().stream().flatMap(c -> read(c).stream()).toList();
    Set<String> seen = new TreeSet<>();
    input.seen().messages().forEach(file -> seen.addAll(lines(file)));
    Set<String> received = new LinkedHashSet<>();
    List<String> loaded = new ArrayList<>();
    for (Envelope message : messages) {
      if (poison.test(message.body())) {
        throw new EngineFailure("cannot process '" + message.body() + "'");
      }
      if (received.add(message.messageId()) && !seen.contains(message.messageId())) {
        loaded.add(message.body());
      }
    }
    writeSeen(input, received);
    Path file = input.folder().resolve("lines.parquet");
    write(file, loaded);
    long copies = (long) messages.size() - loaded.size();
    return new Output(
        messages.size(),
        new Counts(messages.size(), loaded.size(), 0, copies, 0),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        loaded.isEmpty()
            ? List.of()
            : List.of(new LocalFile(TABLE, PARTITION, file, loaded.size())),
        Map.of("lines", Optional.of(Integer.toString(loaded.size()))),
        Map.of());
  }

  private static List<Envelope> read(LocalChunk chunk) {
    try (ChunkReader reader = chunk.open()) {
      return TestChunks.read(reader);
    }
  }

  private static void writeSeen(Input input, Set<String> received) {
    write(input.folder().resolve("seen/messages.parquet"), received);
    write(input.folder().resolve("seen/events.parquet"), List.of());
    if (input.plan().covers()) {
      Set<String> all = new TreeSet<>(received);
      input.seen().coverMessages().forEach(file -> all.addAll(lines(file)));
      write(input.folder().resolve("seen/messages-cover.parquet"), all);
      write(input.folder().resolve("seen/events-cover.parquet"), List.of());
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void write(Path file, Iterable<String> lines) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, lines);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
