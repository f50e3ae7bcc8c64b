package dev.sluice.simulation;

/// A process is gone. An error, because no `catch` of the code can see it.
final class FunctionKilled extends Error {
  private static final long serialVersionUID = 1;

  FunctionKilled(String who) {
    super(who + " died", null, false, false);
  }
}
