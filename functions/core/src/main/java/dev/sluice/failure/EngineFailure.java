package dev.sluice.failure;

/// The engine could not process the data of a plan. The attempt counts: after three such attempts
/// the plan is halved; if it has a single chunk, that chunk is parked.
public final class EngineFailure extends PermanentFailure {
  public EngineFailure(String message) {
    super(message);
  }

  public EngineFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
