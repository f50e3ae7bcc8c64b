package dev.sluice.ledger;

import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;

/// The open plan in the head.
///
/// @param attempts the number of counted attempts, including the current one
/// @param error the error of the last failed attempt; empty if it reported none
public record OpenPlan(PlanId id, ObjectKey key, Sha256 sha256, int attempts, String error) {}
