package dev.sluice.failure;

/// The bucket does not have an object that it must have: the object expired or was deleted.
public final class MissingObject extends PermanentFailure {
  public MissingObject(String key, Throwable cause) {
    super("the bucket does not have " + key, cause);
  }

  public MissingObject(String key) {
    super("the bucket does not have " + key);
  }
}
