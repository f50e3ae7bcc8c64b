package dev.sluice.aws;

import dev.sluice.failure.DiskFull;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.failure.TransientFailure;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/// Converts SDK exceptions into failures that name the attempted call.
public final class Calls {
  private Calls() {}

  /// Makes a call.
  ///
  /// @throws TransientFailure if the service fails, rejects the call or cannot be reached
  /// @throws DiskFull if the response cannot be written to the disk
  public static <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException failed) {
      throw failure(what, failed);
    }
  }

  private static SluiceFailure failure(String what, SdkException failed) {
    String message = what + ": " + failed.getMessage();
    return DiskFull.isCauseOf(failed)
        ? new DiskFull(message, failed)
        : new TransientFailure(message, failed);
  }
}
