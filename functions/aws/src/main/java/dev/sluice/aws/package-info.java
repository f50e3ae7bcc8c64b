/// Implementations of the ports for AWS, and the AWS clients.
@NullMarked
package dev.sluice.aws;

import org.jspecify.annotations.NullMarked;
