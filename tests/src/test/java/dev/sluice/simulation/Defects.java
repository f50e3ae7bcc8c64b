package dev.sluice.simulation;

import dev.sluice.aws.AwsClients;
import dev.sluice.batch.OutputFile;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.queue.MessageSource;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulation.PlainEngine.Flaw;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Factory methods for [Defect]s, grouped by the place where a defect is injected.
final class Defects {
  static final JsonMapper JSON = new JsonMapper();

  private Defects() {}

  /// Replaces a call of a port by a stage.
  ///
  /// @param port the correct one
  /// @param real makes the correct call
  record Call<P>(P port, List<Object> arguments, Real real) {}

  /// The correct call.
  interface Real {
    @Nullable Object call() throws Throwable;
  }

  /// What a call does instead.
  interface Instead<P> {
    @Nullable Object of(Call<P> call) throws Throwable;
  }

  /// What a call of the ledger does instead, with access to the bucket and the scheduler.
  interface LedgerInstead {
    @Nullable Object of(Call<Ledger> call, Bucket bucket, Scheduler scheduler) throws Throwable;
  }

  /// Changes the output of an engine.
  interface OutputChange {
    Output of(Input input, Output output);
  }

  /// `port`, with `method` replaced.
  private static <P> P replace(Class<P> type, P port, String method, Instead<P> instead) {
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
              return called.getName().equals(method)
                  ? instead.of(new Call<>(port, List.of(arguments), real))
                  : real.call();
            }));
  }

  /// Makes the call, and ignores a transient failure.
  static @Nullable Object ignoringFailure(Call<?> call) throws Throwable {
    try {
      return call.real.call();
    } catch (TransientFailure ignored) {
      return null;
    }
  }

  static Defect source(String method, Instead<MessageSource> instead) {
    return new Defect() {
      @Override
      public MessageSource source(MessageSource source) {
        return replace(MessageSource.class, source, method, instead);
      }
    };
  }

  static Defect bucket(String method, Instead<Bucket> instead) {
    return new Defect() {
      @Override
      public Bucket bucket(Bucket bucket) {
        return replace(Bucket.class, bucket, method, instead);
      }
    };
  }

  static Defect ledger(String method, Instead<Ledger> instead) {
    return ledger(method, (call, _, _) -> instead.of(call));
  }

  static Defect ledger(String method, LedgerInstead instead) {
    return new Defect() {
      @Override
      public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler scheduler) {
        return replace(Ledger.class, ledger, method, call -> instead.of(call, bucket, scheduler));
      }
    };
  }

  /// Changes a read of the ledger by the start of a tick when it looks for work.
  static Defect scheduled(String method, Instead<Ledger> instead) {
    return new Defect() {
      @Override
      public Ledger scheduled(Ledger ledger) {
        return replace(Ledger.class, ledger, method, instead);
      }
    };
  }

  /// Writes the items of a transaction one by one.
  static Defect withoutTransactions() {
    AwsClients clients = SimulatedClients.of();
    DynamoDbClient dynamodb = clients.dynamodb();
    DynamoDbClient splitting =
        replace(
            DynamoDbClient.class,
            dynamodb,
            "transactWriteItems",
            call -> {
              for (TransactWriteItem item : items(call.arguments.getFirst())) {
                dynamodb.transactWriteItems(b -> b.transactItems(item));
              }
              return TransactWriteItemsResponse.builder().build();
            });
    Ledger ledger = clients.ledger(splitting, Fixture.LEDGER, Fixture.PIPELINE);
    return new Defect() {
      @Override
      public Ledger ledger(Ledger real, Bucket bucket, Scheduler scheduler) {
        return ledger;
      }
    };
  }

  @SuppressWarnings("unchecked") // The ledger calls the overload that takes a Consumer.
  private static List<TransactWriteItem> items(Object request) {
    return TransactWriteItemsRequest.builder()
        .applyMutation((Consumer<TransactWriteItemsRequest.Builder>) request)
        .build()
        .transactItems();
  }

  /// Changes the head of the ledger as Transform reads it. Only Transform takes the lease.
  static Defect head(UnaryOperator<Head> change) {
    return new Defect() {
      @Override
      public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler scheduler) {
        boolean[] isLeased = {false};
        Ledger observed =
            replace(
                Ledger.class,
                ledger,
                "takeLease",
                call -> {
                  isLeased[0] = true;
                  return call.real.call();
                });
        return replace(
            Ledger.class,
            observed,
            "head",
            call -> isLeased[0] ? change.apply(call.port.head()) : call.real.call());
      }
    };
  }

  /// Changes the open plan as Transform reads it.
  static Defect openPlan(UnaryOperator<Optional<OpenPlan>> change) {
    return head(h ->
        new Head(
            h.sequence(),
            h.published(),
            h.cleared(),
            h.maxChunks(),
            h.parkings(),
            change.apply(h.open())));
  }

  /// Changes the list of earlier batches, newest first.
  static Defect history(UnaryOperator<List<CommittedBatch>> change) {
    return ledger(
        "batchesSince",
        call ->
            change.apply(
                call.port.batchesSince(
                    (Instant) call.arguments.getFirst(), (Long) call.arguments.get(1))));
  }

  static Defect request(String operation, UnaryOperator<Request> edit) {
    return new Defect() {
      @Override
      public Request request(Request request) {
        return request.operation().equals(operation) ? edit.apply(request) : request;
      }
    };
  }

  /// Changes the JSON of a request.
  static Defect requestBody(String operation, Consumer<ObjectNode> edit) {
    return request(operation, request -> new Request(request.http(), edited(request.body(), edit)));
  }

  /// Changes the condition of an update.
  static Defect condition(UnaryOperator<String> edit) {
    return requestBody(
        "dynamodb UpdateItem",
        item ->
            item.put(
                "ConditionExpression", edit.apply(item.path("ConditionExpression").asString())));
  }

  /// Overwrites existing objects under `folder`.
  static Defect overwrites(String folder) {
    return request(
        "s3 PutObject if absent",
        request ->
            request.http().encodedPath().contains(folder)
                ? new Request(
                    request.http().toBuilder().removeHeader("If-None-Match").build(),
                    request.body())
                : request);
  }

  static Defect response(String operation, UnaryOperator<Response> edit) {
    return new Defect() {
      @Override
      public Response response(Request request, Response response) {
        return request.operation().equals(operation) ? edit.apply(response) : response;
      }
    };
  }

  /// Reads the objects of a folder as if they had been stored without their SHA-256.
  static Defect withoutSha256(String folder) {
    return new Defect() {
      @Override
      public Response response(Request request, Response response) {
        return request.http().encodedPath().contains(folder)
            ? response.withoutHeader("x-amz-meta-sha256")
            : response;
      }
    };
  }

  /// Removes `field` from a successful response.
  static Defect removesFromResponse(String operation, String field) {
    return response(
        operation,
        response -> {
          if (response.status() != 200 || response.body().length < response.length()) {
            return response;
          }
          byte[] body = edited(response.body(), json -> json.remove(field));
          return new Response(response.status(), response.headers(), body, body.length);
        });
  }

  static Defect engine(Flaw flaw) {
    return new Defect() {
      @Override
      public Engine engine(Engine engine) {
        return new PlainEngine(Set.of(flaw));
      }
    };
  }

  /// Changes the output of the engine.
  static Defect output(OutputChange change) {
    return run((engine, input) -> change.of(input, engine.run(input)));
  }

  /// Changes the seen files that the engine reads.
  static Defect seen(UnaryOperator<Seen> change) {
    return run((engine, input) ->
        engine.run(
            new Input(
                input.pipeline(),
                input.plan(),
                input.chunks(),
                input.references(),
                change.apply(input.seen()),
                input.folder())));
  }

  private interface EngineRun {
    Output of(Engine engine, Input input);
  }

  private static Defect run(EngineRun instead) {
    return new Defect() {
      @Override
      public Engine engine(Engine engine) {
        return replace(
            Engine.class,
            engine,
            "run",
            call -> instead.of(call.port, (Input) call.arguments.getFirst()));
      }
    };
  }

  static void remove(JsonNode node, String field) {
    if (node instanceof ObjectNode object) {
      object.remove(field);
    }
  }

  /// Writes receipts with other content.
  static Defect receipt(Consumer<ObjectNode> edit) {
    return bucket(
        "putIfAbsent",
        call -> {
          ObjectKey key = (ObjectKey) call.arguments().getFirst();
          return key.value().startsWith("receipts/")
              ? call.port().putIfAbsent(key, edited((byte[]) call.arguments().get(1), edit))
              : call.real().call();
        });
  }

  private static byte[] edited(byte[] json, Consumer<ObjectNode> edit) {
    ObjectNode node = (ObjectNode) JSON.readTree(json);
    edit.accept(node);
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// A file of a table, not of the quarantine.
  static Optional<LocalFile> table(Output output, Predicate<LocalFile> which) {
    return output.files().stream()
        .filter(f -> !f.table().equals(OutputFile.QUARANTINE))
        .filter(which)
        .findFirst();
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static List<String> lines(Path file) {
    return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  static void write(Path file, List<String> lines) {
    try {
      Files.write(file, lines);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
