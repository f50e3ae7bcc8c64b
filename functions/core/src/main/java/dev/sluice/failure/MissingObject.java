package dev.sluice.failure;

/// An object that must be in the bucket is not: it expired, or someone deleted it.
public final class MissingObject extends PermanentFailure {
  public MissingObject(String key, Throwable cause) {
    super("the bucket has no " + key, cause);
  }

  public MissingObject(String key) {
    super("the bucket has no " + key);
  }
}
