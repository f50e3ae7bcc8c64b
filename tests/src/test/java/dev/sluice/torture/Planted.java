package dev.sluice.torture;

import dev.sluice.batch.Counts;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Bucket.Put;
import dev.sluice.bucket.Layout;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.cloud.Request;
import dev.sluice.cloud.Response;
import dev.sluice.event.Admitter;
import dev.sluice.extract.MessageSource;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.ledger.StagedChunk;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.torture.PlainOrders.Slip;
import dev.sluice.transform.Engine;
import dev.sluice.transform.Engine.LocalFile;
import dev.sluice.transform.Engine.Outcome;
import dev.sluice.transform.Engine.Seen;
import dev.sluice.transform.Engine.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Mistakes of which each breaks the law sooner or later, to see that torture finds them.
enum Planted implements Bug {
  DELETES_BEFORE_STAGING {
    @Override
    public MessageSource source(MessageSource source) {
      return over(
          MessageSource.class,
          source,
          "receive",
          (arguments, real) -> {
            List<MessageSource.Received> received = source.receive((int) arguments[0]);
            if (!received.isEmpty()) {
              source.delete(received.stream().map(MessageSource.Received::handle).toList());
            }
            return received;
          });
    }
  },
  DELETES_MORE_THAN_THE_CHUNK_HOLDS {
    @Override
    public MessageSource source(MessageSource source) {
      return over(
          MessageSource.class,
          source,
          "delete",
          (_, real) -> {
            List<MessageSource.Received> more = source.receive(1);
            if (!more.isEmpty()) {
              source.delete(List.of(more.getFirst().handle()));
            }
            return real.call();
          });
    }
  },
  DELETES_IN_DOUBT {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return over(Ledger.class, ledger, "stage", (_, real) -> ignoringFailure(real));
    }
  },
  COMMITS_WHATEVER_THE_LEDGER_SAYS {
    @Override
    public Request request(Request request) {
      return editedTransaction(
          request, write -> write.forEach(kind -> without(kind, "ConditionExpression")));
    }
  },
  PUBLISHES_THE_FIRST_ATTEMPT {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return over(
          Ledger.class,
          ledger,
          "batch",
          (arguments, _) -> ledger.batch((Long) arguments[0]).map(batch -> first(batch, bucket)));
    }

    private static CommittedBatch first(CommittedBatch batch, Bucket bucket) {
      ObjectKey key =
          bucket.list("work/orders/" + batch.plan().value()).stream()
              .filter(k -> k.value().endsWith("/manifest.json"))
              .findFirst()
              .orElseThrow();
      return new CommittedBatch(
          batch.sequence(),
          batch.plan(),
          ManifestJson.read(key, bucket.read(key)).attempt(),
          key,
          Sha256.of(bucket.read(key)),
          batch.committedAt());
    }
  },
  PUBLISHES_BEFORE_IT_COMMITS {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return over(
          Ledger.class,
          ledger,
          "commit",
          (arguments, real) -> {
            CommittedBatch batch = (CommittedBatch) arguments[0];
            var manifest = ManifestJson.read(batch.manifest(), bucket.read(batch.manifest()));
            for (OutputFile file : manifest.files()) {
              if (!file.table().equals(OutputFile.QUARANTINE)) {
                bucket.copy(
                    file.key(),
                    new Layout("orders").lake(file.table(), file.partition(), manifest.name()));
              }
            }
            return real.call();
          });
    }
  },
  MARKS_AS_PUBLISHED_BEFORE_THE_RECEIPT {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return over(
          Ledger.class,
          ledger,
          "batch",
          (arguments, real) -> {
            Object batch = real.call();
            ledger.published((Long) arguments[0]);
            return batch;
          });
    }
  },
  FORGETS_TO_PUBLISH {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return misreading(
          ledger,
          head ->
              new Head(
                  head.sequence(),
                  head.sequence(),
                  head.cleared(),
                  head.mostChunks(),
                  head.parkings(),
                  head.open()));
    }
  },
  STAGES_AGAIN_WHEN_IN_DOUBT {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return over(
          Ledger.class,
          ledger,
          "stage",
          (_, real) -> {
            try {
              return real.call();
            } catch (TransientFailure again) {
              turns.sleep(Duration.ofMinutes(3));
              return real.call();
            }
          });
    }
  },
  WINDOW_OF_AN_HOUR {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return forgetting(
          ledger,
          batches ->
              batches.stream()
                  .filter(b ->
                      b.committedAt()
                          .isAfter(batches.getFirst().committedAt().minus(Duration.ofHours(1))))
                  .toList());
    }
  },
  REMEMBERS_BAD_EVENTS {
    @Override
    public Engine engine(Engine engine) {
      return after(
          engine,
          (work, outcome) -> {
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
          });
    }
  },
  SEALS_BLINDLY {
    @Override
    public Request request(Request request) {
      return editedCondition(
          request,
          condition -> condition.contains("cleared") ? "NOT attribute_exists(nothing)" : condition);
    }
  },
  PARKS_AFTER_ONE_FAILURE {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return misreading(
          ledger,
          head ->
              new Head(
                  head.sequence(),
                  head.published(),
                  head.cleared(),
                  head.mostChunks(),
                  head.parkings(),
                  head.open().map(o -> new OpenPlan(o.id(), o.key(), o.sha256(), 3, o.error()))));
    }
  },
  FORGETS_THE_LAST_BATCH {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return forgetting(
          ledger, batches -> batches.isEmpty() ? batches : batches.subList(1, batches.size()));
    }
  },
  READS_ONE_PAGE {
    @Override
    public Response response(Request request, Response response) {
      return request.operation().equals("dynamodb Query")
          ? edited(response, answer -> without(answer, "LastEvaluatedKey"))
          : response;
    }
  },
  DROPS_UNPROCESSED_KEYS {
    @Override
    public Response response(Request request, Response response) {
      return request.operation().equals("dynamodb BatchGetItem")
          ? edited(response, answer -> without(answer, "UnprocessedKeys"))
          : response;
    }
  },
  TAKES_ITS_OWN_OBJECT_FOR_ANOTHERS {
    @Override
    public Response response(Request request, Response response) {
      return request.operation().equals("s3 HeadObject")
          ? new Response(response.status(), Map.of(), response.body(), response.length())
          : response;
    }
  },
  WRITES_RECEIPTS_OVER {
    @Override
    public Request request(Request request) {
      return carelessly(request, "/receipts/");
    }
  },
  TAKES_REFUSED_DELETES_FOR_DONE {
    @Override
    public MessageSource source(MessageSource source) {
      return over(
          MessageSource.class,
          source,
          "delete",
          (_, real) -> {
            real.call();
            return 0;
          });
    }
  },
  WRITES_NO_SEEN_FILE {
    @Override
    public Bucket bucket(Bucket bucket) {
      return over(
          Bucket.class,
          bucket,
          "put",
          (arguments, real) ->
              ((ObjectKey) arguments[0]).value().endsWith("/seen/messages.parquet")
                  ? null
                  : real.call());
    }
  },
  QUARANTINES_BEFORE_IT_COMMITS {
    @Override
    public Bucket bucket(Bucket bucket) {
      return over(
          Bucket.class,
          bucket,
          "put",
          (arguments, real) -> {
            String key = ((ObjectKey) arguments[0]).value();
            if (key.contains("/quarantine/")) {
              bucket.put(
                  new ObjectKey("quarantine/orders/" + key.substring(key.indexOf("dt="))),
                  (Path) arguments[1]);
            }
            return real.call();
          });
    }
  },
  SHARES_A_FOLDER_BETWEEN_ATTEMPTS {
    @Override
    public Request request(Request request) {
      String path = request.http().encodedPath();
      String shared = path.replaceAll("(/work/orders/[^/]+/)[^/]+/", "$1shared/");
      var http = request.http().toBuilder().encodedPath(shared);
      request
          .http()
          .firstMatchingHeader("x-amz-copy-source")
          .ifPresent(from ->
              http.putHeader(
                  "x-amz-copy-source",
                  from.replaceAll(
                      "(work(?:/|%2F)orders(?:/|%2F)[^/%]+(?:/|%2F))[^/%]+", "$1shared")));
      return new Request(http.build(), request.body());
    }
  },
  COPIES_CARELESSLY {
    @Override
    public Bucket bucket(Bucket bucket) {
      return over(Bucket.class, bucket, "copy", (_, real) -> ignoringFailure(real));
    }
  },
  TAKES_A_COPIED_FILE_FOR_AN_ERROR {
    @Override
    public Request request(Request request) {
      return request.operation().equals("s3 CopyObject")
          ? new Request(
              request.http().toBuilder().putHeader("If-None-Match", "*").build(), request.body())
          : request;
    }
  },
  REMEMBERS_HALF_OF_THE_MESSAGES {
    @Override
    public Engine engine(Engine engine) {
      return after(
          engine,
          (work, outcome) -> {
            Path seen = work.folder().resolve("seen/messages.parquet");
            List<String> ids = lines(seen);
            write(seen, ids.subList(0, ids.size() / 2));
            return outcome;
          });
    }
  },
  LOSES_AN_EVENT_AND_ITS_COUNT {
    @Override
    public Engine engine(Engine engine) {
      return after(
          engine,
          (work, outcome) -> {
            Optional<LocalFile> table = table(outcome, _ -> true).filter(f -> f.rows() > 1);
            if (table.isEmpty()) {
              return outcome;
            }
            List<String> lines = lines(table.get().path());
            write(table.get().path(), lines.subList(1, lines.size()));
            Counts counts = outcome.counts();
            List<LocalFile> files = new ArrayList<>(outcome.files());
            files.replaceAll(f ->
                f.equals(table.get())
                    ? new LocalFile(f.table(), f.partition(), f.path(), f.rows() - 1)
                    : f);
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
          });
    }
  },
  ROUNDS_THROUGH_A_DOUBLE {
    @Override
    public Engine engine(Engine engine) {
      return after(
          engine,
          (work, outcome) -> {
            table(outcome, f -> f.table().equals("orders"))
                .ifPresent(file ->
                    write(
                        file.path(),
                        PlainOrders.rows(bytes(file.path())).stream()
                            .map(Planted::rounded)
                            .toList()));
            return outcome;
          });
    }
  },
  KNOWS_NO_EARLIER_MESSAGE {
    @Override
    public Engine engine(Engine engine) {
      return before(
          engine,
          seen -> new Seen(List.of(), seen.events(), seen.coverMessages(), seen.coverEvents()));
    }
  },
  KNOWS_NO_EARLIER_EVENT {
    @Override
    public Engine engine(Engine engine) {
      return before(
          engine,
          seen -> new Seen(seen.messages(), List.of(), seen.coverMessages(), seen.coverEvents()));
    }
  },
  REMEMBERS_EVENTS_AS_BRIEFLY_AS_MESSAGES {
    @Override
    public Engine engine(Engine engine) {
      return before(
          engine,
          seen -> {
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
          });
    }
  },
  TAKES_COPIES_IN_A_BATCH_FOR_MESSAGES {
    @Override
    public Engine engine(Engine engine) {
      return new PlainOrders(Set.of(Slip.TAKES_COPIES));
    }
  },
  LOADS_REPEATED_EVENTS_OF_A_BATCH {
    @Override
    public Engine engine(Engine engine) {
      return new PlainOrders(Set.of(Slip.LOADS_REPEATED));
    }
  },
  TAKES_A_CONTRADICTION_FOR_A_REPETITION {
    @Override
    public Engine engine(Engine engine) {
      return new PlainOrders(Set.of(Slip.IGNORES_CONTENT));
    }
  },
  DOES_NOT_NOTICE_A_DEPLOY {
    @Override
    public Pipeline pipeline(Pipeline pipeline) {
      return Lab.unchanged(pipeline);
    }
  },
  MAKES_THE_PLAN_ANEW {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return misreading(
          ledger,
          head ->
              new Head(
                  head.sequence(),
                  head.published(),
                  head.cleared(),
                  head.mostChunks(),
                  head.parkings(),
                  Optional.empty()));
    }

    @Override
    public Request request(Request request) {
      return SEALS_BLINDLY.request(request);
    }
  },
  COUNTS_WHAT_WAS_NOT_COMMITTED {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return over(
          Ledger.class,
          ledger,
          "batchesSince",
          (arguments, _) -> {
            long last = (Long) arguments[1];
            List<CommittedBatch> batches =
                new ArrayList<>(ledger.batchesSince((Instant) arguments[0], last));
            for (ObjectKey key : bucket.list("work/orders/")) {
              if (!key.value().endsWith("/manifest.json")) {
                continue;
              }
              var manifest = ManifestJson.read(key, bucket.read(key));
              if (manifest.sequence() > last) {
                batches.add(
                    new CommittedBatch(
                        ++last,
                        manifest.plan(),
                        manifest.attempt(),
                        key,
                        Sha256.of(bucket.read(key)),
                        Instant.parse("2100-01-01T00:00:00Z")));
              }
            }
            return batches;
          });
    }
  },
  RESEALS_BLINDLY {
    @Override
    public Request request(Request request) {
      return editedCondition(
          request,
          condition -> condition.endsWith(" = :old") ? "NOT attribute_exists(nothing)" : condition);
    }
  },
  SEALS_WHAT_IT_LISTED_BEFORE {
    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      List<List<StagedChunk>> listed = new ArrayList<>();
      return over(
          Ledger.class,
          ledger,
          "staged",
          (_, _) -> {
            listed.add(ledger.staged());
            return listed.getFirst();
          });
    }
  },
  READS_REFERENCES_ANEW {
    @Override
    public Bucket bucket(Bucket bucket) {
      return over(
          Bucket.class,
          over(
              Bucket.class,
              bucket,
              "putIfAbsent",
              (arguments, real) -> {
                Object put = real.call();
                return isReference(arguments[0]) ? Put.WRITTEN : put;
              }),
          "download",
          (arguments, real) -> {
            if (isReference(arguments[0])) {
              throw new MissingObject(
                  String.valueOf(arguments[0]), new IllegalStateException("planted"));
            }
            return real.call();
          });
    }

    private static boolean isReference(Object key) {
      return ((ObjectKey) key).value().contains("/references/");
    }
  },
  SAVES_REFERENCES_OVER {
    @Override
    public Request request(Request request) {
      return carelessly(request, "/references/");
    }
  },
  READS_EVENTUALLY {
    @Override
    public Request request(Request request) {
      return switch (request.operation()) {
        case "dynamodb GetItem", "dynamodb Query", "dynamodb Scan" ->
            new Request(
                request.http(), edited(request.body(), node -> node.remove("ConsistentRead")));
        default -> request;
      };
    }
  },
  READS_REFERENCES_EVENTUALLY {
    @Override
    public Request request(Request request) {
      return request.operation().equals("dynamodb BatchGetItem")
          ? new Request(
              request.http(),
              edited(
                  request.body(),
                  node ->
                      node.path("RequestItems")
                          .forEach(wanted -> without(wanted, "ConsistentRead"))))
          : request;
    }
  };

  private static final JsonMapper JSON = new JsonMapper();

  /// What a call does instead.
  interface Instead {
    @Nullable Object call(Object[] arguments, Real real) throws Throwable;
  }

  /// The call as it should be.
  interface Real {
    @Nullable Object call() throws Throwable;
  }

  /// `port` with another `method`.
  static <T> T over(Class<T> type, T port, String method, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, called, given) -> {
              Object[] arguments = given == null ? new Object[0] : given;
              Real real =
                  () -> {
                    try {
                      return called.invoke(port, arguments);
                    } catch (InvocationTargetException failed) {
                      throw failed.getCause();
                    }
                  };
              return called.getName().equals(method) ? instead.call(arguments, real) : real.call();
            }));
  }

  /// A call of which nobody hears that it failed.
  private static @Nullable Object ignoringFailure(Real real) throws Throwable {
    try {
      return real.call();
    } catch (TransientFailure ignored) {
      return null;
    }
  }

  /// Puts what has such a key whether it is there or not.
  private static Request carelessly(Request request, String key) {
    return request.operation().equals("s3 PutObject if absent")
            && request.http().encodedPath().contains(key)
        ? new Request(
            request.http().toBuilder().removeHeader("If-None-Match").build(), request.body())
        : request;
  }

  private static Ledger misreading(Ledger ledger, UnaryOperator<Head> misread) {
    return over(Ledger.class, ledger, "head", (_, _) -> misread.apply(ledger.head()));
  }

  private static Ledger forgetting(Ledger ledger, UnaryOperator<List<CommittedBatch>> kept) {
    return over(
        Ledger.class,
        ledger,
        "batchesSince",
        (arguments, _) ->
            kept.apply(ledger.batchesSince((Instant) arguments[0], (Long) arguments[1])));
  }

  private static void without(JsonNode node, String field) {
    if (node instanceof ObjectNode object) {
      object.remove(field);
    }
  }

  private static Response edited(Response response, Consumer<ObjectNode> edit) {
    if (response.status() != 200 || response.body().length < response.length()) {
      return response;
    }
    byte[] body = edited(response.body(), edit);
    return new Response(response.status(), response.headers(), body, body.length);
  }

  private static byte[] edited(byte[] json, Consumer<ObjectNode> edit) {
    ObjectNode node = (ObjectNode) JSON.readTree(json);
    edit.accept(node);
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Request editedTransaction(Request request, Consumer<JsonNode> edit) {
    return request.operation().equals("dynamodb TransactWriteItems")
        ? new Request(
            request.http(),
            edited(request.body(), node -> node.path("TransactItems").forEach(edit)))
        : request;
  }

  private static Request editedCondition(Request request, UnaryOperator<String> edit) {
    return request.operation().equals("dynamodb UpdateItem")
        ? new Request(
            request.http(),
            edited(
                request.body(),
                node ->
                    node.put(
                        "ConditionExpression",
                        edit.apply(node.path("ConditionExpression").asString()))))
        : request;
  }

  private interface Afterwards {
    Outcome of(Work work, Outcome outcome);
  }

  private static Engine after(Engine engine, Afterwards afterwards) {
    return over(
        Engine.class,
        engine,
        "run",
        (arguments, _) -> afterwards.of((Work) arguments[0], engine.run((Work) arguments[0])));
  }

  private static Engine before(Engine engine, UnaryOperator<Seen> seen) {
    return over(
        Engine.class,
        engine,
        "run",
        (arguments, _) -> {
          Work w = (Work) arguments[0];
          return engine.run(
              new Work(
                  w.pipeline(),
                  w.plan(),
                  w.chunks(),
                  w.references(),
                  seen.apply(w.seen()),
                  w.folder()));
        });
  }

  private static Optional<LocalFile> table(Outcome outcome, Predicate<LocalFile> which) {
    return outcome.files().stream()
        .filter(f -> !f.table().equals(OutputFile.QUARANTINE))
        .filter(which)
        .findFirst();
  }

  private static String rounded(Map<String, String> row) {
    double amount = Double.parseDouble(String.valueOf(row.get("amount")));
    double rate = Double.parseDouble(String.valueOf(row.get("rate")));
    Map<String, String> changed = new HashMap<>(row);
    changed.put(
        "amount_usd", BigDecimal.valueOf(Math.round(amount * rate * 100), 2).toPlainString());
    return JSON.writeValueAsString(changed);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<String> lines(Path file) {
    return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  private static void write(Path file, List<String> lines) {
    try {
      Files.write(file, lines);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
