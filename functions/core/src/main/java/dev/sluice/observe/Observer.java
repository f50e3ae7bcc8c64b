package dev.sluice.observe;

/// Receives what a stage sees and does, as it happens, so that a failed run has reported the steps
/// before the failure. No stage depends on what an observer does.
@FunctionalInterface
public interface Observer {
  void observe(Observation observation);
}
