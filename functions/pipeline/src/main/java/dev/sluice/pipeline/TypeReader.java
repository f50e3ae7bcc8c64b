package dev.sluice.pipeline;

import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads the type of a field: a name, a list `[type]` or `type[]`, or a struct `{name: type}`.
final class TypeReader {
  private static final String RULE =
      "must be a type: text, whole, money, decimal(p,s), number, flag, day, instant, json, a list"
          + " like text[] or [{quantity: whole}], or a struct like {city: text}";
  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\((?<precision>[1-9]|[12]\\d|3[0-8]), ?(?<scale>\\d{1,2})\\)");

  private TypeReader() {}

  /// Reads `node`, which is the value of `field` or a part of it. Problems are reported for
  /// `field`.
  static Optional<FieldType> read(String field, Node node, Section section) {
    return switch (node) {
      case ScalarNode scalar -> read(field, scalar.getValue(), section);
      case SequenceNode list when list.getValue().size() == 1 ->
          read(field, list.getValue().getFirst(), section).map(Elements::new);
      case MappingNode mapping -> struct(field, mapping, section);
      default -> {
        section.problem(field, "a list", "must have one item, the type of the elements: [text]");
        yield Optional.empty();
      }
    };
  }

  private static Optional<FieldType> struct(String field, MappingNode mapping, Section section) {
    List<Member> members = new ArrayList<>();
    Set<String> inLowerCase = new HashSet<>();
    int before = section.problemCount();
    for (NodeTuple entry : mapping.getValue()) {
      String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
      if (Names.parseColumn(name).isEmpty()) {
        section.problem(field, name, "is not a valid name of a member; use " + Names.COLUMN_RULE);
      } else if (!inLowerCase.add(name.toLowerCase(Locale.ROOT))) {
        section.problem(field, name, "is the name of two members; keep one");
      }
      read(field, entry.getValueNode(), section)
          .ifPresent(type -> members.add(new Member(name, type)));
    }
    if (members.isEmpty() && section.problemCount() == before) {
      section.problem(field, "", "is an empty struct; list its members, like {city: text}");
    }
    return section.problemCount() == before ? Optional.of(new Struct(members)) : Optional.empty();
  }

  /// Reads the name of a type.
  static Optional<FieldType> read(String field, String text, Section section) {
    if (text.endsWith("[]")) {
      return read(field, text.substring(0, text.length() - 2), section).map(Elements::new);
    }
    Optional<FieldType> type =
        switch (text) {
          case "text" -> Optional.of(new FieldType.Text());
          case "whole" -> Optional.of(new FieldType.Whole());
          case "money" -> Optional.of(Decimal.MONEY);
          case "number" -> Optional.of(new FieldType.Real());
          case "flag" -> Optional.of(new FieldType.Flag());
          case "day" -> Optional.of(new FieldType.Day());
          case "instant" -> Optional.of(new FieldType.Time());
          case "json" -> Optional.of(new FieldType.AnyJson());
          default -> decimal(text);
        };
    if (type.isEmpty()) {
      section.problem(field, text, RULE);
    }
    return type;
  }

  private static Optional<FieldType> decimal(String text) {
    Matcher decimal = DECIMAL.matcher(text);
    if (!decimal.matches()) {
      return Optional.empty();
    }
    int precision = Integer.parseInt(decimal.group("precision"));
    int scale = Integer.parseInt(decimal.group("scale"));
    return scale <= precision ? Optional.of(new Decimal(precision, scale)) : Optional.empty();
  }
}
