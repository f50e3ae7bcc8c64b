/// The AWS configuration of the pipelines: the generated templates, and `samconfig.toml`.
@NullMarked
package dev.sluice.infra;

import org.jspecify.annotations.NullMarked;
