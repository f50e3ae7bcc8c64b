package dev.sluice.batch;

import java.util.UUID;

/// The id of one plan: a random UUID.
public record PlanId(String value) {
  public static PlanId of(UUID id) {
    return new PlanId(id.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
