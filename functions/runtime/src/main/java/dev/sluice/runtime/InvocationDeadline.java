package dev.sluice.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import dev.sluice.deadline.Deadline;
import java.time.Duration;

/// The deadline of the current invocation of a function. There is none before the first one.
///
/// One invocation at a time, as in Lambda.
public final class InvocationDeadline implements Deadline {
  private volatile Deadline current = Deadline.NONE;

  /// Begins an invocation.
  public void begin(Context context) {
    current = () -> Duration.ofMillis(context.getRemainingTimeInMillis());
  }

  @Override
  public Duration remaining() {
    return current.remaining();
  }
}
