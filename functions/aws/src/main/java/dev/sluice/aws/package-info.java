/// The ports on AWS, and the AWS clients.
@NullMarked
package dev.sluice.aws;

import org.jspecify.annotations.NullMarked;
