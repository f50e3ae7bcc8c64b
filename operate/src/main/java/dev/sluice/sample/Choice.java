package dev.sluice.sample;

import dev.sluice.field.FieldType;
import java.util.List;

/// The type that is proposed for a field.
///
/// @param why one short sentence
/// @param misfits values of the sample that are not of the type
/// @param misfitCount how many there are
record Choice(FieldType type, String why, List<String> misfits, long misfitCount) {
  static Choice of(FieldType type, String why) {
    return new Choice(type, why, List.of(), 0);
  }
}
