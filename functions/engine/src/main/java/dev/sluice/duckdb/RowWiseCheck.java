package dev.sluice.duckdb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks that SQL derives each row from one event (and the references), by its query plan.
///
/// Otherwise a row would depend on which events are in the same batch, and on events that are
/// quarantined or repeated: `SELECT min(n) AS n, avg(value) FROM events` returns one row, whose
/// values depend on all events of the batch.
///
/// An aggregate over a reference, or over the elements of a list of the same row (`unnest(items)`
/// in a correlated subquery), has no scan of events below it, and is valid.
final class RowWiseCheck {
  /// Operators whose output rows depend on one row of each input. All others are invalid above a
  /// scan of events.
  private static final Set<String> ROW_WISE =
      Set.of(
          "PROJECTION",
          "FILTER",
          "ORDER_BY",
          "CREATE_TABLE",
          "COMPARISON_JOIN",
          "ANY_JOIN",
          "ASOF_JOIN",
          "DELIM_JOIN",
          "DEPENDENT_JOIN",
          "CROSS_PRODUCT");

  private static final Set<String> CTES = Set.of("CTE", "MATERIALIZED_CTE");

  /// Joins with at most one row for each row of the first input.
  private static final Set<String> ONE_MATCH = Set.of("SINGLE", "MARK", "SEMI", "ANTI");

  /// A call in a plan, where `count(*)` is `count_star()`.
  private static final Pattern FUNCTION = Pattern.compile("\"?(\\w+?)(?:_star)?\"?\\(");

  private static final String ONE_EVENT = "; each row must come from one event";
  private static final String OTHERWISE = ONE_EVENT + ". Use a metric, or query the table";

  private final Set<String> sources;
  private final Set<String> tables;
  private final Map<String, Set<String>> scansOfCte = new HashMap<>();
  private Optional<Violation> violation = Optional.empty();

  /// A part of the SQL that is not row-wise.
  ///
  /// @param word a word of the SQL that shows where the violation is
  /// @param hint what is invalid, and what to do
  record Violation(String word, String hint) {}

  private RowWiseCheck(Set<String> sources, Set<String> tables) {
    this.sources = sources;
    this.tables = tables;
  }

  /// Checks a plan.
  ///
  /// @param sources the tables that hold events or rows of events, like `sluice.admitted`; each may
  ///   be read once
  /// @param tables the names of tables that the SQL must not read
  static Optional<Violation> violation(QueryPlan plan, Set<String> sources, Set<String> tables) {
    RowWiseCheck check = new RowWiseCheck(sources, tables);
    check.scans(plan);
    return check.violation;
  }

  /// The sources of the rows of a plan.
  private Set<String> scans(QueryPlan plan) {
    if (CTES.contains(plan.operator())) {
      scansOfCte.put(plan.info("Table Index"), scans(plan.inputs().getFirst()));
      return scans(plan.inputs().getLast());
    }
    if (plan.operator().equals("CTE_SCAN")) {
      return scansOfCte.getOrDefault(plan.info("CTE Index"), Set.of());
    }
    if (!plan.table().isEmpty()) {
      return scansOfTable(plan.table());
    }
    if (plan.operator().startsWith("DUCKDB_")) {
      String function = plan.operator().toLowerCase(Locale.ROOT);
      add(function, "reads %s(); read events and references only".formatted(function));
    }
    Set<String> scans = new HashSet<>();
    boolean isTwice = false;
    List<Set<String>> ofInputs = plan.inputs().stream().map(this::scans).toList();
    for (Set<String> ofInput : ofInputs) {
      for (String source : ofInput) {
        isTwice |= !scans.add(source);
      }
    }
    if (!scans.isEmpty()) {
      checkOperator(plan);
      checkUnmatched(plan, ofInputs);
    }
    if (isTwice) {
      add("events", "reads events twice" + OTHERWISE);
    }
    return scans;
  }

  private Set<String> scansOfTable(String table) {
    String name = table.substring(table.indexOf('.') + 1);
    if (table.startsWith("main.") && tables.contains(name)) {
      add(name, "reads the table " + name + " of the pipeline; read events and references only");
    }
    return sources.contains(table) ? Set.of(table) : Set.of();
  }

  private void checkOperator(QueryPlan plan) {
    switch (plan.operator()) {
      case "AGGREGATE" -> add(function(plan, "GROUP"), "aggregates events" + OTHERWISE);
      case "WINDOW" -> add("OVER", "uses a window over events" + OTHERWISE);
      case "DISTINCT" -> add("DISTINCT", "uses DISTINCT on events" + OTHERWISE);
      case "LIMIT", "TOP_N" -> add("LIMIT", "limits the number of events" + OTHERWISE);
      case "UNNEST" -> addUnnest();
      case "UNION", "EXCEPT", "INTERSECT" ->
          add(plan.operator(), "combines events with other rows" + OTHERWISE);
      case "DEPENDENT_JOIN", "DELIM_JOIN" -> {
        if (!ONE_MATCH.contains(plan.info("Join Type")) && unnests(plan.inputs().getLast())) {
          addUnnest();
        }
      }
      default -> {
        if (!ROW_WISE.contains(plan.operator())) {
          add("events", "applies %s to events".formatted(plan.operator()) + OTHERWISE);
        }
      }
    }
  }

  /// A join must not keep rows of a reference that match no event.
  private void checkUnmatched(QueryPlan join, List<Set<String>> scans) {
    boolean keepsOthers =
        switch (join.info("Join Type")) {
          case "LEFT" -> scans.getFirst().isEmpty();
          case "RIGHT" -> scans.getLast().isEmpty();
          case "FULL" -> true;
          default -> false;
        };
    if (keepsOthers) {
      add(
          "JOIN",
          "keeps rows of a reference without an event"
              + ONE_EVENT
              + ". Use events LEFT JOIN the reference");
    }
  }

  private void addUnnest() {
    add(
        "unnest",
        "returns a row for each element of a list"
            + ONE_EVENT
            + ". Aggregate the elements in a subquery, or use list_transform");
  }

  private static String function(QueryPlan aggregate, String otherwise) {
    Matcher function = FUNCTION.matcher(aggregate.info("Expressions"));
    return function.find() ? function.group(1) : otherwise;
  }

  private static boolean unnests(QueryPlan plan) {
    return plan.operator().equals("UNNEST")
        || (!plan.operator().equals("AGGREGATE")
            && plan.inputs().stream().anyMatch(RowWiseCheck::unnests));
  }

  /// Keeps the first violation, which is the innermost.
  private void add(String word, String hint) {
    if (violation.isEmpty()) {
      violation = Optional.of(new Violation(word, hint));
    }
  }
}
