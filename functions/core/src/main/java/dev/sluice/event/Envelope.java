package dev.sluice.event;

import java.time.Instant;

/// A message as it came out of the queue.
///
/// @param messageId the queue's own id of the message; a redelivery carries the same
/// @param sentAt when the queue took the message, in milliseconds
/// @param body verbatim
public record Envelope(String messageId, Instant sentAt, String body) {}
