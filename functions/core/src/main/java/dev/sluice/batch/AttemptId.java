package dev.sluice.batch;

import java.util.UUID;

/// Names one attempt at a plan, for ever: a fresh UUID.
public record AttemptId(String value) {
  public static AttemptId of(UUID id) {
    return new AttemptId(id.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
