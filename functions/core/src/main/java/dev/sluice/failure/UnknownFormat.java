package dev.sluice.failure;

/// The bytes of an object are in no format that this version knows, most often because a newer
/// version of Sluice wrote them.
public final class UnknownFormat extends PermanentFailure {
  public UnknownFormat(String message) {
    super(message);
  }
}
