/// Objects by key, and where each kind of object lives.
@NullMarked
package dev.sluice.bucket;

import org.jspecify.annotations.NullMarked;
