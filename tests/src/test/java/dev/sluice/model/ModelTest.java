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
  void holdsWithAllRules(Scenario scenario) {
    Search.Result result = Search.of(scenario, EnumSet.noneOf(Rule.class));

    assertThat(result.wrong()).as("%s", result.steps()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void goesWrongWithoutTheRule(Rule rule) {
    Search.Result result = Search.of(Scenarios.thatNeeds(rule), rule.withItsBraces());

    assertThat(result.wrong()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("backedUp")
  void holdsWithoutARuleThatIsBackedUp(Rule rule) {
    Search.Result result = Search.of(Scenarios.thatNeeds(rule), Set.of(rule));

    assertThat(result.wrong()).as("%s", result.steps()).isEmpty();
  }

  /// Else the rule would prove nothing: without its braces it still keeps out what it is for.
  @ParameterizedTest
  @MethodSource("backedUp")
  void theRuleAloneKeepsOutWhatItIsFor(Rule rule) {
    Set<Rule> braces = EnumSet.copyOf(rule.withItsBraces());
    braces.remove(rule);

    Search.Result alone = Search.of(Scenarios.thatNeeds(rule), braces);

    assertThat(alone.wrong())
        .as("%s", alone.steps())
        .isNotEqualTo(Search.of(Scenarios.thatNeeds(rule), rule.withItsBraces()).wrong());
  }

  private static Stream<Rule> backedUp() {
    return Stream.of(Rule.values()).filter(Rule::isBackedUp);
  }
}
