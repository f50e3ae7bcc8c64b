/// Sends invalid and unusual events of many classes through Transform, DuckDB and Load, and
/// compares every row, count and object key with the expected result.
@NullMarked
package dev.sluice.hostile;

import org.jspecify.annotations.NullMarked;
