/// Reads a pipeline's folder, `pipeline.yaml` and SQL files, and reports all its problems.
@NullMarked
package dev.sluice.pipeline;

import org.jspecify.annotations.NullMarked;
