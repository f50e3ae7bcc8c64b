package dev.sluice.torture;

/// A process is gone. An error, because no `catch` of the code can see it.
final class Death extends Error {
  private static final long serialVersionUID = 1;

  Death(String who) {
    super(who + " died", null, false, false);
  }
}
