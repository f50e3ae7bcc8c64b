package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ExtractHandlerTest {
  @Test
  void reportsAllMissingEnvironmentVariables() {
    assertThatThrownBy(ExtractHandler::new)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "set these environment variables: [STACK, PIPELINE, MAX_MESSAGES, MAX_BYTES, QUEUE_URL,"
                + " BUCKET, LEDGER");
  }
}
