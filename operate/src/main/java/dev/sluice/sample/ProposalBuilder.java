package dev.sluice.sample;

import dev.sluice.json.JsonPath;
import dev.sluice.operate.OperationFailed;
import dev.sluice.pipeline.Names;
import dev.sluice.sample.Proposal.ProposedField;
import dev.sluice.sample.Proposal.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Builds the tables of a proposal.
final class ProposalBuilder {
  private static final Set<String> RESERVED_TABLES =
      Set.of("events", "receipts", "quarantine", "sluice");

  private static final int MAX_TYPES = 100;

  private final String pipeline;
  private final SampleFile file;
  private final Optional<JsonPath> id;
  private final JsonPath time;

  ProposalBuilder(String pipeline, SampleFile file, Optional<JsonPath> id, JsonPath time) {
    this.pipeline = pipeline;
    this.file = file;
    this.id = id;
    this.time = time;
  }

  /// One table for all events.
  List<Table> one(ObjectProfile events, List<String> from) {
    String name = RESERVED_TABLES.contains(pipeline) ? "all_" + pipeline : pipeline;
    return List.of(
        new Table(name, from, events.count(), fields(events, Optional.empty()), omitted(events)));
  }

  /// One table for each type if the types have different fields; otherwise one for all.
  List<Table> byType(JsonPath type, ObjectProfile events) throws IOException {
    SequencedMap<String, ObjectProfile> types = profiles(type);
    if (types.size() > MAX_TYPES) {
      throw new OperationFailed(
          "%s has %,d different values in %s, so it is not the type of the events: specify another field with --type"
              .formatted(type, types.size(), file.name()));
    }
    if (types.size() > 1 && !differ(types)) {
      return one(events, List.copyOf(types.keySet()));
    }
    List<Table> tables = new ArrayList<>();
    Set<String> used = new HashSet<>(RESERVED_TABLES);
    types.forEach((name, profile) ->
        tables.add(
            new Table(
                tableName(name, used),
                List.of(name),
                profile.count(),
                fields(profile, Optional.of(type)),
                omitted(profile))));
    return tables;
  }

  private SequencedMap<String, ObjectProfile> profiles(JsonPath type) throws IOException {
    SequencedMap<String, ObjectProfile> types = new LinkedHashMap<>();
    file.rows(row ->
        type.textIn(row)
            .ifPresent(name ->
                types.computeIfAbsent(name, _ -> new ObjectProfile(1, true)).add(row, true)));
    return types;
  }

  /// Whether some field is in most events of one type and in no event of another type.
  private static boolean differ(SequencedMap<String, ObjectProfile> types) {
    return types.values().stream()
        .anyMatch(one ->
            one.members().entrySet().stream()
                .filter(member -> member.getValue().present() * 2 > one.count())
                .anyMatch(member ->
                    types.values().stream()
                        .anyMatch(
                            other -> other.member(member.getKey()).isEmpty() && other != one)));
  }

  private static String tableName(String type, Set<String> used) {
    String words = NameWords.of(type).joined().replaceAll("[^a-z0-9_]", "");
    String start = words.matches("[a-z].*") ? words : "type_" + words;
    String name = start.length() > 38 ? start.substring(0, 38) : start;
    String free = name;
    for (int n = 2; !used.add(free); n++) {
      free = name + "_" + n;
    }
    return free;
  }

  /// @param type the field of the type, if the table is built from one type
  private List<ProposedField> fields(ObjectProfile events, Optional<JsonPath> type) {
    ColumnNames names = new ColumnNames();
    List<ProposedField> fields = new ArrayList<>();
    for (Map.Entry<String, ValueProfile> member : events.members().entrySet()) {
      JsonPath path = new JsonPath(List.of(member.getKey()));
      boolean isAddedAnyway =
          id.equals(Optional.of(path)) && Names.isReservedColumn(member.getKey());
      if (Place.isReadable(path) && !isAddedAnyway && !type.equals(Optional.of(path))) {
        ValueProfile values = member.getValue();
        Choice choice =
            path.equals(time)
                ? timeChoice(values.scalars())
                : TypeChooser.choose(member.getKey(), values);
        boolean isRequired = values.present() == events.count();
        fields.add(
            new ProposedField(names.next(member.getKey()), path, values, choice, isRequired));
      }
    }
    return fields;
  }

  private static List<String> omitted(ObjectProfile events) {
    return events.members().keySet().stream()
        .filter(name -> !Place.isReadable(new JsonPath(List.of(name))))
        .toList();
  }

  private static Choice timeChoice(ScalarProfile values) {
    long misfits = values.count() - values.fits(Candidate.INSTANT);
    return new Choice(
        Candidate.INSTANT.type(),
        "the time of the event",
        values.misfits(Candidate.INSTANT),
        misfits);
  }
}
