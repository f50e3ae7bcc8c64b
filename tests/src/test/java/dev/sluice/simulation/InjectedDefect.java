package dev.sluice.simulation;

import static dev.sluice.simulation.Defects.bucket;
import static dev.sluice.simulation.Defects.bytes;
import static dev.sluice.simulation.Defects.condition;
import static dev.sluice.simulation.Defects.engine;
import static dev.sluice.simulation.Defects.head;
import static dev.sluice.simulation.Defects.history;
import static dev.sluice.simulation.Defects.ledger;
import static dev.sluice.simulation.Defects.lines;
import static dev.sluice.simulation.Defects.openPlan;
import static dev.sluice.simulation.Defects.output;
import static dev.sluice.simulation.Defects.overwrites;
import static dev.sluice.simulation.Defects.receipt;
import static dev.sluice.simulation.Defects.removesFromResponse;
import static dev.sluice.simulation.Defects.request;
import static dev.sluice.simulation.Defects.requestBody;
import static dev.sluice.simulation.Defects.response;
import static dev.sluice.simulation.Defects.scheduled;
import static dev.sluice.simulation.Defects.seen;
import static dev.sluice.simulation.Defects.source;
import static dev.sluice.simulation.Defects.table;
import static dev.sluice.simulation.Defects.withoutSha256;
import static dev.sluice.simulation.Defects.write;
import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.sluice.deadline.Deadline;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Admitter;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.failure.DiskFull;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.ForwardingSource;
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
import dev.sluice.simulation.Fault.Kind;
import dev.sluice.simulation.PlainEngine.Flaw;
import dev.sluice.tick.Executions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The mutation tests of the simulation: each of these defects eventually violates an invariant.
enum InjectedDefect {
  DELETES_BEFORE_STAGING(Symptom.LOST, new DeletesOnReceive()),
  DELETES_MESSAGES_OUTSIDE_THE_CHUNK(
      Symptom.LOST,
      source(
          "delete",
          call -> {
            List<Received> more = call.port().receive(1);
            if (!more.isEmpty()) {
              call.port().delete(List.of(more.getFirst().handle()));
            }
            return call.real().call();
          })),
  IGNORES_FAILED_DELETES(
      "deletes failed, but",
      SearchHint.at(Scenario.ONE_BATCH, "sqs DeleteMessageBatch", Kind.PARTIAL),
      source(
          "delete",
          call -> {
            call.real().call();
            return 0;
          })),
  DELETES_AFTER_FAILED_STAGING(
      Symptom.LOST,
      SearchHint.at(Scenario.ONE_BATCH, "dynamodb PutItem", Kind.FAILS),
      ledger("stage", Defects::ignoringFailure)),
  RETRIES_STAGING(
      Symptom.CHUNK_TWICE,
      SearchHint.at(Scenario.ONE_BATCH, "dynamodb PutItem", Kind.REPLY_LOST),
      ledger(
          "stage",
          (call, _, scheduler) -> {
            try {
              return call.real().call();
            } catch (TransientFailure again) {
              scheduler.sleep(Duration.ofMinutes(3));
              return call.real().call();
            }
          })),
  RECEIVES_WHEN_ENOUGH_IS_STAGED(
      "receives although enough is staged",
      SearchHint.at(Scenario.BACKLOG),
      new Defect() {
        @Override
        public StagedLimit limit(StagedLimit limit) {
          return new StagedLimit(1_000, limit.messages(), limit.bytes());
        }
      }),
  STARTS_NO_EXECUTION_FOR_STAGED_CHUNKS(
      Symptom.NEVER_IDLE,
      SearchHint.at(Scenario.ONE_BATCH, "sfn StartExecution", Kind.FAILS),
      scheduled("staged", _ -> List.of())),
  STARTS_NO_EXECUTION_FOR_AN_UNPUBLISHED_BATCH(
      Symptom.NEVER_IDLE,
      SearchHint.persistent(Scenario.ONE_BATCH, "s3 CopyObject", Kind.KILLED_BEFORE),
      scheduled("head", _ -> Head.NEW)),
  STARTS_AN_EXECUTION_IN_EVERY_TICK(
      "an idle tick started an execution",
      scheduled(
          "head",
          call -> {
            Head head = call.port().head();
            return new Head(1, 0, head.cleared(), 1, 0, head.open());
          })),
  STARTS_EXECUTIONS_UNDER_NEW_NAMES(
      "which is not a tick", executions(real -> (tick, lanes) -> real.start(tick + "-1", lanes))),
  FAILS_WHEN_THE_EXECUTION_EXISTS(
      "the start of a tick failed without a fault",
      SearchHint.at(Scenario.FIRED_TWICE),
      response(
          "sfn StartExecution",
          response ->
              response.status() == 400
                  ? response.withHeader("x-amzn-ErrorType", "InvalidName")
                  : response)),
  SEALS_WITHOUT_CONDITION(
      Symptom.NOT_STAGED,
      SearchHint.at(
          Scenario.POISON, "dynamodb UpdateItem", Kind.SUSPENDED_PAST_LEASE, Kind.DELAYED),
      seal(_ -> "NOT attribute_exists(nothing)")),
  RESEALS_WITHOUT_CONDITION(
      Symptom.NOT_STAGED,
      SearchHint.at(
          Scenario.DEPLOY, "dynamodb UpdateItem", Kind.SUSPENDED_PAST_LEASE, Kind.DELAYED),
      condition(c -> c.endsWith(" = :old") ? "NOT attribute_exists(nothing)" : c)),
  SEALS_A_STALE_LIST(Symptom.NOT_STAGED, new ListsOnce()),
  RESEALS_UNDER_THE_SAME_PLAN_ID(
      "outdated since", ledger("reseal", (call, bucket, _) -> resealInPlace(call, bucket))),
  NEVER_HALVES(
      Symptom.NOT_PARKED,
      ledger(
          "reseal",
          call ->
              (int) call.arguments().getLast() == call.port().head().maxChunks()
                  ? call.real().call()
                  : false)),
  NEVER_PARKS(Symptom.NOT_PARKED, ledger("park", _ -> false)),
  IGNORES_THE_OPEN_PLAN(
      Symptom.NOT_PARKED,
      openPlan(_ -> Optional.empty())
          .and(seal(c -> without(c, "attribute_not_exists(#plan) AND ")))),
  PARKS_AFTER_ONE_FAILURE(
      "parked without a cause",
      openPlan(open -> open.map(o -> new OpenPlan(o.id(), o.key(), o.sha256(), 3, o.error())))),
  IGNORES_THE_DEADLINE(
      "parked without a cause",
      SearchHint.persistent(Scenario.OUTAGE, "s3 GetObject", Kind.SLOW),
      new Defect() {
        @Override
        public Deadline deadline(Deadline deadline) {
          return Deadline.NONE;
        }
      }),
  COUNTS_A_FULL_DISK(
      "parked without a cause",
      SearchHint.persistent(Scenario.OUTAGE, "s3 GetObject", Kind.DISK_FULL),
      bucket(
          "download",
          call -> {
            try {
              return call.real().call();
            } catch (DiskFull full) {
              throw new EngineFailure(String.valueOf(full.getMessage()));
            }
          })),
  PARKS_WITHOUT_CONDITION(
      Symptom.CHUNK_TWICE,
      SearchHint.at(
          Scenario.POISON,
          "dynamodb TransactWriteItems",
          Kind.SUSPENDED_FOR_HOURS,
          Kind.SUSPENDED_PAST_LEASE),
      park(List.of("Update", "Delete"), write -> write.remove("ConditionExpression"))),
  PARKS_WITHOUT_RAISING_CLEARED(
      Symptom.NOT_STAGED,
      SearchHint.at(
          Scenario.POISON, "dynamodb UpdateItem", Kind.SUSPENDED_PAST_LEASE, Kind.DELAYED),
      park(
          List.of("Update"),
          head ->
              head.put(
                  "UpdateExpression",
                  without(
                      head.path("UpdateExpression").asString(), "cleared = cleared + :one, ")))),
  IGNORES_A_CHANGED_DIGEST(
      "processes a plan with a different digest",
      new Defect() {
        @Override
        public Pipeline pipeline(Pipeline pipeline) {
          return Fixture.withOldDigest(pipeline);
        }
      }),
  COMMITS_WITHOUT_CONDITIONS(
      Symptom.ANOTHER_ATTEMPT,
      requestBody(
          "dynamodb TransactWriteItems",
          transaction ->
              transaction
                  .path("TransactItems")
                  .forEach(write ->
                      write.forEach(kind -> Defects.remove(kind, "ConditionExpression"))))),
  COMMITS_WITHOUT_TRANSACTION(
      "failed: .*IllegalStateException: the head|" + Symptom.CHUNK_TWICE,
      Defects.withoutTransactions()),
  PUBLISHES_THE_FIRST_ATTEMPT(
      Symptom.ANOTHER_ATTEMPT,
      ledger(
          "batch",
          (call, bucket, _) ->
              call.port()
                  .batch((Long) call.arguments().getFirst())
                  .map(batch -> firstAttempt(batch, bucket)))),
  PUBLISHES_BEFORE_COMMIT(
      "visible before the commit: lake/",
      ledger(
          "commit",
          (call, bucket, _) -> {
            CommittedBatch batch = (CommittedBatch) call.arguments().getFirst();
            var manifest = ManifestJson.read(batch.manifest(), bucket.read(batch.manifest()));
            for (OutputFile file : manifest.files()) {
              if (!file.table().equals(OutputFile.QUARANTINE)) {
                bucket.copy(
                    file.key(),
                    new Layout(Fixture.PIPELINE)
                        .lake(file.table(), file.partition(), manifest.name()));
              }
            }
            return call.real().call();
          })),
  PUBLISHES_QUARANTINE_BEFORE_COMMIT(
      "visible before the commit: quarantine/",
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
  MARKS_PUBLISHED_BEFORE_RECEIPT(
      Symptom.ANOTHER_ATTEMPT,
      ledger(
          "batch",
          call -> {
            Object batch = call.real().call();
            call.port().published((Long) call.arguments().getFirst());
            return batch;
          })),
  IGNORES_AN_UNPUBLISHED_BATCH(
      Symptom.NEVER_IDLE,
      SearchHint.persistent(Scenario.ONE_BATCH, "s3 CopyObject", Kind.KILLED_BEFORE),
      head(h ->
          new Head(
              h.sequence(), h.sequence(), h.cleared(), h.maxChunks(), h.parkings(), h.open()))),
  SEALS_BEFORE_PUBLISHING(
      "was written before the previous receipt|does not have receipts/",
      SearchHint.at(Scenario.TWO_BATCHES, "s3 CopyObject", Kind.FAILS, Kind.SUSPENDED_PAST_LEASE),
      seal(c -> without(c, " AND published = :n")).and(IGNORES_AN_UNPUBLISHED_BATCH.defect)),
  OVERWRITES_RECEIPTS("changed after it was visible", overwrites("/receipts/")),
  IGNORES_FAILED_COPIES(
      "which does not exist|which has a different SHA-256",
      SearchHint.at(Scenario.ONE_BATCH, "s3 CopyObject", Kind.DELAYED),
      bucket("copy", Defects::ignoringFailure)),
  FAILS_ON_AN_EXISTING_FILE(
      Symptom.NEVER_IDLE,
      request(
          "s3 CopyObject",
          request ->
              new Request(
                  request.http().toBuilder().putHeader("If-None-Match", "*").build(),
                  request.body()))),
  DOES_NOT_RECOGNIZE_ITS_OWN_OBJECT(
      "failed: .*IllegalStateException: .*(raw|plans)/",
      SearchHint.at(Scenario.ONE_BATCH, "s3 PutObject if absent", Kind.REPLY_LOST_ONCE),
      response(
          "s3 HeadObject",
          response ->
              new Response(response.status(), Map.of(), response.body(), response.length()))),
  SHARES_A_FOLDER_BETWEEN_ATTEMPTS(
      Symptom.NEVER_IDLE,
      new Defect() {
        @Override
        public Request request(Request request) {
          return withSharedFolder(request);
        }
      }),
  LIMITS_THE_WINDOW_TO_ONE_HOUR(
      Symptom.TWICE,
      history(batches ->
          batches.stream()
              .filter(b ->
                  b.committedAt()
                      .isAfter(batches.getFirst().committedAt().minus(Duration.ofHours(1))))
              .toList())),
  STARTS_THE_WINDOW_AT_THE_NEWEST_MESSAGE(
      Symptom.TWICE,
      SearchHint.at(Scenario.LATE_CHUNK, "dynamodb PutItem", Kind.SUSPENDED_FOR_HOURS),
      ledger("staged", call -> asOldAsTheNewest(call.port().staged()))),
  OMITS_THE_LAST_BATCH_FROM_THE_WINDOW(
      Symptom.TWICE,
      history(batches -> batches.isEmpty() ? batches : batches.subList(1, batches.size()))),
  READS_UNCOMMITTED_SEEN_FILES(
      Symptom.LOST,
      SearchHint.at(
          Scenario.DEPLOY_DURING_TICK,
          "dynamodb TransactWriteItems",
          Kind.SUSPENDED_PAST_LEASE,
          Kind.FAILS),
      ledger("batchesSince", InjectedDefect::addUncommitted)),
  READS_ONLY_THE_FIRST_PAGE(
      Symptom.TWICE, removesFromResponse("dynamodb Query", "LastEvaluatedKey")),
  READS_THE_LEDGER_EVENTUALLY_CONSISTENT(
      Symptom.NOT_STAGED,
      eventually("dynamodb GetItem")
          .and(eventually("dynamodb Query"))
          .and(eventually("dynamodb Scan"))),
  WRITES_NO_SEEN_FILE(
      "MissingObject",
      bucket(
          "put", call -> key(call).endsWith("/seen/messages.parquet") ? null : call.real().call())),
  WRITES_HALF_OF_THE_SEEN_MESSAGES(
      Symptom.TWICE,
      SearchHint.at(Scenario.TWO_BATCHES, "sqs DeleteMessageBatch", Kind.FAILS),
      output(removeHalf("seen/messages.parquet"))),
  WRITES_HALF_OF_A_COVER_FILE(
      Symptom.TWICE,
      SearchHint.at(Scenario.MANY_BATCHES),
      output(removeHalf("seen/events-cover.parquet"))),
  WRITES_QUARANTINED_EVENTS_TO_SEEN_FILES(
      Symptom.LOST, output(InjectedDefect::addQuarantinedEvents)),
  USES_THE_MESSAGE_WINDOW_FOR_EVENTS(
      Symptom.TWICE, SearchHint.at(Scenario.MANY_BATCHES), seen(InjectedDefect::withMessageWindow)),
  IGNORES_SEEN_MESSAGES(
      Symptom.TWICE,
      SearchHint.at(Scenario.TWO_BATCHES, "sqs DeleteMessageBatch", Kind.FAILS),
      seen(s -> new Seen(List.of(), s.events(), s.coverMessages(), s.coverEvents()))),
  IGNORES_SEEN_EVENTS(
      Symptom.TWICE,
      seen(s -> new Seen(s.messages(), List.of(), s.coverMessages(), s.coverEvents()))),
  LOADS_COPIES_WITHIN_A_BATCH(Symptom.TWICE, engine(Flaw.LOADS_COPIES)),
  LOADS_REPEATED_EVENTS_WITHIN_A_BATCH(Symptom.TWICE, engine(Flaw.LOADS_REPEATED_EVENTS)),
  KEEPS_THE_FIRST_RECEIVED_EVENT(Symptom.WRONG_VALUES, engine(Flaw.KEEPS_THE_FIRST_RECEIVED)),
  TREATS_A_CONFLICT_AS_A_DUPLICATE("missing from quarantine", engine(Flaw.IGNORES_CONTENT)),
  LOSES_AN_EVENT_AND_ITS_COUNT(Symptom.LOST, output((_, output) -> dropAnEvent(output))),
  ROUNDS_THROUGH_A_DOUBLE(
      Symptom.WRONG_VALUES,
      output((_, output) -> {
        table(output, f -> f.table().equals("sales"))
            .map(LocalFile::path)
            .ifPresent(file ->
                write(
                    file,
                    PlainEngine.rows(bytes(file)).stream()
                        .map(InjectedDefect::roundThroughDouble)
                        .toList()));
        return output;
      })),
  IGNORES_UNPROCESSED_KEYS(
      Symptom.WRONG_VALUES,
      SearchHint.at(Scenario.ONE_BATCH, "dynamodb BatchGetItem", Kind.PARTIAL),
      removesFromResponse("dynamodb BatchGetItem", "UnprocessedKeys")),
  READS_REFERENCES_EVENTUALLY_CONSISTENT(
      Symptom.WRONG_VALUES,
      requestBody(
          "dynamodb BatchGetItem",
          body ->
              body.path("RequestItems")
                  .forEach(wanted -> Defects.remove(wanted, "ConsistentRead")))),
  READS_REFERENCES_IN_EACH_ATTEMPT(
      Symptom.OTHER_REFERENCES,
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
                      throw new MissingObject(key(call), new IllegalStateException("injected"));
                    }
                    return call.real().call();
                  }))),
  OVERWRITES_SAVED_REFERENCES(
      Symptom.OTHER_REFERENCES,
      SearchHint.at(Scenario.ONE_BATCH, "s3 PutObject if absent", Kind.SUSPENDED_PAST_LEASE),
      overwrites("/references/")),
  WRITES_THE_TIME_OF_PUBLICATION_AS_COMMIT(
      "the field .committed_at is",
      receipt(r -> r.put("committed_at", r.path("published_at").asString()))),
  COUNTS_COMPRESSED_BYTES(
      "the field .bytes is", receipt(r -> r.put("bytes", r.path("bytes").asLong() / 2))),
  OMITS_A_WARNING("the field .warnings", receipt(r -> r.putObject("warnings"))),
  RETRIES_A_WRITE_FOR_EVER(
      Symptom.DOES_NOT_END,
      SearchHint.persistent(Scenario.ONE_BATCH, "s3 PutObject if absent", Kind.PARTIAL),
      bucket("putIfAbsent", InjectedDefect::untilItSucceeds)),
  RETRIES_A_READ_FOR_EVER(
      Symptom.DOES_NOT_END,
      SearchHint.persistent(Scenario.ONE_BATCH, "s3 GetObject", Kind.FAILS),
      bucket("read", InjectedDefect::untilItSucceeds)),
  READS_ONLY_TWO_PAGES(
      Symptom.TWICE,
      SearchHint.at(Scenario.BACKLOG),
      new Defect() {
        @Override
        public Response response(Request request, Response response) {
          return new String(request.body(), UTF_8).contains("ExclusiveStartKey")
              ? removesFromResponse("dynamodb Query", "LastEvaluatedKey")
                  .response(request, response)
              : response;
        }
      }),
  IGNORES_THE_SHARE_OF_A_LANE(
      "exceeded its share", lane(l -> new Lane(l.tick(), l.number(), 4, l.maxBytes(), l.time()))),
  IGNORES_THE_TIME_OF_A_LANE(
      "after its time limit",
      SearchHint.persistent(Scenario.POISON, "sqs ReceiveMessage", Kind.SUSPENDED_PAST_LEASE),
      lane(l -> new Lane(l.tick(), l.number(), l.maxMessages(), l.maxBytes(), Duration.ofDays(1)))),
  IGNORES_MAX_CHUNKS(
      Symptom.PLAN_TOO_LARGE,
      head(h ->
          new Head(
              h.sequence(), h.published(), h.cleared(), Head.MAX_CHUNKS, h.parkings(), h.open()))),
  PLANS_ONE_MESSAGE_TOO_MANY(
      Symptom.PLAN_TOO_LARGE,
      new Defect() {
        @Override
        public Pipeline pipeline(Pipeline pipeline) {
          return Fixture.withMaxMessages(pipeline, Fixture.MESSAGES_PER_BATCH + 1);
        }
      }),
  READS_SEEN_FILES_WITHOUT_VERIFYING(
      Symptom.TWICE + "|" + Symptom.LOST + "|failed: ",
      SearchHint.at(Scenario.TWO_BATCHES, "s3 GetObject", Kind.DAMAGED),
      withoutSha256("/seen/")),
  READS_REFERENCES_WITHOUT_VERIFYING(
      Symptom.OTHER_REFERENCES + "|failed: .*StreamReadException",
      SearchHint.at(Scenario.POISON, "s3 GetObject", Kind.DAMAGED),
      withoutSha256("/references/")),
  DOWNLOADS_SEEN_FILES_IN_PLACE(
      Symptom.TWICE + "|failed: ",
      SearchHint.at(Scenario.TWO_BATCHES, "s3 GetObject", Kind.KILLED_DURING),
      download("/seen/", call -> target(call).resolveSibling("../seen/" + cached(call)))),
  KEEPS_REFERENCES_ON_DISK(
      Symptom.OTHER_REFERENCES + "|failed: ",
      SearchHint.at(Scenario.POISON, "s3 GetObject", Kind.KILLED_DURING),
      download("/references/", call -> target(call).resolveSibling("../" + cached(call)))),
  LOSES_THE_FILE_OF_ONE_PARTITION(
      "which does not exist",
      SearchHint.at(Scenario.RANDOM),
      bucket(
          "copy",
          call ->
              String.valueOf(call.arguments().get(1)).contains("/region=__other/")
                  ? null
                  : call.real().call())),
  WRITES_THE_REST_UNDER_ANOTHER_REGION(
      Symptom.WRONG_VALUES,
      SearchHint.at(Scenario.RANDOM),
      engine(Flaw.WRITES_THE_REST_UNDER_ANOTHER_REGION)),
  KEEPS_ROWS_OF_OTHER_TABLES(
      "was never sent|" + Symptom.TWICE,
      SearchHint.at(Scenario.RANDOM),
      engine(Flaw.KEEPS_ROWS_OF_OTHER_TABLES)),
  COUNTS_ROWS_OF_THE_FIRST_TABLE_ONLY(
      "the field .loaded is",
      SearchHint.at(Scenario.RANDOM),
      engine(Flaw.COUNTS_ROWS_OF_THE_FIRST_TABLE_ONLY)),
  FORGETS_FILTERED_EVENTS(
      "the field .filtered is",
      SearchHint.at(Scenario.MANY_BATCHES),
      engine(Flaw.FORGETS_FILTERED_EVENTS)),
  IGNORES_A_FAILED_EXPECTATION(
      "violates an expectation with `otherwise: fail`",
      SearchHint.at(Scenario.RANDOM),
      engine(Flaw.IGNORES_A_FAILED_EXPECTATION)),
  ROUNDS_REFERENCES_TO_TWO_DECIMALS(
      Symptom.WRONG_VALUES, engine(Flaw.ROUNDS_REFERENCES_TO_TWO_DECIMALS));

  private static final String WORK = "work/" + Fixture.PIPELINE + "/";
  private static final String SHARED_ATTEMPT = "00000000-0000-0000-0000-000000000000";

  @SuppressWarnings("ImmutableEnumChecker") // A defect has no state.
  final Defect defect;

  /// A regular expression that matches one of the resulting violations.
  final String symptom;

  /// Where the simulation looks for it first; empty if random runs find it.
  @SuppressWarnings("ImmutableEnumChecker") // No code changes the list of kinds.
  final Optional<SearchHint> aim;

  InjectedDefect(String symptom, Defect defect) {
    this(symptom, Optional.empty(), defect);
  }

  InjectedDefect(String symptom, SearchHint aim, Defect defect) {
    this(symptom, Optional.of(aim), defect);
  }

  InjectedDefect(String symptom, Optional<SearchHint> aim, Defect defect) {
    this.symptom = symptom;
    this.aim = aim;
    this.defect = defect;
  }

  private static final class Symptom {
    static final String LOST = "is in the lake 0 times|missing from quarantine";
    static final String TWICE = "is in the lake 2 times|not expected in quarantine";
    static final String CHUNK_TWICE = "a chunk is in two batches";
    static final String NOT_STAGED = "the open plan names a chunk that is not staged";
    static final String NEVER_IDLE = "work is left after";
    static final String NOT_PARKED = "poison was not parked";
    static final String ANOTHER_ATTEMPT = "committed attempts .* differ from published attempts ";
    static final String WRONG_VALUES = "was loaded as";
    static final String DOES_NOT_END = "^the run did not end: \\w+ has not ended after";
    static final String PLAN_TOO_LARGE = "^plan .* of at most";
    static final String OTHER_REFERENCES = "does not match the saved reference rows";
  }

  private static @Nullable Object untilItSucceeds(Call<Bucket> call) throws Throwable {
    while (true) {
      try {
        return call.real().call();
      } catch (TransientFailure again) {
        // The same call again.
      }
    }
  }

  private static Defect executions(UnaryOperator<Executions> change) {
    return new Defect() {
      @Override
      public Executions executions(Executions executions) {
        return change.apply(executions);
      }
    };
  }

  private static Defect lane(UnaryOperator<Lane> change) {
    return new Defect() {
      @Override
      public Lane lane(Lane lane) {
        return change.apply(lane);
      }
    };
  }

  /// Downloads files under `folder` to a place that survives the attempt, unless a file is there.
  private static Defect download(String folder, Function<Call<Bucket>, Path> place) {
    return bucket(
        "download",
        call -> {
          if (!key(call).contains(folder)) {
            return call.real().call();
          }
          Path kept = place.apply(call).normalize();
          if (!Files.exists(kept)) {
            call.port().download((ObjectKey) call.arguments().getFirst(), kept);
          }
          return Files.copy(kept, target(call), StandardCopyOption.REPLACE_EXISTING);
        });
  }

  private static Path target(Call<Bucket> call) {
    return (Path) call.arguments().get(1);
  }

  private static String cached(Call<Bucket> call) {
    return key(call).replace('/', '_');
  }

  private static String key(Call<Bucket> call) {
    return ((ObjectKey) call.arguments().getFirst()).value();
  }

  private static Defect eventually(String operation) {
    return requestBody(operation, body -> body.remove("ConsistentRead"));
  }

  /// A lane that deletes messages when it receives them, and not after its chunk is staged.
  private static final class DeletesOnReceive implements Defect {
    @Override
    public MessageSource source(MessageSource source) {
      return new ForwardingSource(source) {
        private int undeleted;

        @Override
        public List<Received> receive(int max) {
          return deleted(super.receive(max));
        }

        @Override
        public List<Received> poll(int max) {
          return deleted(super.poll(max));
        }

        private List<Received> deleted(List<Received> received) {
          if (!received.isEmpty()) {
            undeleted += source.delete(received.stream().map(Received::handle).toList());
          }
          return received;
        }

        @Override
        public int delete(List<String> handles) {
          return undeleted;
        }
      };
    }
  }

  /// A function that lists the staged chunks only once.
  private static final class ListsOnce implements Defect {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler scheduler) {
      List<List<StagedChunk>> listed = new ArrayList<>();
      return Defects.ledger(
              "staged",
              call -> {
                listed.add(call.port().staged());
                return listed.getFirst();
              })
          .ledger(ledger, bucket, scheduler);
    }
  }

  /// Changes the condition of `seal`.
  private static Defect seal(UnaryOperator<String> edit) {
    return condition(c -> c.contains("cleared") ? edit.apply(c) : c);
  }

  /// Changes the writes of these kinds in the transaction of `park`.
  private static Defect park(List<String> kinds, Consumer<ObjectNode> edit) {
    return requestBody(
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

  /// Writes the new plan over the old one. Then it fails, because the planner would continue under
  /// the id of the new plan; the retry of the tick resumes the sealed plan.
  private static boolean resealInPlace(Call<Ledger> call, Bucket bucket) throws IOException {
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

  /// If all staged chunks fit into one plan, returns them with the time of the newest message.
  private static List<StagedChunk> asOldAsTheNewest(List<StagedChunk> staged) {
    if (staged.stream().mapToInt(StagedChunk::messages).sum() > Fixture.MESSAGES_PER_BATCH) {
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

  private static List<CommittedBatch> addUncommitted(
      Call<Ledger> call, Bucket bucket, Scheduler scheduler) {
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
                http.encodedPath()
                    .replaceAll("(/work/[^/]+/[^/]+/)[^/]+/", "$1" + SHARED_ATTEMPT + "/"));
    http.firstMatchingHeader("x-amz-copy-source")
        .ifPresent(from ->
            shared.putHeader(
                "x-amz-copy-source",
                from.replaceAll(
                    "(work(?:/|%2F)[^/%]+(?:/|%2F)[^/%]+(?:/|%2F))[^/%]+", "$1" + SHARED_ATTEMPT)));
    return new Request(shared.build(), request.body());
  }

  private static Defects.OutputChange removeHalf(String file) {
    return (input, output) -> {
      Path seen = input.folder().resolve(file);
      if (Files.exists(seen)) {
        List<String> ids = lines(seen);
        write(seen, ids.subList(0, ids.size() / 2));
      }
      return output;
    };
  }

  private static Output addQuarantinedEvents(Input input, Output output) {
    Admitter admitter = new Admitter(input.pipeline().admissionRules());
    Path seen = input.folder().resolve("seen/events.parquet");
    List<String> ids = new ArrayList<>(lines(seen));
    output.files().stream()
        .filter(f -> f.table().equals(OutputFile.QUARANTINE))
        .flatMap(f -> PlainEngine.rows(bytes(f.path())).stream())
        .map(row -> admitter.identity(String.valueOf(row.get("event_id"))))
        .forEach(id -> ids.add(id + "," + id));
    write(seen, ids);
    return output;
  }

  private static Seen withMessageWindow(Seen seen) {
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

  private static Output dropAnEvent(Output output) {
    Optional<LocalFile> table = table(output, f -> f.rows() > 1);
    if (table.isEmpty()) {
      return output;
    }
    LocalFile file = table.get();
    List<String> lines = lines(file.path());
    write(file.path(), lines.subList(1, lines.size()));
    List<LocalFile> files = new ArrayList<>(output.files());
    files.set(
        files.indexOf(file),
        new LocalFile(file.table(), file.partition(), file.path(), file.rows() - 1));
    Counts counts = output.counts();
    return new Output(
        output.messages(),
        new Counts(
            counts.received() - 1,
            counts.loaded() - 1,
            counts.quarantined(),
            counts.duplicate(),
            counts.filtered()),
        output.reasons(),
        output.warnings(),
        output.tables(),
        files,
        output.metrics(),
        output.took());
  }

  private static String roundThroughDouble(Map<String, String> row) {
    double amount = Double.parseDouble(String.valueOf(row.get("amount")));
    double rate = Double.parseDouble(String.valueOf(row.get("rate")));
    Map<String, String> changed = new HashMap<>(row);
    changed.put(
        "amount_usd", BigDecimal.valueOf(Math.round(amount * rate * 100), 2).toPlainString());
    return Defects.JSON.writeValueAsString(changed);
  }
}
