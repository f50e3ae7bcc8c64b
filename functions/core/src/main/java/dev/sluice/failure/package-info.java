/// What can go wrong with the machinery. Bad data is never an exception: it is a row of quarantine.
@NullMarked
package dev.sluice.failure;

import org.jspecify.annotations.NullMarked;
