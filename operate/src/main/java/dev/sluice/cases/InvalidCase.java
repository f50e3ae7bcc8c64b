package dev.sluice.cases;

/// A file of a case is invalid. The message names the file, the line and what to do.
final class InvalidCase extends RuntimeException {
  InvalidCase(String message) {
    super(message);
  }
}
