/// Failures of the system, by what must happen next. Invalid data is not a failure: it goes to
/// quarantine.
@NullMarked
package dev.sluice.failure;

import org.jspecify.annotations.NullMarked;
