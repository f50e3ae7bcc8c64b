package dev.sluice.batch;

import java.util.UUID;

/// The id of one attempt at a plan: a random UUID.
public record AttemptId(String value) {
  public static AttemptId of(UUID id) {
    return new AttemptId(id.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
