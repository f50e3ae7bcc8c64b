package dev.sluice.hostile;

import dev.sluice.hostile.ExpectedOutcome.Quarantined;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The body of one message and the expected outcome of each event in it, in order.
record MessageBody(String text, List<ExpectedOutcome> outcomes) {
  static MessageBody quarantined(String reason, String text) {
    return new MessageBody(text, List.of(new Quarantined(reason, text)));
  }

  static MessageBody array(MessageBody... items) {
    return joined("[", ", ", "]", items);
  }

  static MessageBody lines(MessageBody... lines) {
    return joined("", "\n", "", lines);
  }

  /// Lines that end with `\r\n`. The text of a quarantined line keeps its `\r`.
  static MessageBody windowsLines(MessageBody... lines) {
    return joined(
        "",
        "\r\n",
        "\r\n",
        Stream.of(lines).map(MessageBody::withCarriageReturn).toArray(MessageBody[]::new));
  }

  private static MessageBody withCarriageReturn(MessageBody line) {
    List<ExpectedOutcome> outcomes =
        line.outcomes.stream()
            .map(outcome ->
                outcome instanceof Quarantined(String reason, String text)
                    ? new Quarantined(reason, text + "\r")
                    : outcome)
            .toList();
    return new MessageBody(line.text, outcomes);
  }

  private static MessageBody joined(
      String begin, String between, String end, MessageBody... parts) {
    return new MessageBody(
        Stream.of(parts).map(MessageBody::text).collect(Collectors.joining(between, begin, end)),
        Stream.of(parts).flatMap(part -> part.outcomes.stream()).toList());
  }
}
