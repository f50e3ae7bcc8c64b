package dev.sluice.operate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FileLinesTest {
  private final StringWriter warnings = new StringWriter();

  @Test
  void returnsEachLineThatIsNotBlankVerbatim() {
    assertThat(bodies("{\"a\": 1} \n\n  \nbad\r\n\"\u00e9\ud83d\ude42\t\"".getBytes(UTF_8), 1))
        .containsExactly("{\"a\": 1} ", "bad\r", "\"\u00e9\ud83d\ude42\t\"");
    assertThat(warnings.toString()).isEmpty();
  }

  @Test
  void replacesCharactersThatSqsRejectsWithAWarning() {
    assertThat(bodies("ok\n\uffff{}\u0001".getBytes(UTF_8), 1))
        .containsExactly("ok", "\ufffd{}\ufffd");
    assertThat(bodies("\u00e9".getBytes(ISO_8859_1), 1)).containsExactly("\ufffd");
    assertThat(warnings.toString())
        .isEqualToNormalizingNewlines(
            """
            sluice: file:2: SQS does not accept U+FFFF; U+FFFD is sent instead
            sluice: file:1: is not UTF-8; U+FFFD is sent instead
            """);
  }

  @Test
  void rejectsALineLargerThanAMessage() {
    byte[] line = "a".repeat(MessageBody.MAX_BYTES + 1).getBytes(UTF_8);

    assertThatThrownBy(() -> bodies(line, 1))
        .hasMessageStartingWith("file:1: the line has 1,048,577 bytes");
  }

  @Test
  void packsLinesUpToTheSizeOfAMessage() {
    String big = "\u00e9".repeat(MessageBody.MAX_BYTES / 4);

    assertThat(bodies("a\nb\nc\nd\ne".getBytes(UTF_8), 2)).containsExactly("a\nb", "c\nd", "e");
    assertThat(bodies((big + "\n" + big + "\nc").getBytes(UTF_8), 10))
        .containsExactly(big, big + "\nc");
    assertThat(bodies((big.substring(1) + "\n" + big + "\nc").getBytes(UTF_8), 10))
        .containsExactly(big.substring(1) + "\n" + big, "c");
  }

  private List<String> bodies(byte[] file, int pack) {
    List<String> bodies = new ArrayList<>();
    new PackedLines(
            new FileLines("file", new ByteArrayInputStream(file), new PrintWriter(warnings, true)),
            pack)
        .forEachRemaining(bodies::add);
    return bodies;
  }
}
