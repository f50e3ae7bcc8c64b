package dev.sluice.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LoadHandlerTest {
  @Test
  void reportsAllMissingEnvironmentVariables() {
    assertThatThrownBy(LoadHandler::new)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "set these environment variables: [STACK, PIPELINE, BUCKET, LEDGER");
  }
}
