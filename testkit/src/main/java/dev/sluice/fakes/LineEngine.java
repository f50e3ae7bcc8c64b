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

/// An [Engine] that carries each message on as one line of a text file, copies left out. It keeps
/// what every engine must: the same seen files, the same counts.
public final class LineEngine implements Engine {
  /// The only table and the only partition it writes.
  public static final String TABLE = "lines";

  public static final String PARTITION = "dt=2026-01-01";

  private final String version;
  private Predicate<String> indigestible = _ -> false;

  public LineEngine(String version) {
    this.version = version;
  }

  /// Bodies over which this engine stumbles.
  public LineEngine failingOn(Predicate<String> bodies) {
    indigestible = bodies;
    return this;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Output run(Input work) {
    List<Envelope> messages = work.chunks().stream().flatMap(c -> read(c).stream()).toList();
    Set<String> seen = new TreeSet<>();
    work.seen().messages().forEach(file -> seen.addAll(lines(file)));
    Set<String> received = new LinkedHashSet<>();
    List<String> loaded = new ArrayList<>();
    for (Envelope message : messages) {
      if (indigestible.test(message.body())) {
        throw new EngineFailure("cannot digest '" + message.body() + "'");
      }
      if (received.add(message.messageId()) && !seen.contains(message.messageId())) {
        loaded.add(message.body());
      }
    }
    writeSeen(work, received);
    Path file = work.folder().resolve("lines.parquet");
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
    List<Envelope> messages = new ArrayList<>();
    try (ChunkReader reader = chunk.open()) {
      for (Optional<Envelope> m = reader.next(); m.isPresent(); m = reader.next()) {
        messages.add(m.get());
      }
    }
    return messages;
  }

  private static void writeSeen(Input work, Set<String> received) {
    write(work.folder().resolve("seen/messages.parquet"), received);
    write(work.folder().resolve("seen/events.parquet"), List.of());
    if (work.plan().covers()) {
      Set<String> all = new TreeSet<>(received);
      work.seen().coverMessages().forEach(file -> all.addAll(lines(file)));
      write(work.folder().resolve("seen/messages-cover.parquet"), all);
      write(work.folder().resolve("seen/events-cover.parquet"), List.of());
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
