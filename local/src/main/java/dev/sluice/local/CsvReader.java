package dev.sluice.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// The records of a CSV text as RFC 4180 has it: commas, values that may stand between double
/// quotes, a quote inside them doubled. Nothing is guessed; lines that are blank are passed over.
final class CsvReader implements Iterator<CsvReader.Line> {
  private final Path file;
  private final String text;
  private int at;
  private int line = 1;

  /// @param file for errors
  CsvReader(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /// @param number of the line on which it begins, from 1
  record Line(int number, List<String> values) {}

  @Override
  public boolean hasNext() {
    while (at < text.length() && isLineEnd()) {
      endLine();
    }
    return at < text.length();
  }

  @Override
  public Line next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int begin = line;
    List<String> values = new ArrayList<>();
    values.add(value());
    while (at < text.length() && text.charAt(at) == ',') {
      at++;
      values.add(value());
    }
    if (at < text.length()) {
      endLine();
    }
    return new Line(begin, values);
  }

  private String value() {
    return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
  }

  private String plain() {
    int from = at;
    while (at < text.length() && text.charAt(at) != ',' && !isLineEnd()) {
      if (text.charAt(at) == '"') {
        throw wrong(line, "a quote in the middle of a value; put the whole value in quotes");
      }
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() {
    int begin = line;
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
      }
      if (c != '"') {
        value.append(c);
      } else if (text.startsWith("\"\"", at)) {
        value.append(text.charAt(++at));
      } else {
        at++;
        if (at < text.length() && text.charAt(at) != ',' && !isLineEnd()) {
          throw wrong(line, "something stands behind a closing quote; double the quotes inside");
        }
        return value.toString();
      }
    }
    throw wrong(begin, "a quote is opened here and never closed");
  }

  private boolean isLineEnd() {
    return text.charAt(at) == '\n' || text.charAt(at) == '\r';
  }

  private void endLine() {
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
  }

  private CommandFailure wrong(int where, String what) {
    return new CommandFailure(
        "%s:%d: %s: correct the file; nothing was put".formatted(file, where, what));
  }
}
