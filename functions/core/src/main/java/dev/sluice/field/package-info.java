/// Declared fields: their types, and how their values are read from an event.
@NullMarked
package dev.sluice.field;

import org.jspecify.annotations.NullMarked;
