/// The bucket port, and the keys and checksums of objects.
@NullMarked
package dev.sluice.bucket;

import org.jspecify.annotations.NullMarked;
