package dev.sluice.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.failure.TransientFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The contract of a Lambda function's start: it requires its environment variables, reports all
/// that are missing together, and logs the failure.
public abstract class HandlerContract {
  private static final Map<String, String> OF_EVERY_FUNCTION =
      Map.of(
          "AWS_REGION", "eu-central-1",
          "STACK", "shop",
          "PIPELINE", "orders",
          "BUCKET", "lake",
          "LEDGER", "ledger");

  private final PrintStream console = System.out;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  /// The required variables that only this function has.
  protected abstract Map<String, String> requiredByThisFunction();

  /// Creates the handler in a process that has these variables.
  protected abstract Object start(Map<String, String> variables);

  /// Invokes a handler in a function that still has `milliseconds`.
  protected abstract void invoke(Object handler, int milliseconds);

  @BeforeEach
  void captureTheLog() {
    System.setOut(new PrintStream(log, true, UTF_8));
  }

  @AfterEach
  void restoreTheConsole() {
    System.setOut(console);
  }

  @Test
  void startsWithTheRequiredVariables() {
    assertThat(start(required())).isNotNull();

    assertThat(log.toString(UTF_8)).isEmpty();
  }

  /// The calls of a function end before its time does, so without time it makes none.
  @Test
  void makesNoCallWithoutTime() {
    Object handler = start(required());

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> invoke(handler, 0))
        .withMessageContaining("the function has no time left for this call");
  }

  @Test
  void reportsEachMissingVariable() {
    for (String name : required().keySet()) {
      Map<String, String> others = required();
      others.remove(name);
      log.reset();

      assertThatIllegalStateException()
          .isThrownBy(() -> start(others))
          .withMessage("set these environment variables: [" + name + "]");

      assertThat(log.toString(UTF_8).lines())
          .singleElement()
          .asString()
          .contains("\"level\":\"ERROR\"", "set these environment variables: [" + name + "]");
    }
  }

  @Test
  void reportsAllMissingVariablesTogether() {
    assertThatIllegalStateException()
        .isThrownBy(() -> start(Map.of()))
        .satisfies(failure -> assertThat(failure).hasMessageContainingAll(names()));
  }

  private String[] names() {
    return required().keySet().toArray(String[]::new);
  }

  protected final Map<String, String> required() {
    Map<String, String> all = new HashMap<>(OF_EVERY_FUNCTION);
    all.putAll(requiredByThisFunction());
    return all;
  }
}
