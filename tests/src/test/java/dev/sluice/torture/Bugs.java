package dev.sluice.torture;

import dev.sluice.aws.AwsClients;
import dev.sluice.batch.OutputFile;
import dev.sluice.bucket.Bucket;
import dev.sluice.cloud.Request;
import dev.sluice.cloud.Response;
import dev.sluice.cloud.SimulatedClients;
import dev.sluice.extract.MessageSource;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
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

/// Makes each [Bug] of what is done instead, by where it is done.
final class Bugs {
  static final JsonMapper JSON = new JsonMapper();

  private Bugs() {}

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
    @Nullable Object of(Call<Ledger> call, Bucket bucket, Turns turns) throws Throwable;
  }

  /// What an engine's work comes to instead.
  interface Afterwards {
    Outcome of(Work work, Outcome outcome);
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

  static Bug source(String method, Instead<MessageSource> instead) {
    return new Bug() {
      @Override
      public MessageSource source(MessageSource source) {
        return over(MessageSource.class, source, method, instead);
      }
    };
  }

  static Bug bucket(String method, Instead<Bucket> instead) {
    return new Bug() {
      @Override
      public Bucket bucket(Bucket bucket) {
        return over(Bucket.class, bucket, method, instead);
      }
    };
  }

  static Bug ledger(String method, Instead<Ledger> instead) {
    return ledger(method, (call, _, _) -> instead.of(call));
  }

  static Bug ledger(String method, LedgerInstead instead) {
    return new Bug() {
      @Override
      public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
        return over(Ledger.class, ledger, method, call -> instead.of(call, bucket, turns));
      }
    };
  }

  /// Writes the items of a transaction one after the other, by a ledger of its own.
  static Bug itemByItem() {
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
    Ledger ledger = clients.ledger(splitting, Lab.LEDGER, "orders");
    return new Bug() {
      @Override
      public Ledger ledger(Ledger real, Bucket bucket, Turns turns) {
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
  static Bug head(UnaryOperator<Head> misread) {
    return new Bug() {
      @Override
      public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
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
  static Bug openPlan(UnaryOperator<Optional<OpenPlan>> misread) {
    return head(h ->
        new Head(
            h.sequence(),
            h.published(),
            h.cleared(),
            h.mostChunks(),
            h.parkings(),
            misread.apply(h.open())));
  }

  /// Takes the earlier batches, the latest first, for others.
  static Bug history(UnaryOperator<List<CommittedBatch>> kept) {
    return ledger(
        "batchesSince",
        call ->
            kept.apply(
                call.port.batchesSince(
                    (Instant) call.arguments.getFirst(), (Long) call.arguments.get(1))));
  }

  static Bug request(String operation, UnaryOperator<Request> edit) {
    return new Bug() {
      @Override
      public Request request(Request request) {
        return request.operation().equals(operation) ? edit.apply(request) : request;
      }
    };
  }

  /// Asks for something else.
  static Bug asks(String operation, Consumer<ObjectNode> edit) {
    return request(operation, request -> new Request(request.http(), edited(request.body(), edit)));
  }

  /// Goes by another condition where it updates an item.
  static Bug condition(UnaryOperator<String> edit) {
    return asks(
        "dynamodb UpdateItem",
        item ->
            item.put(
                "ConditionExpression", edit.apply(item.path("ConditionExpression").asString())));
  }

  /// Puts objects under `folder` whether they are there or not.
  static Bug writesOver(String folder) {
    return request(
        "s3 PutObject if absent",
        request ->
            request.http().encodedPath().contains(folder)
                ? new Request(
                    request.http().toBuilder().removeHeader("If-None-Match").build(),
                    request.body())
                : request);
  }

  static Bug response(String operation, UnaryOperator<Response> edit) {
    return new Bug() {
      @Override
      public Response response(Request request, Response response) {
        return request.operation().equals(operation) ? edit.apply(response) : response;
      }
    };
  }

  /// Does not read `field` of a good answer.
  static Bug overlooks(String operation, String field) {
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

  static Bug engine(Slip slip) {
    return new Bug() {
      @Override
      public Engine engine(Engine engine) {
        return new PlainOrders(Set.of(slip));
      }
    };
  }

  /// Makes something else of the engine's work.
  static Bug after(Afterwards afterwards) {
    return run((engine, work) -> afterwards.of(work, engine.run(work)));
  }

  /// Tells the engine something else of the earlier batches.
  static Bug seen(UnaryOperator<Seen> seen) {
    return run((engine, w) ->
        engine.run(
            new Work(
                w.pipeline(),
                w.plan(),
                w.chunks(),
                w.references(),
                seen.apply(w.seen()),
                w.folder())));
  }

  private interface Running {
    Outcome of(Engine engine, Work work);
  }

  private static Bug run(Running running) {
    return new Bug() {
      @Override
      public Engine engine(Engine engine) {
        return over(
            Engine.class,
            engine,
            "run",
            call -> running.of(call.port, (Work) call.arguments.getFirst()));
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
  static Optional<LocalFile> table(Outcome outcome, Predicate<LocalFile> which) {
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
