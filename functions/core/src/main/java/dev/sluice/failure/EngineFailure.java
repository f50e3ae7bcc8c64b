package dev.sluice.failure;

/// The engine could not process the data of a plan. The attempt counts: after three such attempts
/// the plan is halved, and a plan with a single chunk parks it.
public final class EngineFailure extends PermanentFailure {
  public EngineFailure(String message) {
    super(message);
  }

  public EngineFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
