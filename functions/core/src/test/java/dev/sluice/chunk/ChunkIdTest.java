package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00000000-0000-0000-0000-00000000000",
        "00000000-0000-0000-0000-0000000000000",
        "00000000-0000-0000-0000-00000000000A",
        "00000000-0000-0000-0000-00000000000g",
        "00000000/0000-0000-0000-000000000000"
      })
  void rejectsOtherTextsThanALowerCaseUuid(String value) {
    UUID id = UUID.fromString("abcdef01-2345-6789-abcd-ef0123456789");

    assertThat(ChunkId.of(id).value()).isEqualTo(id.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChunkId(value))
        .withMessageContaining(value);
  }
}
