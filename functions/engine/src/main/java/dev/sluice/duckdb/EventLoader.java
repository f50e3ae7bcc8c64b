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

/// Streams a plan's messages into the tables that all SQL starts from: `sluice.messages` (m, id,
/// first_n), `sluice.admitted` and `sluice.rejected`.
///
/// `m` numbers the messages of the batch and `n` its events, in plan order, copies included.
final class EventLoader {
  private static final String TABLES =
      """
      CREATE SCHEMA sluice;
      CREATE TABLE sluice.messages (m INTEGER, id UUID, first_n BIGINT);
      CREATE TABLE sluice.admitted (n BIGINT, m INTEGER, event VARCHAR, event_id VARCHAR,
        event_type VARCHAR, event_time TIMESTAMP, message_id VARCHAR, sent_at TIMESTAMP,
        id UUID, content UUID, broken VARCHAR, detail VARCHAR);
      CREATE TABLE sluice.rejected (n BIGINT, m INTEGER, reason VARCHAR, detail VARCHAR,
        event_id VARCHAR, text VARCHAR, message_id VARCHAR, sent_at TIMESTAMP);
      CREATE VIEW events AS SELECT n, event, event_id, event_type, event_time, message_id, sent_at
        FROM sluice.admitted;
      """;

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

  static void createTables(DuckDb db) throws SQLException {
    db.run(TABLES);
  }

  /// Reads every chunk once.
  void admit(List<LocalChunk> chunks) throws SQLException {
    createTables(db);
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
    row.append(encodable(event.detail())).append(orNull(event.id().map(EventLoader::encodable)));
    row.append(encodable(event.text()));
    row.append(envelope.messageId()).appendEpochMicros(micros(envelope.sentAt()));
    row.endRow();
  }

  private static @Nullable String orNull(Optional<String> text) {
    return text.orElse(null);
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  /// A lone surrogate, which no encoding can carry, is written as its JSON escape.
  private static String encodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .mapToObj(
                c -> c >= 0xD800 && c <= 0xDFFF ? "\\u%04x".formatted(c) : Character.toString(c))
            .collect(Collectors.joining());
      }
    }
    return text;
  }

  long messages() {
    return messages;
  }

  long events() {
    return events;
  }

  /// How many hours the times of events fall into.
  int hours() {
    return hours.size();
  }

  /// How many days messages were sent on.
  int daysSent() {
    return daysSent.size();
  }

  /// Reads the chunks once more for the verbatim texts of `wanted`, which is sorted by message,
  /// into `sluice.texts`. Messages that nobody wants are passed over unread.
  void appendTexts(List<LocalChunk> chunks, List<Wanted> wanted) throws SQLException {
    db.run("CREATE TABLE sluice.texts (n BIGINT, text VARCHAR)");
    if (wanted.isEmpty()) {
      return;
    }
    int next = 0;
    int m = 0;
    try (DuckDBAppender row = db.appender("sluice", "texts")) {
      for (LocalChunk file : chunks) {
        try (ChunkReader chunk = file.open()) {
          while (next < wanted.size()) {
            if (wanted.get(next).message != m) {
              if (!chunk.skip()) {
                break;
              }
            } else {
              Optional<Envelope> envelope = chunk.next();
              if (envelope.isEmpty()) {
                break;
              }
              List<Admission> events = admitter.admit(envelope.get());
              for (; next < wanted.size() && wanted.get(next).message == m; next++) {
                row.beginRow();
                row.append(wanted.get(next).n);
                row.append(encodable(events.get(wanted.get(next).place).text()));
                row.endRow();
              }
            }
            m++;
          }
        }
      }
    }
  }

  /// An event whose text is wanted: number `n`, at `place` (from 0) of message `message`.
  record Wanted(long n, int message, int place) {}
}
