/// Tests that run several modules together: the three stages with their engine, ports and
/// pipelines.
@NullMarked
package dev.sluice.integration;

import org.jspecify.annotations.NullMarked;
