package dev.sluice.simulation;

import static dev.sluice.simulation.Defects.after;
import static dev.sluice.simulation.Defects.asks;
import static dev.sluice.simulation.Defects.bucket;
import static dev.sluice.simulation.Defects.bytes;
import static dev.sluice.simulation.Defects.condition;
import static dev.sluice.simulation.Defects.engine;
import static dev.sluice.simulation.Defects.head;
import static dev.sluice.simulation.Defects.history;
import static dev.sluice.simulation.Defects.ledger;
import static dev.sluice.simulation.Defects.lines;
import static dev.sluice.simulation.Defects.openPlan;
import static dev.sluice.simulation.Defects.overlooks;
import static dev.sluice.simulation.Defects.request;
import static dev.sluice.simulation.Defects.response;
import static dev.sluice.simulation.Defects.seen;
import static dev.sluice.simulation.Defects.source;
import static dev.sluice.simulation.Defects.table;
import static dev.sluice.simulation.Defects.write;
import static dev.sluice.simulation.Defects.writesOver;

import dev.sluice.batch.BatchName;
import dev.sluice.batch.Counts;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Bucket.Put;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Admitter;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.TransientFailure;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.queue.MessageSource;
import dev.sluice.queue.MessageSource.Received;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulation.Defects.Call;
import dev.sluice.simulation.PlainEngine.Flaw;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Problems of which each breaks the law sooner or later, to see that torture finds them.
enum InjectedDefect {
  DELETES_BEFORE_STAGING(Sign.LOST, new DeletesAtOnce()),
  DELETES_MORE_THAN_THE_CHUNK_HOLDS(
      Sign.LOST,
      source(
          "delete",
          call -> {
            List<Received> more = call.port().receive(1);
            if (!more.isEmpty()) {
              call.port().delete(List.of(more.getFirst().handle()));
            }
            return call.real().call();
          })),
  TAKES_REFUSED_DELETES_FOR_DONE(
      "deletes were refused",
      source(
          "delete",
          call -> {
            call.real().call();
            return 0;
          })),
  DELETES_IN_DOUBT(Sign.LOST, ledger("stage", Defects::ignoringFailure)),
  STAGES_AGAIN_WHEN_IN_DOUBT(
      Sign.CHUNK_TWICE,
      ledger(
          "stage",
          (call, _, turns) -> {
            try {
              return call.real().call();
            } catch (TransientFailure again) {
              turns.sleep(Duration.ofMinutes(3));
              return call.real().call();
            }
          })),
  SEALS_BLINDLY(Sign.NOT_STAGED, seal(_ -> "NOT attribute_exists(nothing)")),
  RESEALS_BLINDLY(
      Sign.NOT_STAGED, condition(c -> c.endsWith(" = :old") ? "NOT attribute_exists(nothing)" : c)),
  SEALS_WHAT_IT_LISTED_BEFORE(Sign.NOT_STAGED, new ListsOnce()),
  RESEALS_UNDER_THE_SAME_ID(
      "outdated since", ledger("reseal", (call, bucket, _) -> resealedInPlace(call, bucket))),
  NEVER_HALVES(
      Sign.NOT_PARKED,
      ledger(
          "reseal",
          call ->
              (int) call.arguments().getLast() == call.port().head().maxChunks()
                  ? call.real().call()
                  : false)),
  NEVER_PARKS(Sign.NOT_PARKED, ledger("park", _ -> false)),
  MAKES_THE_PLAN_ANEW(
      Sign.NOT_PARKED,
      openPlan(_ -> Optional.empty())
          .and(seal(c -> without(c, "attribute_not_exists(#plan) AND ")))),
  PARKS_AFTER_ONE_FAILURE(
      "parked for no reason",
      openPlan(open -> open.map(o -> new OpenPlan(o.id(), o.key(), o.sha256(), 3, o.error())))),
  PARKS_BLINDLY(
      Sign.CHUNK_TWICE,
      park(List.of("Update", "Delete"), write -> write.remove("ConditionExpression"))),
  PARKING_CLEARS_NOTHING(
      Sign.NOT_STAGED,
      park(
          List.of("Update"),
          head ->
              head.put(
                  "UpdateExpression",
                  without(
                      head.path("UpdateExpression").asString(), "cleared = cleared + :one, ")))),
  DOES_NOT_NOTICE_A_DEPLOY(
      "works on what was planned for",
      new Defect() {
        @Override
        public Pipeline pipeline(Pipeline pipeline) {
          return Fixture.unchanged(pipeline);
        }
      }),
  COMMITS_WHATEVER_THE_LEDGER_SAYS(
      Sign.ANOTHER_ATTEMPT,
      asks(
          "dynamodb TransactWriteItems",
          transaction ->
              transaction
                  .path("TransactItems")
                  .forEach(write ->
                      write.forEach(kind -> Defects.remove(kind, "ConditionExpression"))))),
  COMMITS_ITEM_BY_ITEM("the ledger has none|" + Sign.CHUNK_TWICE, Defects.itemByItem()),
  PUBLISHES_THE_FIRST_ATTEMPT(
      Sign.ANOTHER_ATTEMPT,
      ledger(
          "batch",
          (call, bucket, _) ->
              call.port()
                  .batch((Long) call.arguments().getFirst())
                  .map(batch -> firstAttempt(batch, bucket)))),
  PUBLISHES_BEFORE_IT_COMMITS(
      "before it was committed: lake/",
      ledger(
          "commit",
          (call, bucket, _) -> {
            CommittedBatch batch = (CommittedBatch) call.arguments().getFirst();
            var manifest = ManifestJson.read(batch.manifest(), bucket.read(batch.manifest()));
            for (OutputFile file : manifest.files()) {
              if (!file.table().equals(OutputFile.QUARANTINE)) {
                bucket.copy(
                    file.key(),
                    new Layout(Fixture.PIPELINE).lake(file.table(), file.partition(), manifest.name()));
              }
            }
            return call.real().call();
          })),
  QUARANTINES_BEFORE_IT_COMMITS(
      "before it was committed: quarantine/",
      bucket(
          "put",
          call -> {
            String key = key(call);
            if (key.contains("/quarantine/")) {
              String[] folders = key.split("/", -1);
              ObjectKey plan = new Layout(Fixture.PIPELINE).plan(new PlanId(folders[2]));
              BatchName batch = PlanJson.read(plan, call.port().read(plan)).name();
              call.port()
                  .put(
                      new Layout(Fixture.PIPELINE).quarantine(folders[5], batch),
                      (Path) call.arguments().get(1));
            }
            return call.real().call();
          })),
  MARKS_AS_PUBLISHED_BEFORE_THE_RECEIPT(
      Sign.ANOTHER_ATTEMPT,
      ledger(
          "batch",
          call -> {
            Object batch = call.real().call();
            call.port().published((Long) call.arguments().getFirst());
            return batch;
          })),
  FORGETS_TO_PUBLISH(
      Sign.STUCK,
      head(h ->
          new Head(
              h.sequence(), h.sequence(), h.cleared(), h.maxChunks(), h.parkings(), h.open()))),
  SEALS_BEFORE_IT_HAS_PUBLISHED(
      "came, and the one before it is not there",
      seal(c -> without(c, " AND published = :n")).and(FORGETS_TO_PUBLISH.bug)),
  WRITES_RECEIPTS_OVER("was changed after readers could see it", writesOver("/receipts/")),
  COPIES_CARELESSLY(
      "which is not there|which is another file", bucket("copy", Defects::ignoringFailure)),
  TAKES_A_COPIED_FILE_FOR_AN_ERROR(
      Sign.STUCK,
      request(
          "s3 CopyObject",
          request ->
              new Request(
                  request.http().toBuilder().putHeader("If-None-Match", "*").build(),
                  request.body()))),
  TAKES_ITS_OWN_OBJECT_FOR_ANOTHERS(
      "was there already",
      response(
          "s3 HeadObject",
          response ->
              new Response(response.status(), Map.of(), response.body(), response.length()))),
  SHARES_A_FOLDER_BETWEEN_ATTEMPTS(
      Sign.STUCK,
      new Defect() {
        @Override
        public Request request(Request request) {
          return withSharedFolder(request);
        }
      }),
  WINDOW_OF_AN_HOUR(
      Sign.TWICE,
      history(batches ->
          batches.stream()
              .filter(b ->
                  b.committedAt()
                      .isAfter(batches.getFirst().committedAt().minus(Duration.ofHours(1))))
              .toList())),
  WINDOW_FROM_THE_NEWEST(
      Sign.TWICE, ledger("staged", call -> asOldAsTheNewest(call.port().staged()))),
  FORGETS_THE_LAST_BATCH(
      Sign.TWICE,
      history(batches -> batches.isEmpty() ? batches : batches.subList(1, batches.size()))),
  COUNTS_WHAT_WAS_NOT_COMMITTED(Sign.LOST, ledger("batchesSince", InjectedDefect::withUncommitted)),
  READS_ONE_PAGE(Sign.TWICE, overlooks("dynamodb Query", "LastEvaluatedKey")),
  READS_EVENTUALLY(
      Sign.NOT_STAGED,
      eventually("dynamodb GetItem")
          .and(eventually("dynamodb Query"))
          .and(eventually("dynamodb Scan"))),
  WRITES_NO_SEEN_FILE(
      "MissingObject",
      bucket(
          "put", call -> key(call).endsWith("/seen/messages.parquet") ? null : call.real().call())),
  REMEMBERS_HALF_OF_THE_MESSAGES(Sign.TWICE, after(forgettingHalf("seen/messages.parquet"))),
  REMEMBERS_HALF_OF_A_COVER(Sign.TWICE, after(forgettingHalf("seen/events-cover.parquet"))),
  REMEMBERS_BAD_EVENTS(Sign.LOST, after(InjectedDefect::rememberingBadEvents)),
  REMEMBERS_EVENTS_AS_BRIEFLY_AS_MESSAGES(Sign.TWICE, seen(InjectedDefect::eventsOfTheMessages)),
  KNOWS_NO_EARLIER_MESSAGE(
      Sign.TWICE, seen(s -> new Seen(List.of(), s.events(), s.coverMessages(), s.coverEvents()))),
  KNOWS_NO_EARLIER_EVENT(
      Sign.TWICE, seen(s -> new Seen(s.messages(), List.of(), s.coverMessages(), s.coverEvents()))),
  TAKES_COPIES_IN_A_BATCH_FOR_MESSAGES(Sign.TWICE, engine(Flaw.LOADS_COPIES)),
  LOADS_REPEATED_EVENTS_OF_A_BATCH(Sign.TWICE, engine(Flaw.LOADS_REPEATED_EVENTS)),
  TAKES_A_CONTRADICTION_FOR_A_REPETITION("missing from quarantine", engine(Flaw.IGNORES_CONTENT)),
  LOSES_AN_EVENT_AND_ITS_COUNT(Sign.LOST, after((_, outcome) -> withoutAnEvent(outcome))),
  ROUNDS_THROUGH_A_DOUBLE(
      Sign.WRONG_ROW,
      after((_, outcome) -> {
        table(outcome, f -> f.table().equals("sales"))
            .map(LocalFile::path)
            .ifPresent(file ->
                write(
                    file,
                    PlainEngine.rows(bytes(file)).stream().map(InjectedDefect::rounded).toList()));
        return outcome;
      })),
  DROPS_UNPROCESSED_KEYS(Sign.WRONG_ROW, overlooks("dynamodb BatchGetItem", "UnprocessedKeys")),
  READS_REFERENCES_EVENTUALLY(
      Sign.WRONG_ROW,
      asks(
          "dynamodb BatchGetItem",
          body ->
              body.path("RequestItems")
                  .forEach(wanted -> Defects.remove(wanted, "ConsistentRead")))),
  READS_REFERENCES_ANEW(
      Sign.OTHER_REFERENCES,
      bucket(
              "putIfAbsent",
              call -> {
                Object put = call.real().call();
                return key(call).contains("/references/") ? Put.WRITTEN : put;
              })
          .and(
              bucket(
                  "download",
                  call -> {
                    if (key(call).contains("/references/")) {
                      throw new MissingObject(key(call), new IllegalStateException("planted"));
                    }
                    return call.real().call();
                  }))),
  SAVES_REFERENCES_OVER(Sign.OTHER_REFERENCES, writesOver("/references/"));

  private static final String WORK = "work/" + Fixture.PIPELINE + "/";
  private static final String SHARED = "00000000-0000-0000-0000-000000000000";

  @SuppressWarnings("ImmutableEnumChecker") // A bug keeps nothing from call to call.
  final Defect bug;

  /// One of the violations that this leads to says so: a regular expression.
  final String sign;

  InjectedDefect(String sign, Defect bug) {
    this.sign = sign;
    this.bug = bug;
  }

  private static final class Sign {
    static final String LOST = "is in the lake 0 times|missing from quarantine";
    static final String TWICE = "is in the lake 2 times|not expected in quarantine";
    static final String CHUNK_TWICE = "a chunk is in two batches";
    static final String NOT_STAGED = "the open plan names a chunk that is not staged";
    static final String STUCK = "never quiet";
    static final String NOT_PARKED = "poison was not parked";
    static final String ANOTHER_ATTEMPT = "committed attempts .*, published attempts ";
    static final String WRONG_ROW = "was loaded as";
    static final String OTHER_REFERENCES = "does not match the saved reference rows";
  }

  private static String key(Call<Bucket> call) {
    return ((ObjectKey) call.arguments().getFirst()).value();
  }

  private static Defect eventually(String operation) {
    return asks(operation, body -> body.remove("ConsistentRead"));
  }

  /// A lane that deletes what it has received at once, and nothing when its chunk is staged.
  private static final class DeletesAtOnce implements Defect {
    @Override
    public MessageSource source(MessageSource source) {
      return new MessageSource() {
        private int left;

        @Override
        public List<Received> receive(int most) {
          List<Received> received = source.receive(most);
          if (!received.isEmpty()) {
            left += source.delete(received.stream().map(Received::handle).toList());
          }
          return received;
        }

        @Override
        public int delete(List<String> handles) {
          return left;
        }
      };
    }
  }

  /// A function that keeps the first list of staged chunks that it got.
  private static final class ListsOnce implements Defect {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler turns) {
      List<List<StagedChunk>> listed = new ArrayList<>();
      return Defects.ledger(
              "staged",
              call -> {
                listed.add(call.port().staged());
                return listed.getFirst();
              })
          .ledger(ledger, bucket, turns);
    }
  }

  /// Seals under another condition.
  private static Defect seal(UnaryOperator<String> edit) {
    return condition(c -> c.contains("cleared") ? edit.apply(c) : c);
  }

  /// Parks by other writes of these kinds.
  private static Defect park(List<String> kinds, Consumer<ObjectNode> edit) {
    return asks(
        "dynamodb TransactWriteItems",
        transaction -> {
          if (transaction.toString().contains("parkings + :one")) {
            kinds.stream()
                .flatMap(kind -> transaction.findValues(kind).stream())
                .forEach(write -> edit.accept((ObjectNode) write));
          }
        });
  }

  private static String without(String text, String part) {
    if (!text.contains(part)) {
      throw new IllegalStateException(part + " is not in " + text);
    }
    return text.replace(part, "");
  }

  /// Writes the new plan over the old. Then it fails, for the planner would go on under the new
  /// plan's id; the tick's retry resumes what is sealed.
  private static boolean resealedInPlace(Call<Ledger> call, Bucket bucket) throws IOException {
    PlanId old = (PlanId) call.arguments().getFirst();
    OpenPlan fresh = (OpenPlan) call.arguments().get(1);
    if (call.port().head().open().filter(open -> open.id().equals(old)).isEmpty()) {
      return false;
    }
    Plan p = PlanJson.read(fresh.key(), bucket.read(fresh.key()));
    byte[] json =
        PlanJson.write(
            new Plan(
                old,
                p.pipeline(),
                p.sequence(),
                p.digest(),
                p.chunks(),
                p.seenMessages(),
                p.seenEvents(),
                p.coverMessages(),
                p.coverEvents()));
    ObjectKey key = new Layout(Fixture.PIPELINE).plan(old);
    Path file = Files.createTempFile("plan", ".json");
    try {
      bucket.put(key, Files.write(file, json));
    } finally {
      Files.delete(file);
    }
    boolean resealed =
        call.port()
            .reseal(
                old,
                new OpenPlan(old, key, Sha256.of(json), 0, ""),
                (int) call.arguments().getLast());
    throw new TransientFailure("resealed in place: " + resealed);
  }

  /// Where all fit into one plan.
  private static List<StagedChunk> asOldAsTheNewest(List<StagedChunk> staged) {
    if (staged.stream().mapToInt(StagedChunk::messages).sum() > Fixture.MESSAGES_A_BATCH) {
      return staged;
    }
    return staged.stream()
        .map(c ->
            new StagedChunk(
                c.id(), c.key(), c.messages(), c.bytes(), staged.getLast().oldest(), c.sha256()))
        .toList();
  }

  private static CommittedBatch firstAttempt(CommittedBatch batch, Bucket bucket) {
    ObjectKey key =
        bucket.list("work/" + Fixture.PIPELINE + "/" + batch.plan().value()).stream()
            .filter(k -> k.value().endsWith("/manifest.json"))
            .findFirst()
            .orElseThrow();
    byte[] json = bucket.read(key);
    return new CommittedBatch(
        batch.sequence(),
        batch.plan(),
        ManifestJson.read(key, json).attempt(),
        key,
        Sha256.of(json),
        batch.committedAt());
  }

  private static List<CommittedBatch> withUncommitted(
      Call<Ledger> call, Bucket bucket, Scheduler turns) {
    long last = (Long) call.arguments().get(1);
    List<CommittedBatch> batches =
        new ArrayList<>(call.port().batchesSince((Instant) call.arguments().getFirst(), last));
    for (ObjectKey key : bucket.list(WORK)) {
      if (!key.value().endsWith("/manifest.json")) {
        continue;
      }
      byte[] json = bucket.read(key);
      var manifest = ManifestJson.read(key, json);
      if (manifest.sequence() > last) {
        batches.add(
            new CommittedBatch(
                ++last,
                manifest.plan(),
                manifest.attempt(),
                key,
                Sha256.of(json),
                Instant.parse("2100-01-01T00:00:00Z")));
      }
    }
    return batches;
  }

  private static Request withSharedFolder(Request request) {
    var http = request.http();
    var shared =
        http.toBuilder()
            .encodedPath(
                http.encodedPath().replaceAll("(/work/[^/]+/[^/]+/)[^/]+/", "$1" + SHARED + "/"));
    http.firstMatchingHeader("x-amz-copy-source")
        .ifPresent(from ->
            shared.putHeader(
                "x-amz-copy-source",
                from.replaceAll(
                    "(work(?:/|%2F)[^/%]+(?:/|%2F)[^/%]+(?:/|%2F))[^/%]+", "$1" + SHARED)));
    return new Request(shared.build(), request.body());
  }

  private static Defects.Afterwards forgettingHalf(String file) {
    return (work, outcome) -> {
      Path seen = work.folder().resolve(file);
      if (Files.exists(seen)) {
        List<String> ids = lines(seen);
        write(seen, ids.subList(0, ids.size() / 2));
      }
      return outcome;
    };
  }

  private static Output rememberingBadEvents(Input work, Output outcome) {
    Admitter admitter = new Admitter(work.pipeline().admissionRules());
    Path seen = work.folder().resolve("seen/events.parquet");
    List<String> ids = new ArrayList<>(lines(seen));
    outcome.files().stream()
        .filter(f -> f.table().equals(OutputFile.QUARANTINE))
        .flatMap(f -> PlainEngine.rows(bytes(f.path())).stream())
        .map(row -> admitter.identity(String.valueOf(row.get("event_id"))))
        .forEach(id -> ids.add(id + "," + id));
    write(seen, ids);
    return outcome;
  }

  private static Seen eventsOfTheMessages(Seen seen) {
    Set<String> batches =
        seen.messages().stream()
            .map(file -> file.getFileName().toString().replace("messages", "events"))
            .collect(Collectors.toSet());
    return new Seen(
        seen.messages(),
        seen.events().stream()
            .filter(file -> batches.contains(file.getFileName().toString()))
            .toList(),
        seen.coverMessages(),
        seen.coverEvents());
  }

  private static Output withoutAnEvent(Output outcome) {
    Optional<LocalFile> table = table(outcome, f -> f.rows() > 1);
    if (table.isEmpty()) {
      return outcome;
    }
    LocalFile file = table.get();
    List<String> lines = lines(file.path());
    write(file.path(), lines.subList(1, lines.size()));
    List<LocalFile> files = new ArrayList<>(outcome.files());
    files.set(
        files.indexOf(file),
        new LocalFile(file.table(), file.partition(), file.path(), file.rows() - 1));
    Counts counts = outcome.counts();
    return new Output(
        outcome.messages(),
        new Counts(
            counts.received() - 1,
            counts.loaded() - 1,
            counts.quarantined(),
            counts.duplicate(),
            counts.filtered()),
        outcome.reasons(),
        outcome.warnings(),
        outcome.tables(),
        files,
        outcome.metrics(),
        outcome.took());
  }

  private static String rounded(Map<String, String> row) {
    double amount = Double.parseDouble(String.valueOf(row.get("amount")));
    double rate = Double.parseDouble(String.valueOf(row.get("rate")));
    Map<String, String> changed = new HashMap<>(row);
    changed.put(
        "amount_usd", BigDecimal.valueOf(Math.round(amount * rate * 100), 2).toPlainString());
    return Defects.JSON.writeValueAsString(changed);
  }
}
