package dev.sluice.duckdb;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The place of an error of DuckDB in the SQL of a pipeline.
///
/// @param line of the text, from 1
/// @param column of that line, from 1; empty if it is not known
/// @param pastEnd whether the error is in what Sluice writes after the text
record SqlPosition(int line, OptionalInt column, boolean pastEnd) {
  private static final Pattern PLACE = Pattern.compile("(LINE (\\d+): )([^\n]*)\n( *)\\^");
  private static final Pattern NAME =
      Pattern.compile(
          "(?:Binder|Catalog|Permission) Error: (?:(?:Type|Sequence) with name (\\S+)|.*?\"([^\"]+)\")"
              + "|Malformed JSON.*?Input: \"(.+)\"",
          Pattern.DOTALL);
  private static final String CUT = "...";
  private static final int MAX_SHOWN = 120;

  /// Finds the place.
  ///
  /// @param linesBefore the number of lines before the first line of `sql` in the statement
  /// @param message the whole message of DuckDB
  static SqlPosition of(String sql, int linesBefore, String message) {
    List<String> lines = sql.stripTrailing().lines().toList();
    SqlPosition end = new SqlPosition(Math.max(1, lines.size()), OptionalInt.empty(), true);
    Matcher place = PLACE.matcher(message);
    if (!place.find()) {
      return message.contains("at end of input") ? end : ofName(sql, message);
    }
    int line = Integer.parseInt(place.group(2)) - linesBefore;
    if (line > lines.size()) {
      return end;
    }
    if (line < 1) {
      return ofName(sql, message);
    }
    int column = place.group(4).length() - place.group(1).length();
    return new SqlPosition(line, column(lines.get(line - 1), place.group(3), column), false);
  }

  /// The column in the whole line; DuckDB shows only a part of a long line.
  private static OptionalInt column(String line, String shown, int column) {
    int cut = shown.startsWith(CUT) ? CUT.length() : 0;
    int end = shown.endsWith(CUT) ? shown.length() - CUT.length() : shown.length();
    int start = end < cut ? -1 : line.indexOf(shown.substring(cut, end));
    return start < 0 ? OptionalInt.empty() : OptionalInt.of(start + column - cut + 1);
  }

  /// The place of the name in the message, for errors of DuckDB without a line.
  private static SqlPosition ofName(String sql, String message) {
    OptionalInt index =
        NAME.matcher(message)
            .results()
            .flatMap(found -> IntStream.rangeClosed(1, found.groupCount()).mapToObj(found::group))
            .filter(Objects::nonNull)
            .mapToInt(name -> SqlText.first(sql, name).orElse(-1))
            .filter(at -> at >= 0)
            .findFirst();
    if (index.isEmpty()) {
      return new SqlPosition(1, OptionalInt.empty(), false);
    }
    int at = index.getAsInt();
    int column = at - sql.lastIndexOf('\n', at - 1);
    return new SqlPosition(SqlText.lineAt(sql, at), OptionalInt.of(column), false);
  }

  /// The line; of a long line, the part around the column.
  String shown(String sql) {
    String text = sql.lines().skip(line - 1L).findFirst().orElse("");
    if (text.length() <= MAX_SHOWN) {
      return text.strip();
    }
    int start = Math.clamp(column.orElse(1) - MAX_SHOWN / 2L, 0, text.length() - MAX_SHOWN);
    return text.substring(start, start + MAX_SHOWN).strip();
  }
}
