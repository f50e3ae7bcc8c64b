package dev.sluice.transform;

import java.beans.ConstructorProperties;
import java.util.Objects;

/// What the state machine asks of Transform.
///
/// @param tick names the execution
/// @param leaseSeconds for how long Transform and Load together may run
public record TransformRequest(String tick, long leaseSeconds) {
  // Lambda's reader finds no record's constructor by itself.
  @ConstructorProperties({"tick", "leaseSeconds"})
  public TransformRequest {
    // Lambda's reader leaves out what it does not find.
    if (Objects.requireNonNullElse(tick, "").isBlank() || leaseSeconds < 1) {
      throw new IllegalArgumentException(
          "a request to Transform is {\"tick\": id, \"leaseSeconds\": at least 1}, not {\"tick\": %s, \"leaseSeconds\": %d}"
              .formatted(tick, leaseSeconds));
    }
  }
}
