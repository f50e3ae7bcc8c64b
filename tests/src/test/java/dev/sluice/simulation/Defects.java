package dev.sluice.simulation;

import dev.sluice.aws.AwsClients;
import dev.sluice.batch.OutputFile;
import dev.sluice.bucket.Bucket;
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

/// Makes each [Defect] of what is done instead, by where it is done.
final class Defects {
  static final JsonMapper JSON = new JsonMapper();

  private Defects() {}

  /// A call that a stage makes of a port.
  ///
  /// @param port as it should be
  record Call<P>(P port, List<Object> arguments, Real real) {}

  /// The call as it should be.
  interface Real {
    @Nullable Object call() throws Throwable;
  }

  /// What a call does instead.
  interface Instead<P> {
    @Nullable Object of(Call<P> call) throws Throwable;
  }

  /// The same, by a ledger that can look into the bucket and take its time.
  interface LedgerInstead {
    @Nullable Object of(Call<Ledger> call, Bucket bucket, Scheduler turns) throws Throwable;
  }

  /// What an engine's work comes to instead.
  interface Afterwards {
    Output of(Input work, Output outcome);
  }

  /// `port` with another `method`.
  private static <P> P over(Class<P> type, P port, String method, Instead<P> instead) {
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

  /// A call of which nobody hears that it failed.
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
        return over(MessageSource.class, source, method, instead);
      }
    };
  }

  static Defect bucket(String method, Instead<Bucket> instead) {
    return new Defect() {
      @Override
      public Bucket bucket(Bucket bucket) {
        return over(Bucket.class, bucket, method, instead);
      }
    };
  }

  static Defect ledger(String method, Instead<Ledger> instead) {
    return ledger(method, (call, _, _) -> instead.of(call));
  }

  static Defect ledger(String method, LedgerInstead instead) {
    return new Defect() {
      @Override
      public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler turns) {
        return over(Ledger.class, ledger, method, call -> instead.of(call, bucket, turns));
      }
    };
  }

  /// Writes the items of a transaction one after the other, by a ledger of its own.
  static Defect itemByItem() {
    AwsClients clients = SimulatedClients.of();
    DynamoDbClient dynamodb = clients.dynamodb();
    DynamoDbClient splitting =
        over(
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
      public Ledger ledger(Ledger real, Bucket bucket, Scheduler turns) {
        return ledger;
      }
    };
  }

  @SuppressWarnings("unchecked") // Of the client's two methods the ledger calls this one.
  private static List<TransactWriteItem> items(Object request) {
    return TransactWriteItemsRequest.builder()
        .applyMutation((Consumer<TransactWriteItemsRequest.Builder>) request)
        .build()
        .transactItems();
  }

  /// Takes the ledger's head for another, in Transform: it alone takes the lease.
  static Defect head(UnaryOperator<Head> misread) {
    return new Defect() {
      @Override
      public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler turns) {
        boolean[] leased = {false};
        Ledger noticing =
            over(
                Ledger.class,
                ledger,
                "takeLease",
                call -> {
                  leased[0] = true;
                  return call.real.call();
                });
        return over(
            Ledger.class,
            noticing,
            "head",
            call -> leased[0] ? misread.apply(call.port.head()) : call.real.call());
      }
    };
  }

  /// Takes the open plan for another, or for none.
  static Defect openPlan(UnaryOperator<Optional<OpenPlan>> misread) {
    return head(h ->
        new Head(
            h.sequence(),
            h.published(),
            h.cleared(),
            h.maxChunks(),
            h.parkings(),
            misread.apply(h.open())));
  }

  /// Takes the earlier batches, the latest first, for others.
  static Defect history(UnaryOperator<List<CommittedBatch>> kept) {
    return ledger(
        "batchesSince",
        call ->
            kept.apply(
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

  /// Asks for something else.
  static Defect asks(String operation, Consumer<ObjectNode> edit) {
    return request(operation, request -> new Request(request.http(), edited(request.body(), edit)));
  }

  /// Goes by another condition where it updates an item.
  static Defect condition(UnaryOperator<String> edit) {
    return asks(
        "dynamodb UpdateItem",
        item ->
            item.put(
                "ConditionExpression", edit.apply(item.path("ConditionExpression").asString())));
  }

  /// Puts objects under `folder` whether they are there or not.
  static Defect writesOver(String folder) {
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

  /// Does not read `field` of a good answer.
  static Defect overlooks(String operation, String field) {
    return response(
        operation,
        response -> {
          if (response.status() != 200 || response.body().length < response.length()) {
            return response;
          }
          byte[] body = edited(response.body(), answer -> answer.remove(field));
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

  /// Makes something else of the engine's work.
  static Defect after(Afterwards afterwards) {
    return run((engine, work) -> afterwards.of(work, engine.run(work)));
  }

  /// Tells the engine something else of the earlier batches.
  static Defect seen(UnaryOperator<Seen> seen) {
    return run((engine, w) ->
        engine.run(
            new Input(
                w.pipeline(),
                w.plan(),
                w.chunks(),
                w.references(),
                seen.apply(w.seen()),
                w.folder())));
  }

  private interface Running {
    Output of(Engine engine, Input work);
  }

  private static Defect run(Running running) {
    return new Defect() {
      @Override
      public Engine engine(Engine engine) {
        return over(
            Engine.class,
            engine,
            "run",
            call -> running.of(call.port, (Input) call.arguments.getFirst()));
      }
    };
  }

  static void remove(JsonNode node, String field) {
    if (node instanceof ObjectNode object) {
      object.remove(field);
    }
  }

  private static byte[] edited(byte[] json, Consumer<ObjectNode> edit) {
    ObjectNode node = (ObjectNode) JSON.readTree(json);
    edit.accept(node);
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// A file of a table, not of quarantine.
  static Optional<LocalFile> table(Output outcome, Predicate<LocalFile> which) {
    return outcome.files().stream()
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
