/// Runs the port contracts on servers that speak the protocols of AWS, and compares the simulated
/// AWS with these servers.
@NullMarked
package dev.sluice.interop;

import org.jspecify.annotations.NullMarked;
