package dev.sluice.duckdb;

import dev.sluice.chunk.ChunkReader;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.event.Reason;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// Fills the tables of messages and events from the chunks of a plan: `messages`, `admitted` and
/// `rejected`.
final class EventLoader {
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  private final DuckDb db;
  private final Admitter admitter;
  private final Set<Long> hours = new HashSet<>();
  private final Set<Long> daysSent = new HashSet<>();
  private int messages;
  private long events;

  EventLoader(DuckDb db, Admitter admitter) {
    this.db = db;
    this.admitter = admitter;
  }

  /// Reads every chunk once.
  void load(List<LocalChunk> chunks) throws SQLException {
    try (DuckDBAppender message = db.appender("sluice", "messages");
        DuckDBAppender admitted = db.appender("sluice", "admitted");
        DuckDBAppender rejected = db.appender("sluice", "rejected")) {
      for (LocalChunk file : chunks) {
        try (ChunkReader chunk = file.open()) {
          for (Optional<Envelope> next = chunk.next(); next.isPresent(); next = chunk.next()) {
            admit(next.get(), message, admitted, rejected);
          }
        }
      }
    }
  }

  private void admit(
      Envelope envelope, DuckDBAppender message, DuckDBAppender admitted, DuckDBAppender rejected)
      throws SQLException {
    message.beginRow();
    message.append(messages).append(admitter.identity(envelope.messageId())).append(events);
    message.endRow();
    daysSent.add(Math.floorDiv(envelope.sentAt().getEpochSecond(), DAY));
    for (Admission event : admitter.admit(envelope)) {
      switch (event) {
        case Admitted good -> append(admitted, envelope, good);
        case Rejected bad -> append(rejected, envelope, bad);
      }
      events++;
    }
    messages++;
  }

  private void append(DuckDBAppender row, Envelope envelope, Admitted event) throws SQLException {
    row.beginRow();
    row.append(events).append(messages).append(event.json());
    row.append(orNull(event.id())).append(event.type());
    Instant time = event.time().orElse(null);
    if (time == null) {
      row.appendNull();
    } else {
      row.appendEpochMicros(micros(time));
      hours.add(Math.floorDiv(time.getEpochSecond(), HOUR));
    }
    row.append(envelope.messageId()).appendEpochMicros(micros(envelope.sentAt()));
    row.append(event.identity().orElse(null)).append(event.content());
    if (event.broken().isEmpty()) {
      row.appendNull().appendNull();
    } else {
      row.append(event.broken().stream().map(Reason::label).collect(Collectors.joining(",")));
      row.append(event.detail());
    }
    row.endRow();
  }

  private void append(DuckDBAppender row, Envelope envelope, Rejected event) throws SQLException {
    row.beginRow();
    row.append(events).append(messages).append(event.reason().label());
    row.append(EncodableText.of(event.detail())).append(orNull(event.id().map(EncodableText::of)));
    row.append(EncodableText.of(event.text()));
    row.append(envelope.messageId()).appendEpochMicros(micros(envelope.sentAt()));
    row.endRow();
  }

  private static @Nullable String orNull(Optional<String> text) {
    return text.orElse(null);
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  long messages() {
    return messages;
  }

  long events() {
    return events;
  }

  /// The number of different hours of event times.
  int hours() {
    return hours.size();
  }

  /// The number of different days on which messages were sent.
  int daysSent() {
    return daysSent.size();
  }
}
