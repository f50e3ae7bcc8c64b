/// Fuzz targets. Every build replays their seed inputs; `./sluice fuzz` searches for new inputs.
@NullMarked
package dev.sluice.fuzz;

import org.jspecify.annotations.NullMarked;
