package dev.sluice.mutation;

import dev.sluice.mutation.SqlTokens.Kind;
import dev.sluice.mutation.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Removes and exchanges parts of statements: conditions, sort keys, limits, arguments and columns.
final class ClauseChanges {
  /// Words before a parenthesis that is not the list of a function's arguments.
  private static final Set<String> NOT_FUNCTIONS =
      Set.of(
          "IN",
          "AS",
          "USING",
          "EXCLUDE",
          "FILTER",
          "NOT",
          "AND",
          "OR",
          "WHEN",
          "EXPLAIN",
          "COPY",
          "OVER",
          "DECIMAL",
          "FROM",
          "JOIN",
          "SELECT",
          "CAST",
          "TRY_CAST",
          "THEN",
          "ELSE",
          "WHERE",
          "COLUMNS",
          "PARTITION_BY",
          "STRUCT");

  private final SqlText text;
  private final SqlTokens tokens;
  private final List<SqlMutant> mutants = new ArrayList<>();

  private ClauseChanges(SqlText text) {
    this.text = text;
    this.tokens = new SqlTokens(text.sql());
  }

  static List<SqlMutant> of(SqlText text) {
    ClauseChanges changes = new ClauseChanges(text);
    for (int i = 0; i < changes.tokens.size(); i++) {
      changes.addAt(i);
    }
    return changes.mutants;
  }

  private void addAt(int i) {
    switch (tokens.get(i).text()) {
      case "WHERE", "HAVING" -> addCondition(i);
      case "AND", "OR" -> addTerms(i);
      case "WHEN" -> addBranch(i);
      case "LIMIT", "GROUP" -> replace(i, tokens.end(i + 1 + (tokens.at(i + 1, "BY") ? 1 : 0)), "");
      case "ORDER" -> addSortKeys(i, "LIMIT");
      case "PARTITION" -> addSortKeys(i, "ORDER");
      case "FILTER" -> replace(i, tokens.close(i + 1) + 1, "");
      case "SELECT" -> addColumns(i);
      case "(" -> addArguments(i);
      default -> {}
    }
  }

  private void addCondition(int i) {
    int end = tokens.end(i + 1);
    if (end > i + 1) {
      replace(i, end, "");
    }
  }

  /// Removes the left and the right operand of AND and OR.
  private void addTerms(int i) {
    if (isOfBetween(i) || i == 0) {
      return;
    }
    String[] ends =
        tokens.at(i, "AND") ? new String[] {"AND", "OR", ","} : new String[] {"OR", ","};
    int begin = tokens.begin(i, ends);
    int end = tokens.end(i + 1, ends);
    if (begin < i) {
      replace(begin, i + 1, "");
    }
    if (end > i + 1) {
      replace(i, end, "");
    }
  }

  private boolean isOfBetween(int i) {
    return tokens.at(i - 2, "BETWEEN") || tokens.at(i - 4, "BETWEEN");
  }

  private void addBranch(int i) {
    int then = tokens.end(i + 1);
    if (tokens.at(then, "THEN") && then > i + 1) {
      replace(i + 1, then, "true");
      replace(i + 1, then, "false");
    }
  }

  /// Removes all sort keys, removes single ones if there are several, and reverses each one.
  private void addSortKeys(int i, String... ends) {
    if (!tokens.at(i + 1, "BY")) {
      return;
    }
    int end = tokens.end(i + 2, ends);
    replace(i, end, "");
    List<int[]> keys = items(i + 2, end);
    for (int k = 0; k < keys.size(); k++) {
      int[] key = keys.get(k);
      if (tokens.at(i, "ORDER") && key[1] > key[0]) {
        int at = tokens.get(key[1] - 1).end();
        mutants.add(new SqlMutant(text, at, at, " DESC"));
      }
      if (keys.size() > 1) {
        boolean isLast = k == keys.size() - 1;
        replace(isLast ? key[0] - 1 : key[0], isLast ? key[1] : key[1] + 1, "");
      }
    }
    addExchanges(i + 2);
  }

  /// Exchanges columns, except those of a subquery, which are read by name.
  private void addColumns(int i) {
    if (!tokens.at(i - 1, "(")) {
      addExchanges(tokens.at(i + 1, "DISTINCT") ? i + 2 : i + 1);
    }
  }

  /// Exchanges the arguments of a function, and replaces its call by the first argument.
  private void addArguments(int open) {
    if (!tokens.at(open + 1, "SELECT")) {
      addExchanges(open + 1);
    }
    boolean isCall =
        open > 0
            && tokens.get(open - 1).kind() == Kind.WORD
            && !NOT_FUNCTIONS.contains(tokens.get(open - 1).text())
            && !tokens.at(open - 2, "MACRO")
            && !tokens.at(open - 2, "TABLE");
    int close = tokens.close(open);
    if (isCall && close > open + 1 && !tokens.at(open + 1, "*") && close < tokens.size()) {
      int[] first = items(open + 1, close).getFirst();
      if (first[1] > first[0]) {
        replace(open - 1, close + 1, sql(first[0], first[1]));
      }
    }
  }

  /// Exchanges each pair of adjacent items of a list.
  private void addExchanges(int from) {
    if (from >= tokens.size()) {
      return;
    }
    int end = tokens.end(from, "ORDER");
    List<int[]> items = items(from, Math.max(from, endOfList(end)));
    for (int k = 0; k + 1 < items.size(); k++) {
      int[] left = items.get(k);
      int[] right = items.get(k + 1);
      if (left[1] > left[0] && right[1] > right[0]) {
        replace(left[0], right[1], sql(right[0], right[1]) + ", " + sql(left[0], left[1]));
      }
    }
  }

  /// Skips the alias of a column: `AS name`.
  private int endOfList(int end) {
    int i = end;
    while (tokens.at(i, "AS")) {
      i = tokens.end(i + 1, "ORDER");
    }
    return i;
  }

  private List<int[]> items(int from, int end) {
    List<int[]> items = new ArrayList<>();
    int begin = from;
    int depth = from < tokens.size() ? tokens.get(from).depth() : 0;
    for (int i = from; i < end; i++) {
      Token token = tokens.get(i);
      if (token.is(",") && token.depth() == depth) {
        items.add(new int[] {begin, i});
        begin = i + 1;
      }
    }
    items.add(new int[] {begin, end});
    return items;
  }

  private String sql(int from, int to) {
    return text.sql().substring(tokens.get(from).start(), tokens.get(to - 1).end());
  }

  private void replace(int from, int to, String replacement) {
    int end = Math.min(to, tokens.size());
    if (end > from) {
      mutants.add(
          new SqlMutant(text, tokens.get(from).start(), tokens.get(end - 1).end(), replacement));
    }
  }
}
