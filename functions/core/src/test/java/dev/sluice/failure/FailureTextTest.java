package dev.sluice.failure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.FailureText.UnexpectedFailure;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailureTextTest {
  private static final String LONG = "begin" + "x".repeat(900_000) + "end";

  /// One, two, three and four bytes of UTF-8.
  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "€", "😀"})
  void aTextKeepsItsBeginningAndItsEnd(String character) {
    int size = character.getBytes(UTF_8).length;

    for (int count = 2_040 / size; count < 2_060 / size + 20; count++) {
      String text = character.repeat(count);
      String shortened = FailureText.shortened(text);

      assertThat(shortened.getBytes(UTF_8).length).isLessThanOrEqualTo(2_048);
      if (size * count <= 2_048) {
        assertThat(shortened).isEqualTo(text);
      } else {
        String[] kept = shortened.split(" … \\(.* bytes omitted\\) … ");
        assertThat(kept)
            .hasSize(2)
            .allMatch(part -> text.startsWith(part) && part.length() * size > 950);
        assertThat(shortened)
            .contains(
                "(%,d bytes omitted)"
                    .formatted(size * count - (kept[0] + kept[1]).getBytes(UTF_8).length));
      }
    }
  }

  @Test
  void aLongTextHasAlmostTheMaximumSize() {
    assertThat(FailureText.shortened(LONG))
        .startsWith("beginxxx")
        .endsWith("xxxend")
        .contains("xxx … (898,024 bytes omitted) … xxx")
        .hasSize(1_984 + " … (898,024 bytes omitted) … ".length());
  }

  @Test
  void aFailureWithoutAMessageHasAText() {
    assertThat(FailureText.of(new IllegalStateException())).isEqualTo("null");
    assertThat(FailureText.of(new IllegalStateException(LONG)))
        .isEqualTo(FailureText.shortened(LONG));
  }

  @Test
  void aFailureWithShortMessagesIsNotCopied() {
    Exception failure = new IllegalStateException("a", new IOException("b"));
    failure.addSuppressed(new IOException("c"));
    SluiceFailure ours = new TransientFailure(LONG, failure);
    ours.addSuppressed(new IOException("d"));

    assertThat(FailureText.withShortMessages(failure)).isSameAs(failure);
    assertThat(FailureText.withShortMessages(ours)).isSameAs(ours);
  }

  @Test
  void aLongMessageAnywhereIsShortened() {
    Exception cause = new IllegalStateException("a", new IOException(LONG));
    Exception suppressed = new IllegalStateException("a");
    suppressed.addSuppressed(new IOException(LONG));

    for (Exception failure : new Exception[] {cause, suppressed, new IllegalStateException(LONG)}) {
      Throwable copy = FailureText.withShortMessages(failure);

      assertThat(copy)
          .isInstanceOf(UnexpectedFailure.class)
          .hasMessageStartingWith("java.lang.IllegalStateException: ");
      assertThat(copy.getStackTrace()).isEqualTo(failure.getStackTrace());
      assertThat(size(copy)).isLessThan(2 * 2_048);
    }
    assertThat(FailureText.withShortMessages(cause).getCause())
        .hasMessageStartingWith("java.io.IOException: begin")
        .hasMessageEndingWith("end");
  }

  private static int size(Throwable failure) {
    int causes = failure.getCause() == null ? 0 : size(failure.getCause());
    return String.valueOf(failure.getMessage()).length()
        + causes
        + IntStream.range(0, failure.getSuppressed().length)
            .map(i -> size(failure.getSuppressed()[i]))
            .sum();
  }

  @Test
  void aCircleOfCausesEnds() {
    Exception first = new IllegalStateException("first");
    Exception second = new IllegalStateException("second", first);
    first.initCause(second);

    assertThat(size(FailureText.withShortMessages(first))).isLessThan(22 * 100);
  }

  @Test
  void aStackTraceKeepsItsRootCause() {
    Exception root = new IOException("the root");
    for (int i = 0; i < 30; i++) {
      root = new IllegalStateException("wrapper " + i + " " + "x".repeat(500), root);
    }

    assertThat(FailureText.stackOf(root).getBytes(UTF_8).length).isBetween(8_000, 8_192);
    assertThat(FailureText.stackOf(new IllegalStateException("first", new IOException(LONG))))
        .startsWith(UnexpectedFailure.class.getName() + ": java.lang.IllegalStateException: first")
        .contains("Caused by: ", "java.io.IOException: begin");
  }
}
