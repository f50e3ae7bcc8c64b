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
  FLAG(new FieldType.Flag()),
  WHOLE(new FieldType.Whole()),
  /// Wide enough for any decimal type that is proposed.
  DECIMAL(new Decimal(38, 12)),
  NUMBER(new FieldType.Real()),
  DAY(new FieldType.Day()),
  INSTANT(new FieldType.Time());

  private static final String NAME = "v";

  private final FieldType type;
  private final Field.Rule asMember;
  private final Field.Rule asElement;

  Candidate(FieldType type) {
    this.type = type;
    this.asMember = rule(type);
    this.asElement = rule(new Elements(type));
  }

  private static Field.Rule rule(FieldType type) {
    return new Field.Rule(new JsonPath(List.of(NAME)), type, false, Field.BAD_FIELD, false);
  }

  FieldType type() {
    return type;
  }

  /// The value of a scalar as admission reads it.
  ///
  /// @param isElement whether it is in a list
  FieldValue read(Json scalar, boolean isElement) {
    Json value = isElement ? Json.array(List.of(scalar)) : scalar;
    FieldValue read =
        FieldReader.read(isElement ? asElement : asMember, Json.object(Json.field(NAME, value)));
    return read instanceof FieldValue.OfElements(List<FieldValue> values)
        ? values.getFirst()
        : read;
  }
}
