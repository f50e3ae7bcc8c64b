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
  /// timeout. Waits up to a second for a message. Empty if no server of the queue has one.
  ///
  /// @param max from 1 to [#MAX_AT_ONCE]
  List<Received> receive(int max);

  /// The same without waiting. It may ask only some servers of the queue, so an empty result does
  /// not prove that the queue is empty.
  List<Received> poll(int max);

  /// About how many messages could be received now. The number may be a minute old.
  long waiting();

  /// Deletes up to [#MAX_AT_ONCE] messages by their handles.
  ///
  /// @return the number of messages that were not deleted; the queue delivers them again
  int delete(List<String> handles);

  /// A message, and the receipt handle that deletes it.
  record Received(Envelope envelope, String handle) {}
}
