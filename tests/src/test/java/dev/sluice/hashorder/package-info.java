/// Runs the tests with other iteration orders of hash maps and sets: `./sluice hash-order`.
@NullMarked
package dev.sluice.hashorder;

import org.jspecify.annotations.NullMarked;
