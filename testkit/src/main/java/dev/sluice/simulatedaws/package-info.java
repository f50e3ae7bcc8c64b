/// An in-memory simulation of SQS, S3 and DynamoDB behind the HTTP interface of the AWS SDK: the
/// real clients marshal, sign, retry and parse, and only the transport is simulated. The clock
/// changes only when a test or a simulated wait advances it.
@NullMarked
package dev.sluice.simulatedaws;

import org.jspecify.annotations.NullMarked;
