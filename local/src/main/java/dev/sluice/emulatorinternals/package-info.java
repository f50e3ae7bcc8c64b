/// Code that depends on internals of the emulators: it may break with each of their releases.
@NullMarked
package dev.sluice.emulatorinternals;

import org.jspecify.annotations.NullMarked;
