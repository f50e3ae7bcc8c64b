/// From a message's body to the events it carries, good or bad.
@NullMarked
package dev.sluice.event;

import org.jspecify.annotations.NullMarked;
