/// Creates a pipeline from a sample file: profiles its values, proposes the event's type, id, time
/// and fields, and writes the folder with one test case.
@NullMarked
package dev.sluice.sample;

import org.jspecify.annotations.NullMarked;
