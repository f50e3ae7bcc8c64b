package dev.sluice.failure;

/// The bytes of an object are not the bytes whose SHA-256 was recorded.
public final class CorruptObject extends PermanentFailure {
  public CorruptObject(String key, String expected, String actual) {
    super("object %s has SHA-256 %s, but %s was recorded".formatted(key, actual, expected));
  }
}
