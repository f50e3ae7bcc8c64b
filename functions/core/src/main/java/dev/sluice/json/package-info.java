/// Strict JSON, kept verbatim.
@NullMarked
package dev.sluice.json;

import org.jspecify.annotations.NullMarked;
