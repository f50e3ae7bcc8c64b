/// The protocol of docs/protocol.md as a model: every order of steps, deaths and redeliveries that
/// small scenarios allow, searched to the last state. Plain Java, so that `./sluice model` runs it
/// from source.
@NullMarked
package dev.sluice.model;

import org.jspecify.annotations.NullMarked;
