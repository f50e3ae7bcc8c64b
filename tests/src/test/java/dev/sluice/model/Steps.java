package dev.sluice.model;

/// Where the steps that a state allows are told.
@FunctionalInterface
interface Steps {
  /// Tells one step.
  ///
  /// @param name what happens, in the words of docs/protocol.md
  /// @param next the state after it, which the callee keeps
  void step(String name, State next);
}
