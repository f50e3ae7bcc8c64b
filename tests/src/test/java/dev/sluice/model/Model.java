package dev.sluice.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The command `./sluice model`. It searches every scenario with all rules. Then, for each rule, it
/// searches the scenario of that rule with the rule switched off, which must violate an invariant.
final class Model {
  private static final String USAGE =
      """
      Usage: ./sluice model [all | small | RULE]
        all    searches every scenario, then switches off each rule (the default)
        small  searches only the small scenarios
        RULE   prints the steps that lead to a violation without this rule
      Exits with 1 if a result is not the expected one. The rules are:\
      """;

  private Model() {}

  public static void main(String[] arguments) {
    String what = arguments.length == 0 ? "all" : arguments[0];
    Optional<Rule> rule =
        Stream.of(Rule.values()).filter(r -> r.name().equalsIgnoreCase(what)).findFirst();
    if (rule.isEmpty() && !what.equals("small") && !what.equals("all")) {
      System.err.println(USAGE);
      Stream.of(Rule.values())
          .map(r -> "  " + r.name().toLowerCase(Locale.ROOT))
          .forEach(System.err::println);
      System.exit(2);
    }
    int unexpected =
        rule.isPresent()
            ? searchWithout(rule.get(), true)
            : search(Scenarios.SMALL)
                + (what.equals("all") ? search(Scenarios.LARGE) + searchWithoutEach() : 0);
    System.exit(unexpected == 0 ? 0 : 1);
  }

  private static int search(List<Scenario> scenarios) {
    int unexpected = 0;
    for (Scenario scenario : scenarios) {
      Search.Result result = search(scenario.name(), scenario, EnumSet.noneOf(Rule.class));
      result.steps().forEach(step -> System.out.println("    " + step));
      unexpected += result.holds() ? 0 : 1;
    }
    return unexpected;
  }

  private static int searchWithoutEach() {
    System.out.println("Without each rule, and without its backups (a violation is expected):");
    int unexpected = 0;
    for (Rule rule : Rule.values()) {
      unexpected += searchWithout(rule, false);
    }
    return unexpected;
  }

  private static int searchWithout(Rule rule, boolean printsSteps) {
    Search.Result result = search(rule.name(), Scenarios.thatNeeds(rule), rule.withBackups());
    if (printsSteps) {
      result.steps().forEach(step -> System.out.println("    " + step));
    }
    return result.holds() ? 1 : 0;
  }

  private static Search.Result search(String name, Scenario scenario, Set<Rule> off) {
    long began = System.nanoTime();
    Search.Result result = Search.of(scenario, off);
    System.out.printf(
        Locale.ROOT,
        "%-26s %,12d states %,13d transitions %7.1f s  %s%n",
        name,
        result.states(),
        result.edges(),
        (System.nanoTime() - began) / 1e9,
        result.holds()
            ? "no violation"
            : "violated after " + result.steps().size() + " steps: " + result.violation());
    return result;
  }
}
