/// Fuzz targets: in every build they replay their seeds, and `./sluice fuzz` looks for more.
@NullMarked
package dev.sluice.fuzz;

import org.jspecify.annotations.NullMarked;
