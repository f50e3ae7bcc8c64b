package dev.sluice.duckdb;

import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds words and lines in SQL without parsing it.
final class SqlText {
  /// A comment, a string literal or a quoted name.
  private static final Pattern COMMENT_OR_QUOTED =
      Pattern.compile(
          "--[^\n]*|/\\*.*?\\*/|(?<!\\w)[eE]'(?:[^'\\\\]|\\\\.|'')*'|'(?:[^']|'')*'|\\$\\$.*?\\$\\$|\"(?:[^\"]|\"\")*\"",
          Pattern.DOTALL);

  private static final Pattern NOT_A_LINE_BREAK = Pattern.compile("[^\n]");

  private SqlText() {}

  /// The SQL with spaces for comments and string literals, so that all other characters keep their
  /// index.
  static String code(String sql) {
    return COMMENT_OR_QUOTED
        .matcher(sql)
        .replaceAll(found ->
            found.group().startsWith("\"")
                ? Matcher.quoteReplacement(found.group())
                : NOT_A_LINE_BREAK.matcher(found.group()).replaceAll(" "));
  }

  static String firstLine(String sql) {
    return sql.lines().findFirst().orElse("").strip();
  }

  /// The line, from 1, of the character at `index`.
  static int lineAt(String sql, int index) {
    return 1 + (int) sql.substring(0, index).chars().filter(c -> c == '\n').count();
  }

  /// The index of the first `word` outside comments and strings, or else the first one anywhere.
  static OptionalInt first(String sql, String word) {
    Pattern whole = whole(word);
    Matcher inCode = whole.matcher(code(sql));
    if (inCode.find()) {
      return OptionalInt.of(inCode.start());
    }
    Matcher anywhere = whole.matcher(sql);
    return anywhere.find() ? OptionalInt.of(anywhere.start()) : OptionalInt.empty();
  }

  /// Whether `word` occurs outside comments and strings.
  static boolean isInCode(String sql, String word) {
    return whole(word).matcher(code(sql)).find();
  }

  /// The index of the last `word` in the code.
  static OptionalInt last(String sql, String word) {
    return whole(word).matcher(code(sql)).results().mapToInt(MatchResult::start).max();
  }

  private static Pattern whole(String word) {
    return Pattern.compile("(?i)(?<!\\w)" + Pattern.quote(word) + "(?!\\w)");
  }
}
