package dev.sluice.local;

import dev.sluice.bucket.Bucket;
import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.queue.MessageSource;
import dev.sluice.reference.ReferenceTable;
import java.util.function.Function;

/// The services that the three stages of one pipeline use.
///
/// @param references returns the table of a reference
public record Ports(
    MessageSource source,
    Bucket bucket,
    Ledger ledger,
    Function<Reference, ReferenceTable> references) {}
