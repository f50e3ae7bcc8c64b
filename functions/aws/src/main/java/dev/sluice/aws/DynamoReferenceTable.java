package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;

import dev.sluice.failure.InvalidReference;
import dev.sluice.failure.TransientFailure;
import dev.sluice.parallel.InParallel;
import dev.sluice.reference.ReferenceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// The [ReferenceTable] in a DynamoDB table whose partition key is one string attribute.
public final class DynamoReferenceTable implements ReferenceTable {
  private static final int KEYS_A_READ = 100;
  private static final int ROWS_A_WRITE = 25;
  private static final int TRIES = 8;

  private final DynamoDbClient dynamodb;
  private final String table;
  private final String key;
  private final Set<String> columns;

  /// Reads the DynamoDB table `table`.
  ///
  /// @param key the partition key's attribute
  /// @param columns the attributes that are used; others may have any type
  public DynamoReferenceTable(
      DynamoDbClient dynamodb, String table, String key, Set<String> columns) {
    this.dynamodb = dynamodb;
    this.table = table;
    this.key = key;
    this.columns = columns;
  }

  @Override
  public String name() {
    return table;
  }

  @Override
  public boolean isEmpty() {
    return call(
        "scan " + table,
        // Counting is all that the policy Viewer allows.
        () ->
            dynamodb
                    .scan(
                        b -> b.tableName(table).consistentRead(true).limit(1).select(Select.COUNT))
                    .count()
                == 0);
  }

  @Override
  public List<Map<String, String>> get(List<String> keys) {
    // DynamoDB rejects a request that contains a key twice.
    List<String> distinct = keys.stream().distinct().toList();
    return InParallel.map(groups(distinct, KEYS_A_READ), this::getGroup).stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<Map<String, String>> getGroup(List<String> keys) {
    List<Map<String, String>> rows = new ArrayList<>();
    Map<String, KeysAndAttributes> asked =
        Map.of(
            table,
            KeysAndAttributes.builder()
                // Consistent, so that a row written before the tick is found.
                .consistentRead(true)
                .keys(keys.stream().map(k -> Map.of(key, AttributeValue.fromS(k))).toList())
                .build());
    for (int tries = 1; !asked.isEmpty(); tries++) {
      Map<String, KeysAndAttributes> now = asked;
      BatchGetItemResponse answer =
          call("read " + table, () -> dynamodb.batchGetItem(b -> b.requestItems(now)));
      answer.responses().getOrDefault(table, List.of()).forEach(item -> rows.add(row(item)));
      asked = answer.unprocessedKeys();
      backOff(tries, asked.isEmpty(), "keys");
    }
    return rows;
  }

  /// Backs off with full jitter: unprocessed keys mean throttling.
  private void backOff(int tries, boolean done, String what) {
    if (done) {
      return;
    }
    if (tries == TRIES) {
      throw new TransientFailure(
          "table %s left %s unprocessed %d times: increase its capacity"
              .formatted(table, what, tries));
    }
    Pause.of(Duration.ofMillis(ThreadLocalRandom.current().nextLong(25L << tries)));
  }

  @Override
  public List<Map<String, String>> scan() {
    return call(
        "scan " + table,
        () ->
            dynamodb.scanPaginator(b -> b.tableName(table).consistentRead(true)).items().stream()
                .map(this::row)
                .toList());
  }

  private Map<String, String> row(Map<String, AttributeValue> item) {
    Map<String, String> row = new HashMap<>();
    item.forEach((name, value) -> {
      switch (value.type()) {
        case S -> row.put(name, value.s());
        case N -> row.put(name, value.n());
        case BOOL -> row.put(name, value.bool().toString());
        case NUL -> {
          // As if the attribute were absent.
        }
        default -> {
          if (columns.contains(name)) {
            throw new InvalidReference(
                "attribute %s of the item with %s '%s' is %s; a column holds a string, a number or a boolean: correct the item"
                    .formatted(
                        name,
                        key,
                        item.getOrDefault(key, AttributeValue.fromS("")).s(),
                        inWords(value.type())));
          }
        }
      }
    });
    return row;
  }

  private static String inWords(AttributeValue.Type type) {
    return switch (type) {
      case S -> "a string";
      case N -> "a number";
      case BOOL -> "a boolean";
      case NUL -> "null";
      case B -> "binary data";
      case SS -> "a set of strings";
      case NS -> "a set of numbers";
      case BS -> "a set of binary data";
      case L -> "a list";
      case M -> "a map";
      case UNKNOWN_TO_SDK_VERSION -> "of an unknown type";
    };
  }

  @Override
  public void put(Stream<Map<String, String>> rows) {
    List<WriteRequest> writes =
        rows.map(
                row -> {
                  Map<String, AttributeValue> item = new HashMap<>();
                  row.forEach((name, text) -> item.put(name, AttributeValue.fromS(text)));
                  return WriteRequest.builder()
                      .putRequest(PutRequest.builder().item(item).build())
                      .build();
                })
            .toList();
    InParallel.map(groups(writes, ROWS_A_WRITE), this::putGroup);
  }

  private int putGroup(List<WriteRequest> writes) {
    Map<String, List<WriteRequest>> asked = Map.of(table, writes);
    for (int tries = 1; !asked.isEmpty(); tries++) {
      Map<String, List<WriteRequest>> now = asked;
      BatchWriteItemResponse answer =
          call("write " + table, () -> dynamodb.batchWriteItem(b -> b.requestItems(now)));
      asked = answer.unprocessedItems();
      backOff(tries, asked.isEmpty(), "rows");
    }
    return writes.size();
  }

  private static <T> List<List<T>> groups(List<T> all, int size) {
    List<List<T>> groups = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      groups.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return groups;
  }
}
