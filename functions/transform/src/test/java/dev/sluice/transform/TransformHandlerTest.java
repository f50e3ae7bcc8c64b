package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TransformHandlerTest {
  @Test
  void reportsAllMissingEnvironmentVariablesBeforeItReadsThePipeline() {
    assertThatThrownBy(TransformHandler::new)
        .hasStackTraceContaining(
            "set these environment variables: [STACK, PIPELINE, BUCKET, LEDGER");
  }
}
