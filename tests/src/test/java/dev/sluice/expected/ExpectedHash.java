package dev.sluice.expected;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/// The first 32 hexadecimal digits of the SHA-256 of a text in UTF-8, as a UUID.
final class ExpectedHash {
  private ExpectedHash() {}

  static UUID of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return UUID.fromString(
          HexFormat.of()
              .formatHex(digest)
              .replaceFirst("^(.{8})(.{4})(.{4})(.{4})(.{12}).*", "$1-$2-$3-$4-$5"));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
