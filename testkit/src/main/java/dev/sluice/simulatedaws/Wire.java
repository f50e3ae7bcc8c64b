package dev.sluice.simulatedaws;

import java.io.IOException;

/// Transports a request to AWS and returns the response.
public interface Wire {
  /// The wire for the calls of the current thread.
  ScopedValue<Wire> CURRENT = ScopedValue.newInstance();

  /// Sends a request.
  ///
  /// @throws IOException if no response arrives; the request may have taken effect
  Response send(Request request) throws IOException;
}
