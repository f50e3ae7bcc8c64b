package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.Expression.MissingOperand;
import dev.sluice.simulatedaws.SimulatedAws.Manners;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tables with text keys: conditional writes, transactions, pages; and reads that may miss the last
/// write of an item, unless they ask for consistency.
public final class SimulatedDynamoDb {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_KEYS_READ = 100;
  private static final int MAX_ROWS_WRITTEN = 25;
  private static final int MAX_IN_A_TRANSACTION = 100;
  private static final int MAX_TRANSACTION_BYTES = 4 << 20;
  private static final int MAX_ITEM_BYTES = 400 << 10;
  private static final int MAX_PAGE_BYTES = 1 << 20;
  private static final int MAX_BATCH_BYTES = 16 << 20;
  private static final Duration TOKEN_LIVES = Duration.ofMinutes(10);

  private final SettableClock clock;
  private final RandomGenerator random;
  private final Manners manners;
  private final Map<String, Table> tables = new HashMap<>();
  private final Map<String, Remembered> transactions = new HashMap<>();

  SimulatedDynamoDb(SettableClock clock, RandomGenerator random, Manners manners) {
    this.clock = clock;
    this.random = random;
    this.manners = manners;
  }

  /// A transaction that took effect, by its client's token.
  private record Remembered(JsonNode writes, Instant until) {}

  /// @param before what stood there before the last write of it; empty: nothing did
  private record Table(
      List<String> keys, TreeMap<String, ObjectNode> items, TreeMap<String, ObjectNode> before) {
    String place(JsonNode item) {
      return keys.stream()
          .map(k -> item.path(k).path("S").asString())
          .collect(Collectors.joining("\0"));
    }

    ObjectNode at(JsonNode key) {
      return at(place(key), items);
    }

    private static ObjectNode at(String place, TreeMap<String, ObjectNode> items) {
      ObjectNode item = items.get(place);
      return item == null ? object() : item;
    }

    void set(String place, @Nullable ObjectNode item) {
      before.put(place, at(place, items));
      if (item == null) {
        items.remove(place);
      } else {
        items.put(place, item);
      }
    }

    /// The same with each of `missed` as it was before its last write.
    Table stale(Predicate<String> missed) {
      TreeMap<String, ObjectNode> seen = new TreeMap<>(items);
      before.forEach((place, item) -> {
        if (missed.test(place)) {
          seen.put(place, item);
        }
      });
      seen.values().removeIf(ObjectNode::isEmpty);
      return new Table(keys, seen, before);
    }
  }

  /// Makes a table with a partition key, and perhaps a sort key.
  public void create(String table, String... keys) {
    tables.put(table, new Table(List.of(keys), new TreeMap<>(), new TreeMap<>()));
  }

  /// Every item of a table, as the wire has it.
  public Collection<ObjectNode> items(String table) {
    return table(table).items.values();
  }

  /// Puts an item of text attributes.
  public void put(String table, Map<String, String> attributes) {
    ObjectNode item = object();
    attributes.forEach((name, value) -> item.putObject(name).put("S", value));
    table(table).set(table(table).place(item), item);
  }

  /// A table as one read sees it.
  private Table read(String name, JsonNode asked) {
    Table table = table(name);
    return manners.stale() == 0 || asked.path("ConsistentRead").asBoolean(false)
        ? table
        : table.stale(_ -> random.nextDouble() < manners.stale());
  }

  private Table table(String name) {
    Table table = tables.get(name);
    if (table == null) {
      throw new NoTable();
    }
    return table;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static final class NoTable extends RuntimeException {}

  /// A request that no state of the table could make good.
  private static final class Invalid extends RuntimeException {
    Invalid(String message) {
      super(message);
    }
  }

  Response answer(Request request, boolean grudging) {
    JsonNode asked = JSON.readTree(request.body());
    try {
      return switch (request.action()) {
        case "GetItem" -> get(asked);
        case "PutItem" -> one(write(asked, "Put"), grudging);
        case "UpdateItem" -> one(write(asked, "Update"), grudging);
        case "DeleteItem" -> one(write(asked, "Delete"), grudging);
        case "Query" -> Response.json(page(asked, grudging));
        case "Scan" -> Response.json(page(asked, grudging));
        case "BatchGetItem" -> batchGet(asked, grudging);
        case "BatchWriteItem" -> batchWrite(asked, grudging);
        case "TransactWriteItems" -> transact(asked, grudging);
        default ->
            throw new IllegalArgumentException("DynamoDB is not asked to " + request.action());
      };
    } catch (NoTable missing) {
      return error("ResourceNotFoundException", "Requested resource not found");
    } catch (Invalid | MissingOperand invalid) {
      return error("ValidationException", String.valueOf(invalid.getMessage()));
    }
  }

  private static Response error(String code, String message) {
    return Response.jsonError(400, code, message);
  }

  private Response get(JsonNode asked) {
    ObjectNode item = read(asked.path("TableName").asString(), asked).at(asked.path("Key"));
    ObjectNode answer = object();
    if (!item.isEmpty()) {
      answer.set("Item", item);
    }
    return Response.json(answer);
  }

  /// One write: where, what stands there afterwards (nothing: deleted), and whether its condition
  /// holds.
  private record Write(Table table, String place, @Nullable ObjectNode after, boolean allowed) {
    void apply() {
      table.set(place, after);
    }

    int bytes() {
      return after == null ? 0 : size(after);
    }
  }

  private Write write(JsonNode asked, String kind) {
    Table table = table(asked.path("TableName").asString());
    JsonNode key = asked.path(kind.equals("Put") ? "Item" : "Key");
    ObjectNode before = table.at(key);
    JsonNode condition = asked.path("ConditionExpression");
    boolean allowed =
        condition.isMissingNode() || new Expression(condition.asString(), asked, before).holds();
    ObjectNode after =
        switch (kind) {
          case "Put" -> (ObjectNode) key.deepCopy();
          case "Update" -> allowed ? updated(asked, key, before) : before;
          case "Delete" -> null;
          default -> throw new IllegalArgumentException("not simulated: " + kind);
        };
    if (after != null && size(after) > MAX_ITEM_BYTES) {
      throw new Invalid("Item size has exceeded the maximum allowed size");
    }
    return new Write(table, table.place(key), after, allowed);
  }

  private static ObjectNode updated(JsonNode asked, JsonNode key, ObjectNode before) {
    ObjectNode base = before.isEmpty() ? (ObjectNode) key.deepCopy() : before;
    return new Expression(asked.path("UpdateExpression").asString(), asked, base).updated();
  }

  /// Bytes of names and of values.
  private static int size(ObjectNode item) {
    int size = 0;
    for (Map.Entry<String, JsonNode> attribute : item.properties()) {
      size += bytes(attribute.getKey());
      for (JsonNode value : attribute.getValue()) {
        size += bytes(value.asString());
      }
    }
    return size;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Response one(Write write, boolean grudging) {
    if (grudging) {
      return error("TransactionConflictException", "Transaction is ongoing for the item");
    }
    if (!write.allowed) {
      return error("ConditionalCheckFailedException", "The conditional request failed");
    }
    write.apply();
    return Response.json(object());
  }

  /// A page of a query or of a scan, in the order of the keys.
  private ObjectNode page(JsonNode asked, boolean grudging) {
    Table table = read(asked.path("TableName").asString(), asked);
    boolean forward = asked.path("ScanIndexForward").asBoolean(true);
    JsonNode condition = asked.path("KeyConditionExpression");
    JsonNode start = asked.path("ExclusiveStartKey");
    Stream<Map.Entry<String, ObjectNode>> items =
        (forward ? table.items : table.items.descendingMap()).entrySet().stream();
    if (!start.isMissingNode()) {
      String last = table.place(start);
      items =
          items.filter(
              i -> (i.getKey().compareTo(last) > 0) == forward && !i.getKey().equals(last));
    }
    List<ObjectNode> found =
        items
            .map(Map.Entry::getValue)
            .filter(i ->
                condition.isMissingNode() || new Expression(condition.asString(), asked, i).holds())
            .toList();
    boolean isShort =
        grudging || (manners.shortPages() > 0 && random.nextDouble() < manners.shortPages());
    int most = isShort ? 1 : asked.path("Limit").asInt(Integer.MAX_VALUE);
    ObjectNode answer = object();
    ArrayNode page = answer.putArray("Items");
    int bytes = 0;
    for (ObjectNode item : found) {
      if (page.size() == most || bytes > MAX_PAGE_BYTES) {
        ObjectNode last = answer.putObject("LastEvaluatedKey");
        JsonNode before = page.get(page.size() - 1);
        table.keys.forEach(k -> last.set(k, before.get(k)));
        break;
      }
      page.add(item);
      bytes += size(item);
    }
    answer.put("Count", page.size());
    return answer;
  }

  private Response batchGet(JsonNode asked, boolean grudging) {
    ObjectNode answer = object();
    ObjectNode responses = answer.putObject("Responses");
    ObjectNode unprocessed = answer.putObject("UnprocessedKeys");
    for (Map.Entry<String, JsonNode> wanted : asked.path("RequestItems").properties()) {
      Table table = read(wanted.getKey(), wanted.getValue());
      JsonNode keys = wanted.getValue().path("Keys");
      if (keys.size() > MAX_KEYS_READ) {
        throw new Invalid("Too many items requested for the BatchGetItem call");
      }
      Set<String> distinct = new HashSet<>();
      keys.forEach(key -> distinct.add(table.place(key)));
      if (distinct.size() < keys.size()) {
        throw new Invalid("Provided list of item keys contains duplicates");
      }
      ArrayNode found = responses.putArray(wanted.getKey());
      int bytes = 0;
      int asked0 = 0;
      for (JsonNode key : keys) {
        ObjectNode item = table.at(key);
        bytes += size(item);
        if (bytes > MAX_BATCH_BYTES || (grudging && asked0++ % 2 == 0)) {
          ObjectNode again = unprocessed.withObject("/" + wanted.getKey());
          again.withArray("/Keys").add(key);
          again.put("ConsistentRead", wanted.getValue().path("ConsistentRead").asBoolean(false));
        } else if (!item.isEmpty()) {
          found.add(item);
        }
      }
    }
    return Response.json(answer);
  }

  private Response batchWrite(JsonNode asked, boolean grudging) {
    ObjectNode answer = object();
    ObjectNode unprocessed = answer.putObject("UnprocessedItems");
    for (Map.Entry<String, JsonNode> wanted : asked.path("RequestItems").properties()) {
      Table table = table(wanted.getKey());
      if (wanted.getValue().size() > MAX_ROWS_WRITTEN) {
        throw new Invalid("Too many items requested for the BatchWriteItem call");
      }
      int place = 0;
      for (JsonNode request : wanted.getValue()) {
        ObjectNode item = (ObjectNode) request.path("PutRequest").path("Item");
        if (grudging && place++ % 2 == 0) {
          unprocessed.withArray("/" + wanted.getKey()).add(request);
        } else {
          table.set(table.place(item), item);
        }
      }
    }
    return Response.json(answer);
  }

  private Response transact(JsonNode asked, boolean grudging) {
    JsonNode writes = asked.path("TransactItems");
    String token = asked.path("ClientRequestToken").asString("");
    Remembered before = transactions.get(token);
    if (before != null && clock.instant().isBefore(before.until)) {
      return before.writes.equals(writes)
          ? Response.json(object())
          : error(
              "IdempotentParameterMismatchException",
              "The request uses the same client token as a previous, but non-identical request.");
    }
    if (writes.size() > MAX_IN_A_TRANSACTION) {
      throw new Invalid("Member must have length less than or equal to 100: transactItems");
    }
    List<Write> all = new ArrayList<>();
    for (JsonNode write : writes) {
      String kind = write.propertyNames().iterator().next();
      all.add(write(write.path(kind), kind));
    }
    if (all.stream().map(w -> System.identityHashCode(w.table) + w.place).distinct().count()
        < all.size()) {
      throw new Invalid("Transaction request cannot include multiple operations on one item");
    }
    if (all.stream().mapToInt(Write::bytes).sum() > MAX_TRANSACTION_BYTES) {
      throw new Invalid("Transaction request cannot exceed 4 MB");
    }
    if (grudging) {
      return cancelled(all, "TransactionConflict", _ -> true);
    }
    if (all.stream().anyMatch(w -> !w.allowed)) {
      return cancelled(all, "ConditionalCheckFailed", w -> !w.allowed);
    }
    all.forEach(Write::apply);
    if (!token.isEmpty()) {
      transactions.put(token, new Remembered(writes, clock.instant().plus(TOKEN_LIVES)));
    }
    return Response.json(object());
  }

  private interface Blamed {
    boolean is(Write write);
  }

  private static Response cancelled(List<Write> writes, String code, Blamed blamed) {
    ObjectNode body = object();
    body.put("__type", "com.amazonaws.dynamodb.v20120810#TransactionCanceledException");
    body.put(
        "Message", "Transaction cancelled, please refer cancellation reasons for specific reasons");
    ArrayNode reasons = body.putArray("CancellationReasons");
    writes.forEach(w -> reasons.addObject().put("Code", blamed.is(w) ? code : "None"));
    return new Response(400, Map.of(), body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// An attribute of an item, as text.
  public static Optional<String> attribute(ObjectNode item, String name) {
    for (JsonNode value : item.path(name)) {
      return Optional.of(value.asString());
    }
    return Optional.empty();
  }
}
