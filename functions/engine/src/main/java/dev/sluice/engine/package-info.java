/// The engine port.
@NullMarked
package dev.sluice.engine;

import org.jspecify.annotations.NullMarked;
