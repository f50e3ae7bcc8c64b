package dev.sluice.transform;

import java.beans.ConstructorProperties;
import java.util.Objects;

/// The input of Transform in the state machine.
///
/// @param tick the id of the execution
/// @param leaseSeconds how long Transform and Load may run together
public record TransformRequest(String tick, long leaseSeconds) {
  // Lambda's JSON reader does not find the constructor of a record by itself.
  @ConstructorProperties({"tick", "leaseSeconds"})
  public TransformRequest {
    // Lambda's JSON reader ignores missing fields.
    if (Objects.requireNonNullElse(tick, "").isBlank() || leaseSeconds < 1) {
      throw new IllegalArgumentException(
          "the input of Transform needs a tick and leaseSeconds of at least 1: {\"tick\": %s, \"leaseSeconds\": %d}"
              .formatted(tick, leaseSeconds));
    }
  }
}
