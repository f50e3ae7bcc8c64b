package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.Expression.MissingOperand;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
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

/// A simulation of DynamoDB tables with text keys: conditional writes, transactions, pages, and
/// reads that may miss the last write of an item unless they are strongly consistent.
public final class SimulatedDynamoDb {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_KEYS_READ = 100;
  private static final int MAX_ROWS_WRITTEN = 25;
  private static final int MAX_TRANSACTION_ITEMS = 100;
  private static final int MAX_TRANSACTION_BYTES = 4 << 20;
  private static final int MAX_ITEM_BYTES = 400 << 10;
  private static final int MAX_PAGE_BYTES = 1 << 20;
  private static final int MAX_BATCH_BYTES = 16 << 20;
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final SettableClock clock;
  private final RandomGenerator random;
  private final Behavior behavior;
  private final Map<String, Table> tables = new HashMap<>();
  private final Map<String, Remembered> transactions = new HashMap<>();

  SimulatedDynamoDb(SettableClock clock, RandomGenerator random, Behavior behavior) {
    this.clock = clock;
    this.random = random;
    this.behavior = behavior;
  }

  /// A transaction that took effect, remembered by its client token until `until`.
  private record Remembered(JsonNode writes, Instant until) {}

  /// @param before each item as it was before its last write; an empty item if it did not exist
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

    /// This table, but with the items in `missed` as they were before their last write.
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

  /// Creates a table with a partition key and an optional sort key.
  public void create(String table, String... keys) {
    tables.put(table, new Table(List.of(keys), new TreeMap<>(), new TreeMap<>()));
  }

  /// Every item of a table, in the format of the protocol.
  public Collection<ObjectNode> items(String table) {
    return table(table).items.values();
  }

  /// Puts an item of text attributes.
  public void put(String table, Map<String, String> attributes) {
    ObjectNode item = object();
    attributes.forEach((name, value) -> item.putObject(name).put("S", value));
    table(table).set(table(table).place(item), item);
  }

  /// A table as seen by one read.
  private Table read(String name, JsonNode input) {
    Table table = table(name);
    return behavior.stale() == 0 || input.path("ConsistentRead").asBoolean(false)
        ? table
        : table.stale(_ -> random.nextDouble() < behavior.stale());
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

  /// The request is invalid, whatever the state of the table.
  private static final class Invalid extends RuntimeException {
    Invalid(String message) {
      super(message);
    }
  }

  Response answer(Request request, boolean degraded) {
    JsonNode input = JSON.readTree(request.body());
    try {
      return switch (request.action()) {
        case "GetItem" -> get(input);
        case "PutItem" -> writeOne(write(input, "Put"), degraded);
        case "UpdateItem" -> writeOne(write(input, "Update"), degraded);
        case "DeleteItem" -> writeOne(write(input, "Delete"), degraded);
        case "Query" -> Response.json(page(input, degraded));
        case "Scan" -> Response.json(page(input, degraded));
        case "BatchGetItem" -> batchGet(input, degraded);
        case "BatchWriteItem" -> batchWrite(input, degraded);
        case "TransactWriteItems" -> transact(input, degraded);
        default ->
            throw new IllegalArgumentException("not simulated: DynamoDB " + request.action());
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

  private Response get(JsonNode input) {
    ObjectNode item = read(input.path("TableName").asString(), input).at(input.path("Key"));
    ObjectNode answer = object();
    if (!item.isEmpty()) {
      answer.set("Item", item);
    }
    return Response.json(answer);
  }

  /// One write.
  ///
  /// @param after the item after the write; null if the write deletes it
  /// @param allowed whether the condition holds
  private record Write(Table table, String place, @Nullable ObjectNode after, boolean allowed) {
    void apply() {
      table.set(place, after);
    }

    int bytes() {
      return after == null ? 0 : size(after);
    }
  }

  private Write write(JsonNode input, String kind) {
    Table table = table(input.path("TableName").asString());
    JsonNode key = input.path(kind.equals("Put") ? "Item" : "Key");
    ObjectNode before = table.at(key);
    JsonNode condition = input.path("ConditionExpression");
    boolean allowed =
        condition.isMissingNode() || new Expression(condition.asString(), input, before).holds();
    ObjectNode after =
        switch (kind) {
          case "Put" -> (ObjectNode) key.deepCopy();
          case "Update" -> allowed ? updated(input, key, before) : before;
          case "Delete" -> null;
          default -> throw new IllegalArgumentException("not simulated: " + kind);
        };
    if (after != null && size(after) > MAX_ITEM_BYTES) {
      throw new Invalid("Item size has exceeded the maximum allowed size");
    }
    return new Write(table, table.place(key), after, allowed);
  }

  private static ObjectNode updated(JsonNode input, JsonNode key, ObjectNode before) {
    ObjectNode base = before.isEmpty() ? (ObjectNode) key.deepCopy() : before;
    return new Expression(input.path("UpdateExpression").asString(), input, base).updated();
  }

  /// The size in bytes of all names and values.
  private static int size(ObjectNode item) {
    int size = 0;
    for (Map.Entry<String, JsonNode> attribute : item.properties()) {
      size += bytes(attribute.getKey());
      for (JsonNode value : attribute.getValue()) {
        size += bytes(value.isContainer() ? value.toString() : value.asString());
      }
    }
    return size;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Response writeOne(Write write, boolean degraded) {
    if (degraded) {
      return error("TransactionConflictException", "Transaction is ongoing for the item");
    }
    if (!write.allowed) {
      return error("ConditionalCheckFailedException", "The conditional request failed");
    }
    write.apply();
    return Response.json(object());
  }

  /// A page of a query or scan, in the order of the keys.
  private ObjectNode page(JsonNode input, boolean degraded) {
    Table table = read(input.path("TableName").asString(), input);
    boolean forward = input.path("ScanIndexForward").asBoolean(true);
    JsonNode condition = input.path("KeyConditionExpression");
    JsonNode start = input.path("ExclusiveStartKey");
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
                condition.isMissingNode() || new Expression(condition.asString(), input, i).holds())
            .toList();
    boolean isShort =
        degraded || (behavior.shortPages() > 0 && random.nextDouble() < behavior.shortPages());
    int maxItems = isShort ? 1 : input.path("Limit").asInt(Integer.MAX_VALUE);
    ObjectNode answer = object();
    ArrayNode page = answer.putArray("Items");
    int bytes = 0;
    for (ObjectNode item : found) {
      if (page.size() == maxItems || bytes > MAX_PAGE_BYTES) {
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

  private Response batchGet(JsonNode input, boolean degraded) {
    ObjectNode answer = object();
    ObjectNode responses = answer.putObject("Responses");
    ObjectNode unprocessed = answer.putObject("UnprocessedKeys");
    for (Map.Entry<String, JsonNode> wanted : input.path("RequestItems").properties()) {
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
      int index = 0;
      for (JsonNode key : keys) {
        ObjectNode item = table.at(key);
        bytes += size(item);
        if (bytes > MAX_BATCH_BYTES || (degraded && index++ % 2 == 0)) {
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

  private Response batchWrite(JsonNode input, boolean degraded) {
    ObjectNode answer = object();
    ObjectNode unprocessed = answer.putObject("UnprocessedItems");
    for (Map.Entry<String, JsonNode> wanted : input.path("RequestItems").properties()) {
      Table table = table(wanted.getKey());
      if (wanted.getValue().size() > MAX_ROWS_WRITTEN) {
        throw new Invalid("Too many items requested for the BatchWriteItem call");
      }
      int index = 0;
      for (JsonNode request : wanted.getValue()) {
        ObjectNode item = (ObjectNode) request.path("PutRequest").path("Item");
        if (degraded && index++ % 2 == 0) {
          unprocessed.withArray("/" + wanted.getKey()).add(request);
        } else {
          table.set(table.place(item), item);
        }
      }
    }
    return Response.json(answer);
  }

  private Response transact(JsonNode input, boolean degraded) {
    JsonNode writes = input.path("TransactItems");
    String token = input.path("ClientRequestToken").asString("");
    Remembered before = transactions.get(token);
    if (before != null && clock.instant().isBefore(before.until)) {
      return before.writes.equals(writes)
          ? Response.json(object())
          : error(
              "IdempotentParameterMismatchException",
              "The request uses the same client token as a previous, but non-identical request.");
    }
    if (writes.size() > MAX_TRANSACTION_ITEMS) {
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
    if (degraded) {
      return cancelled(all, "TransactionConflict", _ -> true);
    }
    if (all.stream().anyMatch(w -> !w.allowed)) {
      return cancelled(all, "ConditionalCheckFailed", w -> !w.allowed);
    }
    all.forEach(Write::apply);
    if (!token.isEmpty()) {
      transactions.put(token, new Remembered(writes, clock.instant().plus(TOKEN_LIFETIME)));
    }
    return Response.json(object());
  }

  private interface Failed {
    boolean test(Write write);
  }

  private static Response cancelled(List<Write> writes, String code, Failed failed) {
    ObjectNode body = object();
    body.put("__type", "com.amazonaws.dynamodb.v20120810#TransactionCanceledException");
    body.put(
        "Message", "Transaction cancelled, please refer cancellation reasons for specific reasons");
    ArrayNode reasons = body.putArray("CancellationReasons");
    writes.forEach(w -> reasons.addObject().put("Code", failed.test(w) ? code : "None"));
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
