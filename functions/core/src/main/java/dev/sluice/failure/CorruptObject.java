package dev.sluice.failure;

/// The bytes of an object are not the bytes whose SHA-256 was recorded.
public final class CorruptObject extends PermanentFailure {
  private final String key;

  public CorruptObject(String key, String expected, String actual) {
    super("object %s has SHA-256 %s, but %s was recorded".formatted(key, actual, expected));
    this.key = key;
  }

  /// The key of the object.
  public String key() {
    return key;
  }
}
