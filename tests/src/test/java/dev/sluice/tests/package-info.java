/// Tests across modules.
@NullMarked
package dev.sluice.tests;

import org.jspecify.annotations.NullMarked;
