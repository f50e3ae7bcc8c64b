package dev.sluice.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// The first 16 bytes of the SHA-256 of a text, as a `UUID`, which SQL and Parquet store in 16
/// bytes.
///
/// The hash is cryptographic, so that a sender cannot construct an event that is taken for another
/// one. Not safe for concurrent use.
final class Fingerprint {
  private final MessageDigest sha256;

  Fingerprint() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  UUID of(String text) {
    byte[] digest = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    return new UUID(bigEndian(digest, 0), bigEndian(digest, 8));
  }

  private static long bigEndian(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }
}
