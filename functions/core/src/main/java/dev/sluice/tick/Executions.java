package dev.sluice.tick;

/// The port of the state machine. One execution is the rest of one tick: further lanes of Extract,
/// then Transform and Load.
public interface Executions {
  /// Starts the execution of a tick, unless it was started before: the name of the execution is the
  /// id of the tick, and each name is used once.
  ///
  /// @param tick letters, digits, hyphens and underscores, at most 80
  /// @param lanes how many lanes it runs before Transform; 0 if the queue is empty
  /// @throws dev.sluice.failure.TransientFailure if the service fails; it is then unknown whether
  ///   the execution was started
  void start(String tick, int lanes);
}
