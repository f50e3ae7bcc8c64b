package dev.sluice.failure;

/// The bucket does not have an object that it must have: the object expired or was deleted.
public final class MissingObject extends PermanentFailure {
  private final String key;

  public MissingObject(String key, Throwable cause) {
    super("the bucket does not have " + key, cause);
    this.key = key;
  }

  public MissingObject(String key) {
    super("the bucket does not have " + key);
    this.key = key;
  }

  /// The key of the object.
  public String key() {
    return key;
  }
}
