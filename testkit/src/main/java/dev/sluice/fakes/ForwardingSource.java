package dev.sluice.fakes;

import dev.sluice.queue.MessageSource;
import java.util.List;

/// Forwards every call to another source. Subclasses change some of the calls.
public class ForwardingSource implements MessageSource {
  private final MessageSource source;

  public ForwardingSource(MessageSource source) {
    this.source = source;
  }

  @Override
  public List<Received> receive(int max) {
    return source.receive(max);
  }

  @Override
  public List<Received> poll(int max) {
    return source.poll(max);
  }

  @Override
  public long waiting() {
    return source.waiting();
  }

  @Override
  public int delete(List<String> handles) {
    return source.delete(handles);
  }
}
