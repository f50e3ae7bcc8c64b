package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentVariablesTest {
  @Test
  void reportsAllMissingVariablesTogether() {
    EnvironmentVariables variables =
        new EnvironmentVariables(Map.of("SET", "value", "EMPTY", "", "BLANK", " "));

    assertThat(variables.required("SET")).isEqualTo("value");
    assertThatCode(variables::check).doesNotThrowAnyException();
    assertThat(variables.required("EMPTY")).isEmpty();
    assertThat(variables.required("BLANK")).isEmpty();
    assertThat(variables.required("ABSENT")).isEmpty();
    assertThat(variables.requiredNumber("NUMBER")).isEqualTo(1);
    assertThat(variables.optional("EMPTY")).isEmpty();
    assertThat(variables.optional("OPTIONAL")).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(variables::check)
        .withMessage("set these environment variables: [EMPTY, BLANK, ABSENT, NUMBER]");
  }

  @Test
  void readsTheVariablesOfTheProcess() {
    assertThat(EnvironmentVariables.ofProcess().required("PATH")).isEqualTo(System.getenv("PATH"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "1e3", "9223372036854775808", "1 "})
  void rejectsWhatIsNotAWholeNumber(String value) {
    EnvironmentVariables variables = new EnvironmentVariables(Map.of("MAX_BYTES", value));

    assertThatIllegalStateException()
        .isThrownBy(() -> variables.requiredNumber("MAX_BYTES"))
        .withMessageContaining("MAX_BYTES is '" + value + "'");
    assertThatIllegalStateException().isThrownBy(() -> variables.number("MAX_BYTES", 7));
  }

  @Test
  void usesTheDefaultOnlyIfTheVariableIsNotSet() {
    EnvironmentVariables variables = new EnvironmentVariables(Map.of("MAX_BYTES", "8"));

    assertThat(variables.number("MAX_BYTES", 7)).isEqualTo(8);
    assertThat(variables.requiredNumber("MAX_BYTES")).isEqualTo(8);
    assertThat(variables.number("OTHER", 7)).isEqualTo(7);
  }
}
