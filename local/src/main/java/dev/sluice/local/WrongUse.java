package dev.sluice.local;

/// A command was told of something that is not there; the message is all that the user needs.
final class WrongUse extends RuntimeException {
  WrongUse(String message) {
    super(message);
  }
}
