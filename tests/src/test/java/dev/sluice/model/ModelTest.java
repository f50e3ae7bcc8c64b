package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelTest {
  @SuppressWarnings("unused") // by @FieldSource
  private static final List<Scenario> SMALL = Scenarios.SMALL;

  @ParameterizedTest
  @FieldSource("SMALL")
  void noInvariantIsViolatedWithAllRules(Scenario scenario) {
    Search.Result result = Search.of(scenario, EnumSet.noneOf(Rule.class));

    assertThat(result.violation()).as("%s", result.steps()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anInvariantIsViolatedWithoutTheRule(Rule rule) {
    Search.Result result = Search.of(Scenarios.thatNeeds(rule), rule.withBackups());

    assertThat(result.violation()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("rulesWithBackups")
  void noInvariantIsViolatedWithTheBackupsOfTheRule(Rule rule) {
    Search.Result result = Search.of(Scenarios.thatNeeds(rule), Set.of(rule));

    assertThat(result.violation()).as("%s", result.steps()).isEmpty();
  }

  /// Otherwise the absence of the backups alone would cause the violation, and the rule would have
  /// no effect.
  @ParameterizedTest
  @MethodSource("rulesWithBackups")
  void theRuleAlonePreventsTheViolation(Rule rule) {
    Set<Rule> backups = EnumSet.copyOf(rule.withBackups());
    backups.remove(rule);

    Search.Result alone = Search.of(Scenarios.thatNeeds(rule), backups);

    assertThat(alone.violation())
        .as("%s", alone.steps())
        .isNotEqualTo(Search.of(Scenarios.thatNeeds(rule), rule.withBackups()).violation());
  }

  private static Stream<Rule> rulesWithBackups() {
    return Stream.of(Rule.values()).filter(Rule::hasBackups);
  }
}
