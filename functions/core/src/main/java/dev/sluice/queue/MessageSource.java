package dev.sluice.queue;

import dev.sluice.event.Envelope;
import java.util.List;

/// The queue port: delivers each message at least once, in any order.
///
/// Throws [dev.sluice.failure.TransientFailure] if the service fails. Safe for concurrent use.
public interface MessageSource {
  /// The maximum number of messages in one receive or delete call.
  int MAX_AT_ONCE = 10;

  /// Receives up to `max` messages, which stay invisible to other receivers for the visibility
  /// timeout. Empty if no server of the queue has a message.
  ///
  /// @param max from 1 to [#MAX_AT_ONCE]
  List<Received> receive(int max);

  /// Deletes up to [#MAX_AT_ONCE] messages by their handles.
  ///
  /// @return the number of messages that were not deleted; the queue delivers them again
  int delete(List<String> handles);

  /// A message, and the receipt handle that deletes it.
  record Received(Envelope envelope, String handle) {}
}
