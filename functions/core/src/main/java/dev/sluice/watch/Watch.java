package dev.sluice.watch;

/// Told by a stage what it sees and does, when it happens, so that a run that fails has told what
/// came before. It decides nothing, and nothing depends on it.
@FunctionalInterface
public interface Watch {
  void tell(Fact fact);
}
