package dev.sluice.local;

import java.util.Iterator;

/// Joins lines to message bodies, so many a body.
public record PackedLines(Iterator<String> lines, int pack) implements Iterator<String> {
  @Override
  public boolean hasNext() {
    return lines.hasNext();
  }

  @Override
  public String next() {
    StringBuilder body = new StringBuilder(lines.next());
    for (int i = 1; i < pack && lines.hasNext(); i++) {
      body.append('\n').append(lines.next());
    }
    return body.toString();
  }
}
