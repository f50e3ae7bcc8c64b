package dev.sluice.duckdb;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in the SQL of a user DuckDB found an error.
///
/// @param line of the text, from 1
/// @param column of that line, from 1; empty when DuckDB does not tell
/// @param pastEnd whether DuckDB stumbled over what Sluice writes after the text
record SqlPosition(int line, OptionalInt column, boolean pastEnd) {
  private static final Pattern TOLD = Pattern.compile("(LINE (\\d+): )([^\n]*)\n( *)\\^");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:Binder|Catalog|Permission) Error[^\"]*\"([^\"]+)\"|Malformed JSON[^\"]*\"([^\"]+)\"|(?:Type|Sequence) with name (\\S+)");
  private static final String CUT = "...";
  private static final int MAX_SHOWN = 120;

  /// Finds the place.
  ///
  /// @param linesBefore how many lines of ours stood before the first of `sql`
  /// @param message as DuckDB gives it
  static SqlPosition of(String sql, int linesBefore, String message) {
    List<String> lines = sql.stripTrailing().lines().toList();
    SqlPosition end = new SqlPosition(Math.max(1, lines.size()), OptionalInt.empty(), true);
    Matcher told = TOLD.matcher(message);
    if (!told.find()) {
      return message.contains("at end of input") ? end : named(sql, message);
    }
    int line = Integer.parseInt(told.group(2)) - linesBefore;
    if (line > lines.size()) {
      return end;
    }
    if (line < 1) {
      return new SqlPosition(1, OptionalInt.empty(), false);
    }
    int column = told.group(4).length() - told.group(1).length();
    return new SqlPosition(line, column(lines.get(line - 1), told.group(3), column), false);
  }

  /// DuckDB shows a long line in part.
  private static OptionalInt column(String line, String shown, int column) {
    int cut = shown.startsWith(CUT) ? CUT.length() : 0;
    int end = shown.endsWith(CUT) ? shown.length() - CUT.length() : shown.length();
    int start = end < cut ? -1 : line.indexOf(shown.substring(cut, end));
    return start < 0 ? OptionalInt.empty() : OptionalInt.of(start + column - cut + 1);
  }

  /// Where DuckDB tells no place of a wrong text it tells a name; of a wrong value it tells
  /// neither.
  private static SqlPosition named(String sql, String message) {
    Matcher name = NAMED.matcher(message);
    OptionalInt index = name.find() ? SqlText.first(sql, group(name)) : OptionalInt.empty();
    if (index.isEmpty()) {
      return new SqlPosition(1, OptionalInt.empty(), false);
    }
    int at = index.getAsInt();
    int column = at - sql.lastIndexOf('\n', at - 1);
    return new SqlPosition(SqlText.lineAt(sql, at), OptionalInt.of(column), false);
  }

  private static String group(Matcher name) {
    for (int i = 1; i <= name.groupCount(); i++) {
      if (name.group(i) != null) {
        return name.group(i);
      }
    }
    return "";
  }

  /// The line, or of a long one the part around the column.
  String shown(String sql) {
    String text = sql.lines().skip(line - 1L).findFirst().orElse("");
    if (text.length() <= MAX_SHOWN) {
      return text.strip();
    }
    int start = Math.clamp(column.orElse(1) - MAX_SHOWN / 2L, 0, text.length() - MAX_SHOWN);
    return text.substring(start, start + MAX_SHOWN).strip();
  }
}
