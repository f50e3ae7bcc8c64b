package dev.sluice.pipeline;

import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.json.JsonPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads `fields` of a table. A field has one of these forms:
///
/// ```yaml
/// score: whole                                     # read from $.score
/// score: whole, required
/// city: {text: $.customer.address.city}            # the type and the path
/// city: {text: $.customer.address.city, required: true, reason: no_city}
/// city: {type: text, description: The city of the customer.}
/// items: [{quantity: whole, unit_price: money}]    # a list of structs
/// lines: {type: [{quantity: whole}], path: $.items, unreadable: null}
/// ```
final class FieldsReader {
  private static final String REQUIRED = "required";
  private static final String REASON = "reason";
  private static final String UNREADABLE = "unreadable";
  private static final Set<String> OPTIONS =
      Set.of("type", "path", REQUIRED, REASON, UNREADABLE, "description");

  private FieldsReader() {}

  static List<Field> read(Section fields) {
    if (fields.isThere() && fields.keys().isEmpty()) {
      fields.problem("", "is empty; list the fields, like review_id: text");
    }
    List<Field> all = new ArrayList<>();
    Set<String> inLowerCase = new HashSet<>();
    for (String name : fields.names()) {
      if (Names.parseColumn(name).isEmpty()) {
        fields.problem(
            name,
            "",
            "is not a valid name of a field; use %s, and a path for the name in the event, like {text: $.\"%s\"}"
                .formatted(Names.COLUMN_RULE, name));
      } else if (Names.isReservedColumn(name)) {
        fields.problem(
            name, "", "is the name of a column that Sluice adds; use a different name and a path");
      } else if (!inLowerCase.add(name.toLowerCase(Locale.ROOT))) {
        fields.problem(
            name,
            "",
            "differs from another field only in case, and SQL column names are case-insensitive; rename one");
      } else {
        field(name, fields).ifPresent(all::add);
      }
    }
    return all;
  }

  private static Optional<Field> field(String name, Section fields) {
    return switch (fields.node(name).orElseThrow()) {
      case ScalarNode scalar -> shortForm(name, scalar.getValue(), fields);
      case MappingNode mapping when isLongForm(mapping) -> longForm(name, fields.section(name));
      case Node node ->
          TypeReader.read(name, node, fields).map(type -> withDefaults(name, type, false));
    };
  }

  private static Field withDefaults(String name, FieldType type, boolean isRequired) {
    return new Field(
        name, new Field.Rule(path(name), type, isRequired, Field.BAD_FIELD, false), "");
  }

  private static JsonPath path(String name) {
    return new JsonPath(List.of(name));
  }

  private static Optional<Field> shortForm(String name, String text, Section fields) {
    String type = text;
    boolean isRequired = text.endsWith(REQUIRED);
    if (isRequired) {
      type = text.substring(0, text.length() - REQUIRED.length()).strip();
      if (!type.endsWith(",")) {
        fields.problem(name, text, "must be a type, or a type and `, required`");
        return Optional.empty();
      }
      type = type.substring(0, type.length() - 1);
    }
    return TypeReader.read(name, type, fields).map(read -> withDefaults(name, read, isRequired));
  }

  /// Whether the mapping describes a field and is not the type of a struct: it has a path, or
  /// `type` and options only.
  private static boolean isLongForm(MappingNode mapping) {
    boolean hasPath =
        mapping.getValue().stream()
            .anyMatch(entry ->
                entry.getValueNode() instanceof ScalarNode value
                    && value.getValue().startsWith("$"));
    List<String> names =
        mapping.getValue().stream()
            .map(entry -> entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "")
            .toList();
    return hasPath || (names.contains("type") && OPTIONS.containsAll(names));
  }

  private static Optional<Field> longForm(String name, Section field) {
    int before = field.problemCount();
    Optional<String> typeName =
        field.keys().stream().filter(key -> !OPTIONS.contains(key)).findFirst();
    Optional<FieldType> type;
    JsonPath path;
    if (typeName.isPresent() && !field.has("type")) {
      type = TypeReader.read(typeName.get(), typeName.get(), field);
      path = path(name, typeName.get(), field);
    } else {
      type = field.node("type").flatMap(node -> TypeReader.read("type", node, field));
      if (!field.has("type")) {
        field.problem("type", "", "is missing; add it, like {type: text, path: $.city}");
      }
      path = path(name, "path", field);
    }
    boolean isRequired =
        field.optional(REQUIRED, false, "must be true or false", FieldsReader::flag);
    String reason =
        field.optional(REASON, Field.BAD_FIELD, "must have " + Names.RULE, Names::parse);
    boolean isLenient =
        field.optional(
            UNREADABLE,
            false,
            "must be null; without it, an unreadable value quarantines the event",
            text -> text.equals("null") ? Optional.of(true) : Optional.empty());
    if (isLenient && field.has(REASON)) {
      field.problem(REASON, reason, "has no effect with unreadable: null; remove one of them");
    }
    String description = field.description();
    field.rejectUnknown();
    return type.isPresent() && field.problemCount() == before
        ? Optional.of(
            new Field(
                name, new Field.Rule(path, type.get(), isRequired, reason, isLenient), description))
        : Optional.empty();
  }

  private static JsonPath path(String name, String key, Section field) {
    return field.optional(
        key, path(name), "must be a path in the event, like $.customer.city", JsonPath::parse);
  }

  private static Optional<Boolean> flag(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
