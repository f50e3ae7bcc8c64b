package dev.sluice.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketValuesTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a//b", "a//", "..", "a/../b", "a..b"})
  void rejectsKeysThatAPathCannotHave(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectKey(key))
        .withMessageContaining("'" + key + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/", "a.b/c=1/d-e_f.json"})
  void acceptsOtherKeys(String key) {
    assertThat(new ObjectKey(key).value()).isEqualTo(key);
    assertThat(new ObjectKey(key)).hasToString(key);
  }

  static Stream<String> checksums() {
    return Stream.of(
        "",
        "a",
        HEX.substring(1),
        HEX + "0",
        HEX.toUpperCase(java.util.Locale.ROOT),
        HEX.replace('0', 'g'),
        HEX.substring(1) + " ",
        HEX.substring(1) + "\n");
  }

  @ParameterizedTest
  @MethodSource("checksums")
  void rejectsOtherTextsThanALowerCaseSha256(String hex) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sha256(hex))
        .withMessageContaining("'" + hex + "'");
    assertThat(new Sha256(HEX).hex()).isEqualTo(HEX);
    assertThat(new Sha256(HEX)).hasToString(HEX);
  }
}
