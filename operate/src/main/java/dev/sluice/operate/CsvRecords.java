package dev.sluice.operate;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The records of a CSV text (RFC 4180) after its header. The first invalid record is an
/// [OperationFailed] with its line: one that has more or fewer values than the header, one with an
/// invalid quote, or one that is not UTF-8.
///
/// Empty lines are skipped. Values are verbatim; the names of the header are trimmed.
final class CsvRecords implements Iterator<CsvRecords.Row>, AutoCloseable {
  /// A record that is appended to the text. The reader accepts a quote that is not closed; if there
  /// is one, this record becomes part of the last value.
  private static final String END = "\u0000end";

  private static final Pattern LINE = Pattern.compile("line (\\d+)");

  private final String file;
  private final String advice;
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  private final Row header;
  private long lastLine;
  private Row next;

  /// One record and the line on which it begins. At the end `values` is empty.
  record Row(long line, List<String> values) {}

  /// @param file the name in errors
  /// @param advice the end of errors, like "correct the file"
  CsvRecords(String file, Reader text, char delimiter, String advice) {
    this.file = file;
    this.advice = advice;
    this.reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(new Joined(text, new StringReader("\n" + END)));
    this.records = reader.iterator();
    Row first = read();
    this.header = new Row(first.line, first.values.stream().map(String::strip).toList());
    this.next = header.values.isEmpty() ? header : read();
  }

  /// The names of the columns; empty if the text has no records.
  Row header() {
    return header;
  }

  @Override
  public boolean hasNext() {
    return !next.values.isEmpty();
  }

  @Override
  public Row next() {
    Row row = next;
    if (row.values.size() != header.values.size()) {
      throw invalid(
          row.line,
          "has %d values, but the header has %d columns"
              .formatted(row.values.size(), header.values.size()));
    }
    next = read();
    return row;
  }

  private Row read() {
    CsvRecord record;
    try {
      record = records.next();
    } catch (CsvParseException malformed) {
      throw invalid(malformed);
    } catch (UncheckedIOException unreadable) {
      throw unreadable(unreadable);
    }
    lastLine = record.getStartingLineNumber();
    String last = record.getField(record.getFieldCount() - 1);
    if (record.getFieldCount() == 1 && last.equals(END)) {
      return new Row(lastLine, List.of());
    }
    if (last.endsWith(END)) {
      throw invalid(lastLine, "a quote in this record is not closed");
    }
    return new Row(lastLine, record.getFields());
  }

  private OperationFailed invalid(CsvParseException malformed) {
    Matcher line = LINE.matcher(String.valueOf(malformed.getMessage()));
    String cause = malformed.getCause() == null ? "" : malformed.getCause().getMessage() + "; ";
    return invalid(
        line.find() ? Long.parseLong(line.group(1)) : lastLine + 1,
        cause + "double a quote inside a quoted value");
  }

  private OperationFailed unreadable(UncheckedIOException unreadable) {
    Throwable cause = unreadable.getCause();
    return invalid(
        lastLine + 1,
        cause instanceof CharacterCodingException
            ? "this record or one of the next is not UTF-8; save the file as UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8"
            : String.valueOf(unreadable.getMessage()));
  }

  /// The error of a record.
  OperationFailed invalid(long line, String what) {
    return new OperationFailed("%s:%d: %s: %s".formatted(file, line, what, advice));
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /// One text after the other.
  private static final class Joined extends Reader {
    private final Reader first;
    private final Reader second;
    private boolean isFirst = true;

    Joined(Reader first, Reader second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = isFirst ? first.read(buffer, offset, length) : -1;
      if (count >= 0) {
        return count;
      }
      isFirst = false;
      return second.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      first.close();
      second.close();
    }
  }
}
