package dev.sluice.failure;

/// The engine could not digest the data of this plan. It counts against the plan: after three such
/// attempts the plan is halved, and a single chunk is parked.
public final class EngineFailure extends PermanentFailure {
  public EngineFailure(String message) {
    super(message);
  }

  public EngineFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
