/// A model of the protocol in docs/protocol.md: it searches all states that small scenarios can
/// reach by any order of steps, kills and redeliveries. It has no dependencies, so that `./sluice
/// model` can run it from source.
@NullMarked
package dev.sluice.model;

import org.jspecify.annotations.NullMarked;
