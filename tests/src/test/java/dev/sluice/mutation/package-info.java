/// Mutation tests of the engine's SQL: `./sluice mutation --sql`.
@NullMarked
package dev.sluice.mutation;

import org.jspecify.annotations.NullMarked;
