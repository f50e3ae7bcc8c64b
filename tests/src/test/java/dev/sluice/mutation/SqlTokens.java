package dev.sluice.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tokens of a text with SQL, without spaces and comments. The text may be a part of a
/// statement and contain placeholders of `String.format`.
final class SqlTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\n]*|(?<string>'(?:[^']|'')*')|(?<quoted>\"[^\"]*\")|(?<format>%(?:\\d+\\$)?[sd]|\u0001)"
              + "|(?<number>\\b\\d+(?:\\.\\d+)?)|(?<word>[A-Za-z_]\\w*(?:\\.\\w+)*)"
              + "|(?<operator><>|>=|<=|::|\\|\\||->>|%%|[^\\s])",
          Pattern.DOTALL);

  /// Words that begin the next clause.
  private static final Set<String> CLAUSES =
      Set.of(
          "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "WINDOW", "JOIN", "LEFT",
          "SEMI", "USING", "THEN", "ELSE", "END", "WHEN", "AS", "INTO", "TO");

  /// @param depth the number of parentheses and brackets around the token
  record Token(Kind kind, String text, int start, int end, int depth) {
    boolean is(String expected) {
      return text.equals(expected);
    }
  }

  enum Kind {
    STRING,
    QUOTED,
    FORMAT,
    NUMBER,
    WORD,
    OPERATOR
  }

  private final List<Token> tokens = new ArrayList<>();

  SqlTokens(String sql) {
    int depth = 0;
    Matcher matcher = TOKEN.matcher(sql);
    while (matcher.find()) {
      String text = matcher.group();
      if (text.startsWith("--")) {
        continue;
      }
      if (text.equals(")") || text.equals("]")) {
        depth--;
      }
      tokens.add(new Token(kind(matcher), text, matcher.start(), matcher.end(), depth));
      if (text.equals("(") || text.equals("[")) {
        depth++;
      }
    }
  }

  private static Kind kind(Matcher matcher) {
    for (Kind kind : Kind.values()) {
      if (matcher.group(kind.name().toLowerCase(Locale.ROOT)) != null) {
        return kind;
      }
    }
    throw new IllegalStateException("no group matched " + matcher.group());
  }

  int size() {
    return tokens.size();
  }

  Token get(int index) {
    return tokens.get(index);
  }

  /// Whether the tokens from `index` on have these texts.
  boolean at(int index, String... texts) {
    for (int i = 0; i < texts.length; i++) {
      if (index + i < 0 || index + i >= size() || !get(index + i).is(texts[i])) {
        return false;
      }
    }
    return true;
  }

  /// The index after the last token of the operand or clause that begins at `from`.
  ///
  /// @param more words that end it, besides the next clause
  int end(int from, String... more) {
    if (from >= size()) {
      return from;
    }
    int depth = get(from).depth;
    int i = from;
    for (; i < size(); i++) {
      Token token = get(i);
      if (token.depth < depth || (token.depth == depth && ends(token, more))) {
        break;
      }
    }
    return i;
  }

  /// The index of the first token of the operand that ends before `to`.
  int begin(int to, String... more) {
    int depth = get(to).depth;
    int i = to;
    while (i > 0) {
      Token token = get(i - 1);
      if (token.depth < depth
          || (token.depth == depth && (ends(token, more) || token.is("SELECT")))) {
        break;
      }
      i--;
    }
    return i;
  }

  private static boolean ends(Token token, String... more) {
    return token.is(";")
        || (token.kind == Kind.WORD && CLAUSES.contains(token.text))
        || List.of(more).contains(token.text);
  }

  /// The index of the parenthesis that closes the one at `open`, or the number of tokens.
  int close(int open) {
    int i = open + 1;
    while (i < size() && get(i).depth > get(open).depth) {
      i++;
    }
    return i;
  }
}
