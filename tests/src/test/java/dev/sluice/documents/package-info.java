/// Tests of statements in the documentation. The expected values are read from the Markdown files,
/// so that documentation and code cannot differ.
@NullMarked
package dev.sluice.documents;

import org.jspecify.annotations.NullMarked;
