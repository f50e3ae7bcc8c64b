package dev.sluice.observe;

/// Receives observations while a stage runs, so that the steps before a failure are also reported.
/// No stage depends on what an observer does.
@FunctionalInterface
public interface Observer {
  void observe(Observation observation);
}
