package dev.sluice.torture;

import static dev.sluice.torture.Bugs.after;
import static dev.sluice.torture.Bugs.asks;
import static dev.sluice.torture.Bugs.bucket;
import static dev.sluice.torture.Bugs.bytes;
import static dev.sluice.torture.Bugs.condition;
import static dev.sluice.torture.Bugs.engine;
import static dev.sluice.torture.Bugs.head;
import static dev.sluice.torture.Bugs.history;
import static dev.sluice.torture.Bugs.ledger;
import static dev.sluice.torture.Bugs.lines;
import static dev.sluice.torture.Bugs.openPlan;
import static dev.sluice.torture.Bugs.overlooks;
import static dev.sluice.torture.Bugs.request;
import static dev.sluice.torture.Bugs.response;
import static dev.sluice.torture.Bugs.seen;
import static dev.sluice.torture.Bugs.source;
import static dev.sluice.torture.Bugs.table;
import static dev.sluice.torture.Bugs.write;
import static dev.sluice.torture.Bugs.writesOver;

import dev.sluice.batch.BatchName;
import dev.sluice.batch.Counts;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Bucket.Put;
import dev.sluice.bucket.Layout;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.cloud.Request;
import dev.sluice.cloud.Response;
import dev.sluice.event.Admitter;
import dev.sluice.extract.MessageSource.Received;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.ledger.StagedChunk;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.torture.Bugs.Call;
import dev.sluice.torture.PlainOrders.Slip;
import dev.sluice.transform.Engine.LocalFile;
import dev.sluice.transform.Engine.Outcome;
import dev.sluice.transform.Engine.Seen;
import dev.sluice.transform.Engine.Work;
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
import java.util.stream.Collectors;

/// Mistakes of which each breaks the law sooner or later, to see that torture finds them.
enum Planted {
  DELETES_BEFORE_STAGING(
      source(
          "receive",
          call -> {
            List<Received> received = call.port().receive((int) call.arguments().getFirst());
            if (!received.isEmpty()) {
              call.port().delete(received.stream().map(Received::handle).toList());
            }
            return received;
          })),
  DELETES_MORE_THAN_THE_CHUNK_HOLDS(
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
      source(
          "delete",
          call -> {
            call.real().call();
            return 0;
          })),
  DELETES_IN_DOUBT(ledger("stage", Bugs::ignoringFailure)),
  STAGES_AGAIN_WHEN_IN_DOUBT(
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
  SEALS_BLINDLY(condition(c -> c.contains("cleared") ? "NOT attribute_exists(nothing)" : c)),
  RESEALS_BLINDLY(condition(c -> c.endsWith(" = :old") ? "NOT attribute_exists(nothing)" : c)),
  SEALS_WHAT_IT_LISTED_BEFORE(new ListsOnce()),
  MAKES_THE_PLAN_ANEW(openPlan(_ -> Optional.empty()).and(SEALS_BLINDLY.bug)),
  PARKS_AFTER_ONE_FAILURE(
      openPlan(open -> open.map(o -> new OpenPlan(o.id(), o.key(), o.sha256(), 3, o.error())))),
  DOES_NOT_NOTICE_A_DEPLOY(
      new Bug() {
        @Override
        public Pipeline pipeline(Pipeline pipeline) {
          return Lab.unchanged(pipeline);
        }
      }),
  COMMITS_WHATEVER_THE_LEDGER_SAYS(
      asks(
          "dynamodb TransactWriteItems",
          transaction ->
              transaction
                  .path("TransactItems")
                  .forEach(
                      write -> write.forEach(kind -> Bugs.remove(kind, "ConditionExpression"))))),
  PUBLISHES_THE_FIRST_ATTEMPT(
      ledger(
          "batch",
          (call, bucket, _) ->
              call.port()
                  .batch((Long) call.arguments().getFirst())
                  .map(batch -> firstAttempt(batch, bucket)))),
  PUBLISHES_BEFORE_IT_COMMITS(
      ledger(
          "commit",
          (call, bucket, _) -> {
            CommittedBatch batch = (CommittedBatch) call.arguments().getFirst();
            var manifest = ManifestJson.read(batch.manifest(), bucket.read(batch.manifest()));
            for (OutputFile file : manifest.files()) {
              if (!file.table().equals(OutputFile.QUARANTINE)) {
                bucket.copy(
                    file.key(),
                    new Layout("orders").lake(file.table(), file.partition(), manifest.name()));
              }
            }
            return call.real().call();
          })),
  QUARANTINES_BEFORE_IT_COMMITS(
      bucket(
          "put",
          call -> {
            String key = key(call);
            if (key.contains("/quarantine/")) {
              String[] folders = key.split("/", -1);
              ObjectKey plan = new Layout("orders").plan(new PlanId(folders[2]));
              BatchName batch = PlanJson.read(plan, call.port().read(plan)).name();
              call.port()
                  .put(
                      new Layout("orders").quarantine(folders[5], batch),
                      (Path) call.arguments().get(1));
            }
            return call.real().call();
          })),
  MARKS_AS_PUBLISHED_BEFORE_THE_RECEIPT(
      ledger(
          "batch",
          call -> {
            Object batch = call.real().call();
            call.port().published((Long) call.arguments().getFirst());
            return batch;
          })),
  FORGETS_TO_PUBLISH(
      head(h ->
          new Head(
              h.sequence(), h.sequence(), h.cleared(), h.mostChunks(), h.parkings(), h.open()))),
  WRITES_RECEIPTS_OVER(writesOver("/receipts/")),
  COPIES_CARELESSLY(bucket("copy", Bugs::ignoringFailure)),
  TAKES_A_COPIED_FILE_FOR_AN_ERROR(
      request(
          "s3 CopyObject",
          request ->
              new Request(
                  request.http().toBuilder().putHeader("If-None-Match", "*").build(),
                  request.body()))),
  TAKES_ITS_OWN_OBJECT_FOR_ANOTHERS(
      response(
          "s3 HeadObject",
          response ->
              new Response(response.status(), Map.of(), response.body(), response.length()))),
  SHARES_A_FOLDER_BETWEEN_ATTEMPTS(
      new Bug() {
        @Override
        public Request request(Request request) {
          return withSharedFolder(request);
        }
      }),
  WINDOW_OF_AN_HOUR(
      history(batches ->
          batches.stream()
              .filter(b ->
                  b.committedAt()
                      .isAfter(batches.getFirst().committedAt().minus(Duration.ofHours(1))))
              .toList())),
  FORGETS_THE_LAST_BATCH(
      history(batches -> batches.isEmpty() ? batches : batches.subList(1, batches.size()))),
  COUNTS_WHAT_WAS_NOT_COMMITTED(ledger("batchesSince", Planted::withUncommitted)),
  READS_ONE_PAGE(overlooks("dynamodb Query", "LastEvaluatedKey")),
  READS_EVENTUALLY(
      eventually("dynamodb GetItem")
          .and(eventually("dynamodb Query"))
          .and(eventually("dynamodb Scan"))),
  WRITES_NO_SEEN_FILE(
      bucket(
          "put", call -> key(call).endsWith("/seen/messages.parquet") ? null : call.real().call())),
  REMEMBERS_HALF_OF_THE_MESSAGES(after(forgettingHalf("seen/messages.parquet"))),
  REMEMBERS_HALF_OF_A_COVER(after(forgettingHalf("seen/events-cover.parquet"))),
  REMEMBERS_BAD_EVENTS(after(Planted::rememberingBadEvents)),
  REMEMBERS_EVENTS_AS_BRIEFLY_AS_MESSAGES(seen(Planted::eventsOfTheMessages)),
  KNOWS_NO_EARLIER_MESSAGE(
      seen(s -> new Seen(List.of(), s.events(), s.coverMessages(), s.coverEvents()))),
  KNOWS_NO_EARLIER_EVENT(
      seen(s -> new Seen(s.messages(), List.of(), s.coverMessages(), s.coverEvents()))),
  TAKES_COPIES_IN_A_BATCH_FOR_MESSAGES(engine(Slip.TAKES_COPIES)),
  LOADS_REPEATED_EVENTS_OF_A_BATCH(engine(Slip.LOADS_REPEATED)),
  TAKES_A_CONTRADICTION_FOR_A_REPETITION(engine(Slip.IGNORES_CONTENT)),
  LOSES_AN_EVENT_AND_ITS_COUNT(after((_, outcome) -> withoutAnEvent(outcome))),
  ROUNDS_THROUGH_A_DOUBLE(
      after((_, outcome) -> {
        table(outcome, f -> f.table().equals("orders"))
            .map(LocalFile::path)
            .ifPresent(file ->
                write(file, PlainOrders.rows(bytes(file)).stream().map(Planted::rounded).toList()));
        return outcome;
      })),
  DROPS_UNPROCESSED_KEYS(overlooks("dynamodb BatchGetItem", "UnprocessedKeys")),
  READS_REFERENCES_EVENTUALLY(
      asks(
          "dynamodb BatchGetItem",
          body ->
              body.path("RequestItems").forEach(wanted -> Bugs.remove(wanted, "ConsistentRead")))),
  READS_REFERENCES_ANEW(
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
  SAVES_REFERENCES_OVER(writesOver("/references/"));

  private static final String SHARED = "00000000-0000-0000-0000-000000000000";

  @SuppressWarnings("ImmutableEnumChecker") // A bug keeps nothing from call to call.
  final Bug bug;

  Planted(Bug bug) {
    this.bug = bug;
  }

  private static String key(Call<Bucket> call) {
    return ((ObjectKey) call.arguments().getFirst()).value();
  }

  private static Bug eventually(String operation) {
    return asks(operation, body -> body.remove("ConsistentRead"));
  }

  /// A function that keeps the first list of staged chunks that it got.
  private static final class ListsOnce implements Bug {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      List<List<StagedChunk>> listed = new ArrayList<>();
      return Bugs.ledger(
              "staged",
              call -> {
                listed.add(call.port().staged());
                return listed.getFirst();
              })
          .ledger(ledger, bucket, turns);
    }
  }

  private static CommittedBatch firstAttempt(CommittedBatch batch, Bucket bucket) {
    ObjectKey key =
        bucket.list("work/orders/" + batch.plan().value()).stream()
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
      Call<Ledger> call, Bucket bucket, Turns turns) {
    long last = (Long) call.arguments().get(1);
    List<CommittedBatch> batches =
        new ArrayList<>(call.port().batchesSince((Instant) call.arguments().getFirst(), last));
    for (ObjectKey key : bucket.list("work/orders/")) {
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
                http.encodedPath().replaceAll("(/work/orders/[^/]+/)[^/]+/", "$1" + SHARED + "/"));
    http.firstMatchingHeader("x-amz-copy-source")
        .ifPresent(from ->
            shared.putHeader(
                "x-amz-copy-source",
                from.replaceAll(
                    "(work(?:/|%2F)orders(?:/|%2F)[^/%]+(?:/|%2F))[^/%]+", "$1" + SHARED)));
    return new Request(shared.build(), request.body());
  }

  private static Bugs.Afterwards forgettingHalf(String file) {
    return (work, outcome) -> {
      Path seen = work.folder().resolve(file);
      if (Files.exists(seen)) {
        List<String> ids = lines(seen);
        write(seen, ids.subList(0, ids.size() / 2));
      }
      return outcome;
    };
  }

  private static Outcome rememberingBadEvents(Work work, Outcome outcome) {
    Admitter admitter = new Admitter(work.pipeline().admissionRules());
    Path seen = work.folder().resolve("seen/events.parquet");
    List<String> ids = new ArrayList<>(lines(seen));
    outcome.files().stream()
        .filter(f -> f.table().equals(OutputFile.QUARANTINE))
        .flatMap(f -> PlainOrders.rows(bytes(f.path())).stream())
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

  private static Outcome withoutAnEvent(Outcome outcome) {
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
    return new Outcome(
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
    return Bugs.JSON.writeValueAsString(changed);
  }
}
