package dev.sluice.bucket;

/// The key of an object in the bucket, without a leading slash.
public record ObjectKey(String value) {
  public ObjectKey {
    if (value.isEmpty() || value.startsWith("/") || value.contains("//") || value.contains("..")) {
      throw new IllegalArgumentException("not an object key: '" + value + "'");
    }
  }

  /// The key of `name` under this prefix.
  public ObjectKey resolve(String name) {
    return new ObjectKey(value + "/" + name);
  }

  @Override
  public String toString() {
    return value;
  }
}
