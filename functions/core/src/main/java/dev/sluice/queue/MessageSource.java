package dev.sluice.queue;

import dev.sluice.event.Envelope;
import java.util.List;

/// A queue that delivers at least once, in no order.
///
/// Throws [dev.sluice.failure.TransientFailure] when the service fails. Safe for threads.
public interface MessageSource {
  /// The most messages that one call receives or deletes.
  int MAX_AT_ONCE = 10;

  /// Up to `most` messages, which nobody else sees until their visibility runs out. Empty when the
  /// whole queue had none to give.
  ///
  /// @param most from 1 to [#MAX_AT_ONCE]
  List<Received> receive(int most);

  /// Deletes up to [#MAX_AT_ONCE] messages by their handles.
  ///
  /// @return how many the queue did not delete; it will deliver them again
  int delete(List<String> handles);

  /// A message and the handle that deletes it.
  record Received(Envelope envelope, String handle) {}
}
