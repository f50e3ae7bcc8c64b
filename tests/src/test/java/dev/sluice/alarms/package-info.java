/// CloudWatch's evaluation of the alarms in the templates, on metrics that arrive late.
@NullMarked
package dev.sluice.alarms;

import org.jspecify.annotations.NullMarked;
