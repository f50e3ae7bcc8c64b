/// The engine: parsing into columns, joins, rules, metrics and Parquet in DuckDB.
@NullMarked
package dev.sluice.duckdb;

import org.jspecify.annotations.NullMarked;
