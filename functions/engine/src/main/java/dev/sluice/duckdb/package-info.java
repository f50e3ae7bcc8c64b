/// The engine on DuckDB, and the checks of a pipeline's SQL.
@NullMarked
package dev.sluice.duckdb;

import org.jspecify.annotations.NullMarked;
