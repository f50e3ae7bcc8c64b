package dev.sluice.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayoutTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "Orders", "1orders", "_orders", "or-ders", "or/ders", "..", "orders ", "ordérs"
      })
  void rejectsNamesThatNoPipelineHas(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Layout(name))
        .withMessageContaining("'" + name + "'");
  }

  @Test
  void aNameHasUpTo41Characters() {
    assertThat(new Layout("o".repeat(41)).receipts()).isEqualTo("receipts/" + "o".repeat(41) + "/");
    assertThatIllegalArgumentException().isThrownBy(() -> new Layout("o".repeat(42)));
  }
}
