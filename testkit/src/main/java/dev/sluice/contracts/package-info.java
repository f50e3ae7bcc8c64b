/// The contract test of each port. A subclass runs it on one implementation: a fake or an adapter.
@NullMarked
package dev.sluice.contracts;

import org.jspecify.annotations.NullMarked;
