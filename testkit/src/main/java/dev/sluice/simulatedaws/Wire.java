package dev.sluice.simulatedaws;

import java.io.IOException;

/// What carries a request to AWS and its answer back.
public interface Wire {
  /// The wire of the calls that this thread makes.
  ScopedValue<Wire> CURRENT = ScopedValue.newInstance();

  /// Sends `request`.
  ///
  /// @throws IOException when no answer comes back, whatever became of the request
  Response send(Request request) throws IOException;
}
