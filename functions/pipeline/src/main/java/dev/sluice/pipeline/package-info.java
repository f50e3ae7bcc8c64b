/// What users write: a folder with `pipeline.yaml` and SQL, read and checked as a whole.
@NullMarked
package dev.sluice.pipeline;

import org.jspecify.annotations.NullMarked;
