package dev.sluice.sample;

import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.AnyJson;
import dev.sluice.field.FieldType.Day;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Flag;
import dev.sluice.field.FieldType.Real;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldType.Text;
import dev.sluice.field.FieldType.Time;
import dev.sluice.field.FieldType.Whole;
import java.util.stream.Collectors;

/// Types as `pipeline.yaml` has them.
final class TypeText {
  private TypeText() {}

  /// The type as a value between braces or brackets, where a comma needs quotes.
  static String inFlow(FieldType type) {
    String text = of(type);
    return type instanceof Decimal && text.contains(",") ? '"' + text + '"' : text;
  }

  static String of(FieldType type) {
    return switch (type) {
      case Text _ -> "text";
      case Whole _ -> "whole";
      case Decimal decimal when decimal.equals(Decimal.MONEY) -> "money";
      case Decimal(int precision, int scale) -> "decimal(%d,%d)".formatted(precision, scale);
      case Real _ -> "number";
      case Flag _ -> "flag";
      case Day _ -> "day";
      case Time _ -> "instant";
      case AnyJson _ -> "json";
      case Struct struct ->
          struct.members().stream()
              .map(member -> YamlText.key(member.name()) + ": " + inFlow(member.type()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Elements(FieldType element) ->
          isNamed(element) ? of(element) + "[]" : "[" + inFlow(element) + "]";
    };
  }

  /// Whether the type is written as a name without commas.
  static boolean isNamed(FieldType type) {
    return switch (type) {
      case Struct _ -> false;
      case Elements(FieldType element) -> isNamed(element);
      case Decimal decimal -> decimal.equals(Decimal.MONEY);
      case FieldType _ -> true;
    };
  }
}
