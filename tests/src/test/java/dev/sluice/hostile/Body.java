package dev.sluice.hostile;

import dev.sluice.hostile.Fate.Quarantined;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The body of one message, and what must become of each event in it.
record Body(String text, List<Fate> fates) {
  static Body bad(String reason, String text) {
    return new Body(text, List.of(new Quarantined(reason, text)));
  }

  static Body array(Body... items) {
    return joined("[", ", ", "]", items);
  }

  static Body lines(Body... lines) {
    return joined("", "\n", "", lines);
  }

  /// Lines as Windows ends them; what is left of a bad one is verbatim, `\r` and all.
  static Body windowsLines(Body... lines) {
    return joined("", "\r\n", "\r\n", Stream.of(lines).map(Body::withReturn).toArray(Body[]::new));
  }

  private static Body withReturn(Body line) {
    List<Fate> fates =
        line.fates.stream()
            .map(fate ->
                fate instanceof Quarantined(String reason, String text)
                    ? new Quarantined(reason, text + "\r")
                    : fate)
            .toList();
    return new Body(line.text, fates);
  }

  private static Body joined(String begin, String between, String end, Body... parts) {
    return new Body(
        Stream.of(parts).map(Body::text).collect(Collectors.joining(between, begin, end)),
        Stream.of(parts).flatMap(part -> part.fates.stream()).toList());
  }
}
