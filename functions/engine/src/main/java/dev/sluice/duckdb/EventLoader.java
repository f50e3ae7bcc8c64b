package dev.sluice.duckdb;

import dev.sluice.chunk.ChunkReader;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldValue;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Table;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// Fills the tables of messages and events from the chunks of a plan: `messages`, `admitted` and
/// `rejected`.
final class EventLoader {
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  private final DuckDb db;
  private final Pipeline pipeline;
  private final Admitter admitter;
  private final boolean hasText;
  private final Map<String, List<FieldRows>> fieldRows = new HashMap<>();
  private final Set<Long> hours = new HashSet<>();
  private final Set<Long> daysSent = new HashSet<>();
  private int messages;
  private long events;

  /// @param hasText whether `admitted.event` is filled
  EventLoader(DuckDb db, Pipeline pipeline, Admitter admitter, boolean hasText) {
    this.db = db;
    this.pipeline = pipeline;
    this.admitter = admitter;
    this.hasText = hasText;
  }

  /// Reads every chunk once.
  void load(List<LocalChunk> chunks) throws SQLException {
    try (DuckDBAppender message = db.appender("sluice", "messages");
        DuckDBAppender admitted = db.appender("sluice", "admitted");
        DuckDBAppender rejected = db.appender("sluice", "rejected");
        OpenAppenders fields = new OpenAppenders()) {
      openFields(fields);
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
    row.append(events).append(messages);
    row.append(orNull(event.id())).append(event.type());
    Instant time = event.time().orElse(null);
    if (time == null) {
      row.appendNull();
    } else {
      row.appendEpochMicros(FieldColumn.micros(time));
      hours.add(Math.floorDiv(time.getEpochSecond(), HOUR));
    }
    row.append(envelope.messageId()).appendEpochMicros(FieldColumn.micros(envelope.sentAt()));
    row.append(event.identity().orElse(null)).append(event.content());
    if (event.broken().isEmpty()) {
      row.appendNull().appendNull();
    } else {
      row.append(String.join(",", event.broken())).append(event.detail());
    }
    row.append(hasText ? event.json() : null);
    row.endRow();
    for (FieldRows table : fieldRows.getOrDefault(event.type(), List.of())) {
      table.append(events, event.fields());
    }
  }

  private void openFields(OpenAppenders open) throws SQLException {
    for (Table table : pipeline.tables()) {
      if (!table.fields().isEmpty()) {
        DuckDBAppender rows = open.add(db.appender("sluice", EventTables.fieldsOf(table)));
        for (String type : table.from()) {
          fieldRows
              .computeIfAbsent(type, _ -> new ArrayList<>())
              .add(new FieldRows(rows, table.fields(), admitter.fields(type)));
        }
      }
    }
  }

  /// Writes the fields of one table for the events of one type.
  private static final class FieldRows {
    private final DuckDBAppender rows;
    private final List<FieldType> types;
    private final int[] places;

    /// @param read the fields that admission reads, in order
    FieldRows(DuckDBAppender rows, List<Field> fields, List<Field.Rule> read) {
      this.rows = rows;
      this.types = fields.stream().map(field -> field.rule().type()).toList();
      this.places = fields.stream().mapToInt(field -> read.indexOf(field.rule())).toArray();
    }

    void append(long n, List<FieldValue> values) throws SQLException {
      rows.beginRow();
      rows.append(n);
      for (int i = 0; i < places.length; i++) {
        FieldColumn.append(rows, types.get(i), values.get(places[i]));
      }
      rows.endRow();
    }
  }

  /// Closes several appenders, which writes their rows.
  private static final class OpenAppenders implements AutoCloseable {
    private final List<DuckDBAppender> open = new ArrayList<>();

    DuckDBAppender add(DuckDBAppender appender) {
      open.add(appender);
      return appender;
    }

    @Override
    public void close() throws SQLException {
      for (DuckDBAppender appender : open) {
        appender.close();
      }
    }
  }

  private void append(DuckDBAppender row, Envelope envelope, Rejected event) throws SQLException {
    row.beginRow();
    row.append(events).append(messages).append(event.reason().label());
    row.append(EncodableText.of(event.detail())).append(orNull(event.id().map(EncodableText::of)));
    row.append(EncodableText.of(event.text()));
    row.append(envelope.messageId()).appendEpochMicros(FieldColumn.micros(envelope.sentAt()));
    row.endRow();
  }

  private static @Nullable String orNull(Optional<String> text) {
    return text.orElse(null);
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
