package dev.sluice.sample;

import dev.sluice.cases.CaseRunner;
import dev.sluice.cases.PipelineCase;
import dev.sluice.cases.TemporaryFolder;
import dev.sluice.event.EventType;
import dev.sluice.json.Json;
import dev.sluice.json.JsonPath;
import dev.sluice.json.JsonText;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PipelineSource;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Names;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.sample.Created.EventPart;
import dev.sluice.sample.Created.Quarantined;
import dev.sluice.sample.Proposal.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Creates the folder of a pipeline from a sample of its events. The file is read three or four
/// times, each time as a stream: memory depends on the number of fields, not of rows.
public final class NewPipeline {
  /// The name of the test case.
  public static final String CASE = "from_sample";

  private final PipelineSource pipelines;
  private final String name;
  private final Overrides overrides;
  private final Instant now;
  private final List<EventPart> event = new ArrayList<>();

  /// What the user specifies instead of the proposals.
  ///
  /// @param type the path of the type, or the type of all events
  /// @param zone the time zone of times without an offset in a CSV file
  public record Overrides(
      Optional<EventType> type,
      Optional<JsonPath> id,
      Optional<JsonPath> time,
      Optional<ZoneId> zone) {}

  /// @param now when the command runs, which decides whether events are old
  public NewPipeline(PipelineSource pipelines, String name, Overrides overrides, Instant now) {
    this.pipelines = pipelines;
    this.name = name;
    this.overrides = overrides;
    this.now = now;
  }

  /// Creates the folder, or nothing if the sample cannot be used.
  ///
  /// @param warnings where replaced characters of the sample are reported
  /// @throws UsageError if the name is invalid or used, or the file does not exist
  /// @throws OperationFailed if the file is not a sample of events
  public Created create(String file, PrintWriter warnings) throws IOException, PipelineProblems {
    checkName();
    SampleFile sample = SampleFile.open(file);
    Profile profile = profile(sample, warnings);
    if (overrides.zone().isPresent()) {
      ZonedColumns columns = new ZonedColumns(overrides.zone().get(), overrides.time());
      sample = columns.of(sample, profile.events);
      profile = profile(sample, warnings);
    }
    return write(propose(sample, profile.events, profile.repeated));
  }

  /// @param repeated the number of rows that equal an earlier one
  private record Profile(ObjectProfile events, long repeated) {}

  private static Profile profile(SampleFile sample, PrintWriter warnings) throws IOException {
    ObjectProfile events = new ObjectProfile(1, true);
    Unique rows = new Unique();
    StringBuilder normal = new StringBuilder();
    sample.checkedRows(
        row -> {
          normal.setLength(0);
          JsonText.normal(row, normal);
          events.add(row, rows.add(normal.toString()));
        },
        warnings);
    if (events.hasTooManyMembers()) {
      throw new OperationFailed(
          sample.name()
              + " has more than 500 different fields, so it is not a sample of similar events");
    }
    return new Profile(events, rows.repeated());
  }

  private void checkName() {
    if (!Names.isName(name)) {
      throw new UsageError(
          "'%s' is not a valid name of a pipeline: use %s".formatted(name, Names.RULE));
    }
    if (Files.exists(folder())) {
      throw new UsageError(
          folder() + " already exists: use another name, or delete the folder first");
    }
  }

  private Path folder() {
    return pipelines.root().resolve(name);
  }

  private Proposal propose(SampleFile sample, ObjectProfile events, long repeatedRows)
      throws IOException {
    JsonPath time =
        overrides
            .time()
            .map(path -> checkedTime(path, sample, events))
            .orElseGet(() -> TimeField.find(sample, events).path());
    ScalarProfile times = Place.at(time, events).orElseThrow().values().scalars();
    Accept accept = Accept.of(times, now);
    EventType type = type(sample, events);
    String constant = type instanceof EventType.Always(String all) ? all : "";
    Optional<JsonPath> id = id(sample, events, constant, repeatedRows);
    event.add(
        new EventPart(
            "time",
            time.toString(),
            "from %s to %s"
                .formatted(
                    times.times().smallest(Instant::toString),
                    times.times().largest(Instant::toString))));
    event.add(
        new EventPart(
            "accept",
            accept.text(),
            accept.isHistorical()
                ? "covers these old events; for live events, set [-90d, +1h]"
                : "the default"));
    ProposalBuilder builder = new ProposalBuilder(name, sample, id, time);
    List<Table> tables =
        switch (type) {
          case EventType.Always(String all) -> builder.one(events, List.of(all));
          case EventType.At(JsonPath path) -> builder.byType(path, events);
        };
    return new Proposal(name, sample, events.count(), type, id, time, accept, tables);
  }

  private static JsonPath checkedTime(JsonPath path, SampleFile sample, ObjectProfile events) {
    Place place = existing(path, sample, events);
    if (place.values().scalars().fits(Candidate.INSTANT) == 0) {
      throw new OperationFailed(
          "%s is not a time that Sluice can read (ISO 8601 with an offset, like 2026-11-21T09:15:00Z):%n%s"
              .formatted(
                  path, TimeField.explain(place, sample.isCsv()).orElse("  it has no such value")));
    }
    return path;
  }

  private static Place existing(JsonPath path, SampleFile sample, ObjectProfile events) {
    return Place.at(path, events)
        .orElseThrow(() ->
            new UsageError(
                "%s has no field %s; it has: %s"
                    .formatted(
                        sample.name(),
                        path,
                        Place.of(events).stream()
                            .map(place -> place.path().toString())
                            .collect(Collectors.joining(", ")))));
  }

  private EventType type(SampleFile sample, ObjectProfile events) {
    EventType type;
    String why;
    Optional<Place> found = TypeField.find(events);
    if (overrides.type().isPresent()) {
      type = overrides.type().get();
      if (type instanceof EventType.At(JsonPath path)) {
        existing(path, sample, events);
      }
      why = "as specified";
    } else if (found.isPresent()) {
      type = new EventType.At(found.get().path());
      why = "values: " + String.join(", ", found.get().values().scalars().distinct().keySet());
    } else {
      type = TypeField.constant(name);
      why = "the type of all events, because no field contains one";
    }
    event.add(new EventPart("type", type.toString(), why));
    return type;
  }

  private Optional<JsonPath> id(
      SampleFile sample, ObjectProfile events, String type, long repeatedRows) {
    Optional<Place> found =
        overrides.id().isPresent()
            ? Optional.of(existing(overrides.id().get(), sample, events))
            : IdField.find(events, type);
    String repeated =
        repeatedRows == 0
            ? ""
            : "; repeated rows: %,d%s"
                .formatted(repeatedRows, found.isEmpty() ? "" : ", each is loaded once");
    if (found.isEmpty()) {
      event.add(
          new EventPart(
              "id",
              "none",
              "no field that is named like an id is unique: only redelivered messages are detected as duplicates"
                  + repeated));
      return Optional.empty();
    }
    event.add(
        new EventPart(
            "id",
            found.get().path().toString(),
            why(found.get(), type, events.count()) + repeated));
    return Optional.of(found.get().path());
  }

  /// Values are checked for uniqueness only if their field is named like an id. For any other
  /// specified field it is unknown whether the values are unique.
  private static String why(Place id, String type, long rows) {
    long exceptions = IdField.exceptions(id, rows);
    if (id.values().repeated().isEmpty()) {
      return "as specified";
    }
    String unique =
        exceptions == 0
            ? "present and unique in all rows"
            : "present and unique in the rows; exceptions: %,d".formatted(exceptions);
    return id.words().idScore(type) > 1
        ? unique
        : unique + "; check that it is different for each event, or remove event.id";
  }

  private Created write(Proposal proposal) throws IOException, PipelineProblems {
    Files.createDirectories(pipelines.root());
    // A hidden folder is not a pipeline. It is renamed when it is complete.
    try (TemporaryFolder work = TemporaryFolder.in(pipelines.root(), ".new-")) {
      Path draft = Files.createDirectory(work.path().resolve(name));
      Files.writeString(draft.resolve(PipelineFolder.YAML), PipelineYaml.of(proposal));
      Pipeline pipeline = new PipelineSource(work.path()).load(name);
      CaseMessages messages = new CaseMessages(pipeline, proposal.accept().sentAt(now));
      proposal.file().bodies(messages::add, SampleFile.silent());
      writeCase(pipeline, draft, messages.messages(), proposal.accept().sentAt(now));
      Files.move(draft, folder());
      return created(proposal, messages.quarantined(), messages.messages().size());
    }
  }

  private static void writeCase(
      Pipeline pipeline, Path folder, List<String> messages, Instant sentAt) throws IOException {
    PipelineCase one = PipelineCase.named(folder, CASE);
    Files.createDirectories(one.folder());
    Files.writeString(
        one.givenFile(),
        messages.stream()
            .map(body ->
                JsonText.of(
                        Json.object(
                            Json.field("sent_at", sentAt.toString()), Json.field("body", body)))
                    + "\n")
            .collect(Collectors.joining()));
    try (CaseRunner runner = new CaseRunner()) {
      runner.run(pipeline, one).update();
    }
  }

  private Created created(Proposal proposal, Quarantined quarantined, int caseRows) {
    List<Created.Table> tables =
        proposal.tables().stream()
            .map(table ->
                new Created.Table(table.name(), table.rows(), Findings.of(table), table.omitted()))
            .toList();
    return new Created(
        folder(),
        proposal.file().source(),
        proposal.rows(),
        List.copyOf(event),
        tables,
        quarantined,
        caseRows);
  }
}
