package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SluiceFailureTest {
  /// A ledger item has a size limit, and a message may quote data.
  @Test
  void shortensLongMessages() {
    String longest = "x".repeat(2_000);
    Exception cause = new IllegalStateException();
    for (String message : List.of("", "short", longest)) {
      assertThat(new TransientFailure(message)).hasMessage(message);
      assertThat(new EngineFailure(message, cause)).hasMessage(message).hasCause(cause);
    }
    assertThat(new TransientFailure(longest + "y")).hasMessage(longest + "… (2,001 characters)");
    assertThat(new EngineFailure(longest + "y", cause))
        .hasMessage(longest + "… (2,001 characters)")
        .hasCause(cause);
  }
}
