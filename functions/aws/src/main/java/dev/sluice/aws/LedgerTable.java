package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;
import static dev.sluice.aws.DynamoItem.value;

import dev.sluice.failure.TransientFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The DynamoDB requests of one pipeline's ledger: consistent reads, conditional writes and
/// transactions. It does not know what the items mean.
///
/// A failed condition is a result; every other failure is a [TransientFailure].
record LedgerTable(DynamoDbClient dynamodb, String table, String pipeline) {
  /// An update of one item and the condition for it.
  record Update(
      String expression,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {}

  String about(String what) {
    return "ledger " + table + ", pipeline " + pipeline + ": " + what;
  }

  Map<String, AttributeValue> key(String item) {
    return Map.of("pipeline", value(pipeline), "item", value(item));
  }

  Map<String, AttributeValue> item(String item, Map<String, AttributeValue> attributes) {
    return DynamoItem.join(key(item), attributes);
  }

  Optional<DynamoItem> get(String item) {
    return call(
        about("read " + item),
        () -> {
          var answer =
              dynamodb.getItem(b -> b.tableName(table).key(key(item)).consistentRead(true));
          return answer.hasItem() ? Optional.of(new DynamoItem(answer.item())) : Optional.empty();
        });
  }

  /// All items whose sort key begins with `prefix`, in the order of the sort key.
  List<DynamoItem> list(String prefix) {
    return query(
        "list " + prefix,
        b ->
            b.keyConditionExpression("pipeline = :p AND begins_with(#i, :prefix)")
                .expressionAttributeValues(Map.of(":p", value(pipeline), ":prefix", value(prefix))),
        _ -> true);
  }

  /// The items from `last` back to `first`, in descending order, until `isWanted` returns false.
  List<DynamoItem> listBackwards(String first, String last, Predicate<DynamoItem> isWanted) {
    return query(
        "list " + first + " to " + last,
        b ->
            b.keyConditionExpression("pipeline = :p AND #i BETWEEN :first AND :last")
                .expressionAttributeValues(
                    Map.of(":p", value(pipeline), ":first", value(first), ":last", value(last)))
                .scanIndexForward(false),
        isWanted);
  }

  private List<DynamoItem> query(
      String what, Consumer<QueryRequest.Builder> more, Predicate<DynamoItem> isWanted) {
    return call(
        about(what),
        () -> {
          List<DynamoItem> items = new ArrayList<>();
          var pages =
              dynamodb.queryPaginator(b ->
                  b.tableName(table)
                      .expressionAttributeNames(Map.of("#i", "item"))
                      .consistentRead(true)
                      .applyMutation(more));
          for (Map<String, AttributeValue> attributes : pages.items()) {
            DynamoItem item = new DynamoItem(attributes);
            if (!isWanted.test(item)) {
              break;
            }
            items.add(item);
          }
          return items;
        });
  }

  /// Creates an item; false if it exists.
  boolean create(String item, Map<String, AttributeValue> attributes) {
    return conditional(
        "create " + item,
        () ->
            dynamodb.putItem(b ->
                b.tableName(table)
                    .item(item(item, attributes))
                    .conditionExpression("attribute_not_exists(#i)")
                    .expressionAttributeNames(Map.of("#i", "item"))));
  }

  boolean update(String item, Update update) {
    return conditional(
        update.expression(),
        () ->
            dynamodb.updateItem(b ->
                b.tableName(table)
                    .key(key(item))
                    .updateExpression(update.expression())
                    .conditionExpression(update.condition())
                    .expressionAttributeNames(update.names())
                    .expressionAttributeValues(update.values())));
  }

  boolean deleteIf(
      String item,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    return conditional(
        "delete " + item,
        () ->
            dynamodb.deleteItem(b ->
                b.tableName(table)
                    .key(key(item))
                    .conditionExpression(condition)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)));
  }

  void delete(String item) {
    call(
        about("delete " + item), () -> dynamodb.deleteItem(b -> b.tableName(table).key(key(item))));
  }

  private boolean conditional(String what, Runnable write) {
    try {
      write.run();
      return true;
    } catch (ConditionalCheckFailedException refused) {
      return false;
    } catch (SdkException failed) {
      throw new TransientFailure(about(what + ": " + failed.getMessage()), failed);
    }
  }

  /// Runs all writes or none. False if a condition failed.
  boolean transact(String what, List<TransactWriteItem> writes) {
    try {
      dynamodb.transactWriteItems(b -> b.transactItems(writes));
      return true;
    } catch (TransactionCanceledException cancelled) {
      List<String> codes =
          cancelled.cancellationReasons().stream().map(CancellationReason::code).toList();
      if (codes.contains("ConditionalCheckFailed")) {
        return false;
      }
      throw new TransientFailure(about(what + ": cancelled for " + codes), cancelled);
    } catch (SdkException failed) {
      throw new TransientFailure(about(what + ": " + failed.getMessage()), failed);
    }
  }

  // The writes of a transaction.

  TransactWriteItem updating(String item, Update update) {
    return TransactWriteItem.builder()
        .update(b ->
            b.tableName(table)
                .key(key(item))
                .updateExpression(update.expression())
                .conditionExpression(update.condition())
                .expressionAttributeNames(update.names())
                .expressionAttributeValues(update.values()))
        .build();
  }

  TransactWriteItem creating(String item, Map<String, AttributeValue> attributes) {
    return TransactWriteItem.builder()
        .put(b ->
            b.tableName(table)
                .item(item(item, attributes))
                .conditionExpression("attribute_not_exists(#i)")
                .expressionAttributeNames(Map.of("#i", "item")))
        .build();
  }

  TransactWriteItem deleting(String item) {
    return TransactWriteItem.builder()
        .delete(b ->
            b.tableName(table)
                .key(key(item))
                .conditionExpression("attribute_exists(#i)")
                .expressionAttributeNames(Map.of("#i", "item")))
        .build();
  }

  TransactWriteItem deletingIf(String item, String condition, Map<String, AttributeValue> values) {
    return TransactWriteItem.builder()
        .delete(b ->
            b.tableName(table)
                .key(key(item))
                .conditionExpression(condition)
                .expressionAttributeValues(values))
        .build();
  }
}
