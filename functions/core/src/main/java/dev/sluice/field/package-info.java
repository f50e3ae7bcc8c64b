/// Declared fields: the types of an event's values, and reading values of these types.
@NullMarked
package dev.sluice.field;

import org.jspecify.annotations.NullMarked;
