package dev.sluice.mutation;

import dev.sluice.mutation.SqlTokens.Token;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Replaces single tokens: operators, comparisons, functions, kinds of joins, types and constants.
final class TokenChanges {
  /// The replacements of sequences of words and operators.
  private static final Map<List<String>, List<String>> REPLACEMENTS =
      Map.ofEntries(
          Map.entry(List.of("="), List.of("<>")),
          Map.entry(List.of("<>"), List.of("=")),
          Map.entry(List.of(">"), List.of(">=", "<=")),
          Map.entry(List.of(">="), List.of(">", "<")),
          Map.entry(List.of("<"), List.of("<=", ">=")),
          Map.entry(List.of("<="), List.of("<", ">")),
          Map.entry(List.of("OR"), List.of("AND")),
          Map.entry(List.of("UNION", "ALL"), List.of("UNION")),
          Map.entry(List.of("UNION", "SELECT"), List.of("UNION ALL SELECT", "EXCEPT SELECT")),
          Map.entry(List.of("DISTINCT"), List.of("")),
          Map.entry(List.of("LEFT", "JOIN"), List.of("JOIN")),
          Map.entry(List.of("SEMI", "JOIN"), List.of("ANTI JOIN", "JOIN")),
          Map.entry(List.of("IS", "NOT", "NULL"), List.of("IS NULL")),
          Map.entry(List.of("IS", "NULL"), List.of("IS NOT NULL")),
          Map.entry(List.of("IS", "FALSE"), List.of("IS TRUE", "IS NOT TRUE")),
          Map.entry(List.of("NOT", "IN"), List.of("IN")),
          Map.entry(List.of("true"), List.of("false")),
          Map.entry(List.of("false"), List.of("true")),
          Map.entry(List.of("TRY_CAST"), List.of("CAST")),
          Map.entry(List.of("min"), List.of("max")),
          Map.entry(List.of("max"), List.of("min")),
          Map.entry(List.of("sum"), List.of("avg")),
          Map.entry(List.of("list", "("), List.of("list(DISTINCT ")),
          Map.entry(List.of("first_value"), List.of("last_value")),
          Map.entry(List.of("row_number"), List.of("rank", "dense_rank")),
          Map.entry(List.of("upper"), List.of("lower")),
          Map.entry(List.of("lower"), List.of("upper")),
          Map.entry(List.of("left"), List.of("right")),
          Map.entry(List.of("starts_with"), List.of("ends_with")),
          Map.entry(List.of("regexp_full_match"), List.of("regexp_matches")),
          Map.entry(List.of("json_value"), List.of("json_extract")),
          Map.entry(List.of("DOUBLE"), List.of("FLOAT")),
          Map.entry(List.of("BIGINT"), List.of("INTEGER")),
          Map.entry(List.of("TIMESTAMPTZ"), List.of("TIMESTAMP")),
          Map.entry(List.of("TIMESTAMP"), List.of("DATE")),
          Map.entry(List.of("DATE"), List.of("TIMESTAMP")));

  private static final SortedMap<List<String>, List<String>> IN_ORDER = inOrder();

  private static final Set<String> NOT_AN_OPERAND = Set.of("SELECT", "(", ",", "[", "WHEN", "THEN");

  /// A quantifier, or a range of characters, in a regular expression.
  private static final Pattern PART_OF_REGEX =
      Pattern.compile("\\d+(?=[,}])|(?<=[)\\]])[?+]|(?<=\\w)-(?=\\w)|(?<=[\\w\\]])\\|(?=\\w)");

  private final SqlText text;
  private final SqlTokens tokens;
  private final List<SqlMutant> mutants = new ArrayList<>();

  private TokenChanges(SqlText text) {
    this.text = text;
    this.tokens = new SqlTokens(text.sql());
  }

  private static SortedMap<List<String>, List<String>> inOrder() {
    SortedMap<List<String>, List<String>> sorted =
        new TreeMap<>(Comparator.comparing(words -> String.join(" ", words)));
    sorted.putAll(REPLACEMENTS);
    return sorted;
  }

  static List<SqlMutant> of(SqlText text) {
    TokenChanges changes = new TokenChanges(text);
    for (int i = 0; i < changes.tokens.size(); i++) {
      changes.addAt(i);
    }
    return changes.mutants;
  }

  private void addAt(int i) {
    Token token = tokens.get(i);
    switch (token.kind()) {
      case NUMBER -> addNumbers(token.text(), token.start(), token.end());
      case STRING -> addStrings(token);
      case WORD, OPERATOR -> addReplacements(i);
      case QUOTED, FORMAT -> {}
    }
  }

  private void addReplacements(int i) {
    IN_ORDER.forEach((words, replacements) -> {
      boolean isSecondPart = words.size() == 1 && words.getFirst().equals("=") && isAssignment(i);
      if (tokens.at(i, words.toArray(String[]::new)) && !isSecondPart) {
        replacements.forEach(r -> add(tokens.get(i).start(), end(i, words.size()), r));
      }
    });
    if (tokens.at(i, "JOIN") && !tokens.at(i - 1, "LEFT") && !tokens.at(i - 1, "SEMI")) {
      add(tokens.get(i).start(), tokens.get(i).end(), "LEFT JOIN");
    }
    if (tokens.at(i, "NOT") && !tokens.at(i - 1, "IS") && !tokens.at(i + 1, "IN")) {
      add(tokens.get(i).start(), tokens.get(i).end(), "");
    }
    if (tokens.at(i, "IN") && !tokens.at(i - 1, "NOT")) {
      add(tokens.get(i).start(), tokens.get(i).end(), "NOT IN");
    }
    if (isBinary(i)) {
      switch (tokens.get(i).text()) {
        case "+" -> add(tokens.get(i).start(), tokens.get(i).end(), "-");
        case "-" -> add(tokens.get(i).start(), tokens.get(i).end(), "+");
        case "*" -> add(tokens.get(i).start(), tokens.get(i).end(), "/");
        default -> {}
      }
    }
    if (tokens.at(i, "::")) {
      int end = tokens.at(i + 2, "(") ? tokens.close(i + 2) + 1 : i + 2;
      add(tokens.get(i).start(), end(i, end - i), "");
    }
  }

  private boolean isAssignment(int i) {
    return tokens.at(i - 2, "SET");
  }

  private boolean isBinary(int i) {
    return i > 0
        && i + 1 < tokens.size()
        && !NOT_AN_OPERAND.contains(tokens.get(i - 1).text())
        && !tokens.at(i - 1, ".")
        && !tokens.at(i + 1, ")");
  }

  private int end(int i, int count) {
    return tokens.get(Math.min(i + count, tokens.size()) - 1).end();
  }

  private void addNumbers(String number, int start, int end) {
    if (!number.contains(".")) {
      long value = Long.parseLong(number);
      add(start, end, Long.toString(value + 1));
      if (value > 0) {
        add(start, end, Long.toString(value - 1));
      }
    }
  }

  private void addStrings(Token token) {
    String content = token.text().substring(1, token.text().length() - 1);
    if (content.startsWith("%s") || content.startsWith("\u0001")) {
      return;
    }
    if (content.contains("[")) {
      addPartsOfRegex(token);
    } else {
      add(token.start(), token.end(), content.isEmpty() ? "'x'" : "''");
    }
  }

  private void addPartsOfRegex(Token token) {
    for (MatchResult part : PART_OF_REGEX.matcher(token.text()).results().toList()) {
      int start = token.start() + part.start();
      int end = token.start() + part.end();
      switch (part.group()) {
        case "?", "-" -> add(start, end, "");
        case "+" -> add(start, end, "*");
        case "|" -> add(start, end, "");
        case String number -> addNumbers(number, start, end);
      }
    }
  }

  private void add(int start, int end, String replacement) {
    mutants.add(new SqlMutant(text, start, end, replacement));
  }
}
