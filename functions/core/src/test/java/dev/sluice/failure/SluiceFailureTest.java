package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SluiceFailureTest {
  /// A ledger item has a size limit, and a message may quote data.
  @Test
  void shortensLongMessages() {
    String longest = "x".repeat(FailureText.MAX_BYTES);
    String shortened = FailureText.shortened(longest + "y");
    Exception cause = new IllegalStateException();
    for (String message : List.of("", "short", longest)) {
      assertThat(new TransientFailure(message)).hasMessage(message);
      assertThat(new EngineFailure(message, cause)).hasMessage(message).hasCause(cause);
    }
    assertThat(new TransientFailure(longest + "y")).hasMessage(shortened);
    assertThat(new EngineFailure(longest + "y", cause)).hasMessage(shortened).hasCause(cause);
  }

  /// Lambda logs the causes, too.
  @Test
  void shortensTheMessagesOfItsCauses() {
    Exception cause = new IllegalStateException("outer", new IOException("x".repeat(900_000)));

    EngineFailure failure = new EngineFailure("short", cause);

    assertThat(failure)
        .cause()
        .hasMessage("java.lang.IllegalStateException: outer")
        .cause()
        .message()
        .startsWith("java.io.IOException: xxx")
        .hasSizeLessThanOrEqualTo(FailureText.MAX_BYTES);
  }
}
