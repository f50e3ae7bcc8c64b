/// Concurrent calls to services.
@NullMarked
package dev.sluice.parallel;

import org.jspecify.annotations.NullMarked;
