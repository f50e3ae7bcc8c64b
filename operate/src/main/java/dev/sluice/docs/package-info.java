/// Documentation of pipelines, generated from their folders.
@NullMarked
package dev.sluice.docs;

import org.jspecify.annotations.NullMarked;
