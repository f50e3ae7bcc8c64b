package dev.sluice.duckdb;

import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What users write, read without parsing it.
final class SqlText {
  /// A comment, a text, or a name in double quotes.
  private static final Pattern NO_CODE =
      Pattern.compile(
          "--[^\n]*|/\\*.*?\\*/|(?<!\\w)[eE]'(?:[^'\\\\]|\\\\.|'')*'|'(?:[^']|'')*'|\\$\\$.*?\\$\\$|\"(?:[^\"]|\"\")*\"",
          Pattern.DOTALL);

  private static final Pattern NO_LINE_BREAK = Pattern.compile("[^\n]");

  private SqlText() {}

  /// The SQL with blanks for comments and texts, so that everything else stands where it stood.
  static String code(String sql) {
    return NO_CODE
        .matcher(sql)
        .replaceAll(found ->
            found.group().startsWith("\"")
                ? Matcher.quoteReplacement(found.group())
                : NO_LINE_BREAK.matcher(found.group()).replaceAll(" "));
  }

  /// The line, from 1, of the character at `index`.
  static int lineAt(String sql, int index) {
    return 1 + (int) sql.substring(0, index).chars().filter(c -> c == '\n').count();
  }

  /// The index of the first place in the code where `word` stands as a whole; where there is none,
  /// in the whole text.
  static OptionalInt first(String sql, String word) {
    Pattern whole = whole(word);
    Matcher inCode = whole.matcher(code(sql));
    if (inCode.find()) {
      return OptionalInt.of(inCode.start());
    }
    Matcher anywhere = whole.matcher(sql);
    return anywhere.find() ? OptionalInt.of(anywhere.start()) : OptionalInt.empty();
  }

  /// The index of the last place in the code where `word` stands as a whole.
  static OptionalInt last(String sql, String word) {
    return whole(word).matcher(code(sql)).results().mapToInt(MatchResult::start).max();
  }

  private static Pattern whole(String word) {
    return Pattern.compile("(?i)(?<!\\w)" + Pattern.quote(word) + "(?!\\w)");
  }
}
