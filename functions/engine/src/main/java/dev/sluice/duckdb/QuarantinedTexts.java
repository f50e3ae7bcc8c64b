package dev.sluice.duckdb;

import dev.sluice.chunk.ChunkReader;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.event.Admission;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBAppender;

/// Reads the chunks a second time for the verbatim texts of quarantined events, which the working
/// tables hold in normalized form only. Messages without such events are skipped.
final class QuarantinedTexts {
  private final Admitter admitter;
  private final List<Wanted> wanted;
  private int next;
  private int m;

  /// @param wanted the events, sorted by message and number
  QuarantinedTexts(Admitter admitter, List<Wanted> wanted) {
    this.admitter = admitter;
    this.wanted = wanted;
  }

  /// Event `n`, which is event number `place` (from 0) of message `message`.
  record Wanted(long n, int message, int place) {}

  /// Fills `sluice.texts`.
  void load(DuckDb db, List<LocalChunk> chunks) throws SQLException {
    if (wanted.isEmpty()) {
      return;
    }
    try (DuckDBAppender rows = db.appender("sluice", "texts")) {
      for (LocalChunk file : chunks) {
        try (ChunkReader chunk = file.open()) {
          load(chunk, rows);
        }
      }
    }
  }

  private void load(ChunkReader chunk, DuckDBAppender rows) throws SQLException {
    while (next < wanted.size()) {
      if (wanted.get(next).message != m) {
        if (!chunk.skip()) {
          return;
        }
      } else {
        Optional<Envelope> envelope = chunk.next();
        if (envelope.isEmpty()) {
          return;
        }
        append(envelope.get(), rows);
      }
      m++;
    }
  }

  private void append(Envelope envelope, DuckDBAppender rows) throws SQLException {
    List<Admission> events = admitter.admit(envelope);
    for (; next < wanted.size() && wanted.get(next).message == m; next++) {
      rows.beginRow();
      rows.append(wanted.get(next).n);
      rows.append(EncodableText.of(events.get(wanted.get(next).place).text()));
      rows.endRow();
    }
  }
}
