/// Admission: from the body of a message to its events, valid or invalid.
@NullMarked
package dev.sluice.event;

import org.jspecify.annotations.NullMarked;
