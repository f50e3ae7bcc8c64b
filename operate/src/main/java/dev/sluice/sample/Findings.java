package dev.sluice.sample;

import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.AnyJson;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Real;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldType.Text;
import dev.sluice.field.FieldType.Time;
import dev.sluice.field.FieldType.Whole;
import dev.sluice.sample.Created.Finding;
import dev.sluice.sample.Proposal.ProposedField;
import dev.sluice.sample.Proposal.Table;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/// Describes the fields of a table for the report.
final class Findings {
  private static final int MAX_TEXT = 28;
  private static final int FEW_VALUES = 4;

  private Findings() {}

  static List<Finding> of(Table table) {
    return table.fields().stream().flatMap(field -> of(field, table.rows())).toList();
  }

  private static Stream<Finding> of(ProposedField field, long rows) {
    String type = isNested(field.choice().type()) ? outer(field.choice().type()) : "";
    Finding own = finding(field.column(), type, field.choice(), field.values(), rows);
    return Stream.concat(
        Stream.of(own), inner(field.column(), field.choice().type(), field.values()));
  }

  private static Stream<Finding> inner(String name, FieldType type, ValueProfile values) {
    return switch (type) {
      case Struct _ ->
          values.objects().members().entrySet().stream()
              .flatMap(member ->
                  nested(
                      name + "." + member.getKey(),
                      member.getKey(),
                      member.getValue(),
                      values.objects().count()));
      case Elements(Struct struct) -> inner(name + "[]", struct, values.elements());
      case FieldType _ -> Stream.of();
    };
  }

  private static Stream<Finding> nested(
      String name, String last, ValueProfile values, long objects) {
    Choice choice = TypeChooser.choose(last, values);
    String type = isNested(choice.type()) ? outer(choice.type()) : "";
    return Stream.concat(
        Stream.of(finding(name, type, choice, values, objects)),
        inner(name, choice.type(), values));
  }

  private static boolean isNested(FieldType type) {
    return type instanceof Struct
        || (type instanceof Elements(FieldType element) && isNested(element));
  }

  private static String outer(FieldType type) {
    return type instanceof Elements ? "list of structs" : "struct";
  }

  private static Finding finding(
      String name, String type, Choice choice, ValueProfile values, long rows) {
    String why =
        choice.misfitCount() == 0
            ? choice.why()
            : choice.why()
                + "; not of this type: %,d, like %s"
                    .formatted(choice.misfitCount(), shown(choice.misfits().getFirst()));
    ScalarProfile scalars =
        choice.type() instanceof Elements ? values.elements().scalars() : values.scalars();
    FieldType scalar =
        choice.type() instanceof Elements(FieldType element) ? element : choice.type();
    return new Finding(
        name,
        type.isEmpty() ? TypeText.of(choice.type()) : type,
        values.present(),
        rows - values.present(),
        smallest(scalar, scalars),
        largest(scalar, scalars),
        why);
  }

  private static String smallest(FieldType type, ScalarProfile values) {
    return switch (type) {
      case Whole _, Decimal _, Real _ -> values.numbers().smallest(BigDecimal::toString);
      case Time _ -> values.times().smallest(Object::toString);
      case Text _, AnyJson _ ->
          hasFewValues(values)
              ? shown(values.texts().smallest(text -> text))
              : sized(values.lengths().smallest(text -> text));
      case FieldType _ -> values.texts().smallest(Findings::shown);
    };
  }

  private static String largest(FieldType type, ScalarProfile values) {
    return switch (type) {
      case Whole _, Decimal _, Real _ -> values.numbers().largest(BigDecimal::toString);
      case Time _ -> values.times().largest(Object::toString);
      case Text _, AnyJson _ ->
          hasFewValues(values)
              ? shown(values.texts().largest(text -> text))
              : sized(values.lengths().largest(text -> text));
      case FieldType _ -> values.texts().largest(Findings::shown);
    };
  }

  private static boolean hasFewValues(ScalarProfile values) {
    return !values.distinct().isEmpty() && values.distinct().size() <= FEW_VALUES;
  }

  private static String sized(String text) {
    return text.isEmpty() ? "" : "%s (%,d)".formatted(shown(text), text.length());
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > MAX_TEXT ? line.substring(0, MAX_TEXT - 1) + "…" : line;
  }
}
