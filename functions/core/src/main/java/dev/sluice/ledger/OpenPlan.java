package dev.sluice.ledger;

import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;

/// The plan that the head names.
///
/// @param attempts how many attempts were begun and not given back, this one included
/// @param error what the last failed attempt said; empty when it said nothing
public record OpenPlan(PlanId id, ObjectKey key, Sha256 sha256, int attempts, String error) {}
