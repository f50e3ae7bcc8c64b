/// Everything bad that can be sent, and what must become of it.
@NullMarked
package dev.sluice.hostile;

import org.jspecify.annotations.NullMarked;
