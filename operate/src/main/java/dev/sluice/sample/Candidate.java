package dev.sluice.sample;

import dev.sluice.field.Field;
import dev.sluice.field.FieldReader;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldValue;
import dev.sluice.json.Json;
import dev.sluice.json.JsonPath;
import java.util.List;

/// The types that a scalar field may have besides text, the most specific first.
enum Candidate {
  FLAG,
  WHOLE,
  DECIMAL,
  NUMBER,
  DAY,
  INSTANT;

  private static final JsonPath PATH = new JsonPath(List.of("v"));

  /// Wide enough for any decimal type that is proposed.
  private static final Decimal WIDE = new Decimal(38, 12);

  FieldType type() {
    return switch (this) {
      case FLAG -> new FieldType.Flag();
      case WHOLE -> new FieldType.Whole();
      case DECIMAL -> WIDE;
      case NUMBER -> new FieldType.Real();
      case DAY -> new FieldType.Day();
      case INSTANT -> new FieldType.Time();
    };
  }

  /// The value of a scalar as admission reads it.
  ///
  /// @param isElement whether it is in a list
  FieldValue read(Json scalar, boolean isElement) {
    FieldType type = isElement ? new Elements(type()) : type();
    Json value = isElement ? Json.array(List.of(scalar)) : scalar;
    FieldValue read =
        FieldReader.read(
            new Field.Rule(PATH, type, false, Field.BAD_FIELD, false),
            Json.object(Json.field(PATH.names().getFirst(), value)));
    return read instanceof FieldValue.OfElements(List<FieldValue> values)
        ? values.getFirst()
        : read;
  }
}
