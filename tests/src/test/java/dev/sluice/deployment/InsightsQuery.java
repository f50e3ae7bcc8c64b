package dev.sluice.deployment;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A query of CloudWatch Logs Insights.
record InsightsQuery(String text) {
  /// Functions and keywords.
  private static final Set<String> KEYWORDS =
      Set.of(
          "SOURCE",
          "filter",
          "fields",
          "sort",
          "limit",
          "stats",
          "as",
          "by",
          "and",
          "or",
          "like",
          "asc",
          "desc",
          "ispresent",
          "count",
          "sum",
          "avg",
          "min",
          "max",
          "pct",
          "bin");

  /// The fields that it reads, without those that Lambda writes and those that it computes.
  List<String> fields() {
    Set<String> known = new TreeSet<>(KEYWORDS);
    Pattern.compile("\\bas (\\w+)").matcher(text).results().forEach(m -> known.add(m.group(1)));
    return words(text).stream()
        .filter(word ->
            !known.contains(word)
                && !word.startsWith("@")
                && !word.equals("type")
                && !word.startsWith("record."))
        .toList();
  }

  /// The words of a text without numbers, durations and quoted strings.
  static List<String> words(String text) {
    return Pattern.compile("[@A-Za-z][\\w.]*")
        .matcher(text.replaceAll("\"[^\"]*\"|'[^']*'", "").replaceAll("\\b\\d\\w*", ""))
        .results()
        .map(MatchResult::group)
        .toList();
  }
}
