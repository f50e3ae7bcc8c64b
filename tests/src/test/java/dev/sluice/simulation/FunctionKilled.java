package dev.sluice.simulation;

/// Ends a function that was killed. It is an Error, so that no `catch` of the product handles it.
final class FunctionKilled extends Error {
  private static final long serialVersionUID = 1;

  FunctionKilled(String function) {
    super(function + " was killed", null, false, false);
  }
}
