package dev.sluice.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// `./sluice model`: searches every scenario with all rules, then leaves out each rule and shows
/// what goes wrong. `./sluice model small` keeps to what every build searches; `./sluice model
/// RULE` prints, step by step, what goes wrong without that rule.
final class Model {
  private Model() {}

  public static void main(String[] arguments) {
    String what = arguments.length == 0 ? "all" : arguments[0];
    Optional<Rule> rule =
        Stream.of(Rule.values()).filter(r -> r.name().equalsIgnoreCase(what)).findFirst();
    if (rule.isEmpty() && !what.equals("small") && !what.equals("all")) {
      System.err.println("usage: ./sluice model [all | small | RULE]; the rules are");
      Stream.of(Rule.values())
          .map(r -> r.name().toLowerCase(Locale.ROOT))
          .forEach(System.err::println);
      System.exit(2);
    }
    int surprises =
        rule.isPresent()
            ? without(rule.get(), true)
            : search(Scenarios.SMALL)
                + (what.equals("all") ? search(Scenarios.LARGE) + withoutEach() : 0);
    System.exit(surprises == 0 ? 0 : 1);
  }

  private static int search(List<Scenario> scenarios) {
    int surprises = 0;
    for (Scenario scenario : scenarios) {
      Search.Result result = told(scenario.name(), scenario, EnumSet.noneOf(Rule.class));
      result.steps().forEach(step -> System.out.println("    " + step));
      surprises += result.holds() ? 0 : 1;
    }
    return surprises;
  }

  private static int withoutEach() {
    System.out.println("without a rule (and what else keeps out the same problems):");
    int surprises = 0;
    for (Rule rule : Rule.values()) {
      surprises += without(rule, false);
    }
    return surprises;
  }

  private static int without(Rule rule, boolean stepByStep) {
    Search.Result result = told(rule.name(), Scenarios.thatNeeds(rule), rule.withItsBraces());
    if (stepByStep) {
      result.steps().forEach(step -> System.out.println("    " + step));
    }
    return result.holds() ? 1 : 0;
  }

  private static Search.Result told(String name, Scenario scenario, Set<Rule> off) {
    long began = System.nanoTime();
    Search.Result result = Search.of(scenario, off);
    System.out.printf(
        Locale.ROOT,
        "%-26s %,12d states %,13d steps %7.1f s  %s%n",
        name,
        result.states(),
        result.edges(),
        (System.nanoTime() - began) / 1e9,
        result.holds() ? "holds" : result.steps().size() + " steps: " + result.wrong());
    return result;
  }
}
