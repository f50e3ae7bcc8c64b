/// The ports on AWS, for more than one function, and how its clients are made.
@NullMarked
package dev.sluice.aws;

import org.jspecify.annotations.NullMarked;
