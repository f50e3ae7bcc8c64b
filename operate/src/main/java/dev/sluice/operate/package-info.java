/// What an operator does with a pipeline, on a local data folder and on a deployed stack alike.
@NullMarked
package dev.sluice.operate;

import org.jspecify.annotations.NullMarked;
