package dev.sluice.event;

import java.time.Instant;

/// A message as it was received from the queue.
///
/// @param messageId the queue's id of the message; the same for every delivery
/// @param sentAt when the queue accepted the message, in milliseconds
/// @param body verbatim
public record Envelope(String messageId, Instant sentAt, String body) {}
