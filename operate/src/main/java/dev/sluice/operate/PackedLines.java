package dev.sluice.operate;

import java.util.Iterator;

/// Joins lines to message bodies of a fixed number of lines, limited by the size of a message.
public final class PackedLines implements Iterator<String> {
  private final Iterator<String> lines;
  private final int pack;
  private String next;

  public PackedLines(Iterator<String> lines, int pack) {
    this.lines = lines;
    this.pack = pack;
    this.next = ahead();
  }

  @Override
  public boolean hasNext() {
    return !next.isEmpty();
  }

  @Override
  public String next() {
    StringBuilder body = new StringBuilder(next);
    int bytes = MessageBody.bytes(next);
    next = ahead();
    for (int i = 1;
        i < pack && hasNext() && bytes + 1 + MessageBody.bytes(next) <= MessageBody.MAX_BYTES;
        i++) {
      bytes += 1 + MessageBody.bytes(next);
      body.append('\n').append(next);
      next = ahead();
    }
    return body.toString();
  }

  /// The next line; empty at the end, because no line is empty.
  private String ahead() {
    return lines.hasNext() ? lines.next() : "";
  }
}
