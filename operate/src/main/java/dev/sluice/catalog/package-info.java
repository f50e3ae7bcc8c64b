/// What readers outside of Sluice have to know of the tables.
@NullMarked
package dev.sluice.catalog;

import org.jspecify.annotations.NullMarked;
