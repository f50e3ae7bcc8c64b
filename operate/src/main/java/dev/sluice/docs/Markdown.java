package dev.sluice.docs;

import java.util.List;
import java.util.stream.Collectors;

/// Builds a Markdown text of headings, paragraphs and tables.
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  Markdown heading(int level, String title) {
    return block("#".repeat(level) + " " + title);
  }

  /// A paragraph, or several; nothing if it is empty.
  Markdown paragraph(String paragraph) {
    return paragraph.isEmpty() ? this : block(paragraph);
  }

  Markdown list(List<String> items) {
    return paragraph(items.stream().map(item -> "- " + item).collect(Collectors.joining("\n")));
  }

  Markdown code(String language, String code) {
    return block("```%s\n%s\n```".formatted(language, code.strip()));
  }

  Markdown table(List<String> header, List<List<String>> rows) {
    StringBuilder table = new StringBuilder(row(header));
    table.append('\n').append(row(header.stream().map(_ -> "---").toList()));
    rows.forEach(cells -> table.append('\n').append(row(cells)));
    return block(table.toString());
  }

  private static String row(List<String> cells) {
    return cells.stream().map(Markdown::cell).collect(Collectors.joining(" | ", "| ", " |"));
  }

  /// A cell is one line, and a `|` would end it, even in code.
  private static String cell(String text) {
    return text.strip().replaceAll("\\s+", " ").replace("|", "\\|");
  }

  private Markdown block(String block) {
    if (!text.isEmpty()) {
      text.append("\n\n");
    }
    text.append(block);
    return this;
  }

  /// Code in a line, delimited by more backticks than it contains in a row.
  static String code(String code) {
    String line = code.strip().replaceAll("\\s+", " ");
    String ticks = "`";
    while (line.contains(ticks)) {
      ticks += "`";
    }
    return line.contains("`") ? ticks + " " + line + " " + ticks : ticks + line + ticks;
  }

  @Override
  public String toString() {
    return text + "\n";
  }
}
