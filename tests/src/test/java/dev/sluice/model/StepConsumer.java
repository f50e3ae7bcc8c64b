package dev.sluice.model;

/// Receives the steps that are possible in a state.
@FunctionalInterface
interface StepConsumer {
  /// Receives one step.
  ///
  /// @param name what happens, in the words of docs/protocol.md
  /// @param next the state after the step; the callee may change it
  void step(String name, State next);
}
