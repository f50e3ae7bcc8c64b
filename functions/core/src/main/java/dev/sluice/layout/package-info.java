/// The keys of all objects in the bucket.
@NullMarked
package dev.sluice.layout;

import org.jspecify.annotations.NullMarked;
