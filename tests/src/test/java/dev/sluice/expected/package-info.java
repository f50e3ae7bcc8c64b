/// Expected results of admission, fields, macros and chunks, computed from the documentation with
/// other libraries than the shipped code: Gson, regular expressions, `BigDecimal` and `java.time`.
@NullMarked
package dev.sluice.expected;

import org.jspecify.annotations.NullMarked;
