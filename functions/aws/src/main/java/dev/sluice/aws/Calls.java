package dev.sluice.aws;

import dev.sluice.failure.TransientFailure;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/// Converts SDK exceptions into failures that name the attempted call.
public final class Calls {
  private Calls() {}

  /// Makes a call.
  ///
  /// @throws TransientFailure if the service fails, rejects the call or cannot be reached
  public static <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException failed) {
      throw new TransientFailure(what + ": " + failed.getMessage(), failed);
    }
  }
}
