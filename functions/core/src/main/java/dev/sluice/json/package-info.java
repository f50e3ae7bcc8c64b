/// A strict JSON parser and writer that keep values verbatim.
@NullMarked
package dev.sluice.json;

import org.jspecify.annotations.NullMarked;
