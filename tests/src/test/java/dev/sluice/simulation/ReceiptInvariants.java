package dev.sluice.simulation;

import com.github.luben.zstd.ZstdInputStream;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedDynamoDb;
import dev.sluice.simulation.EventGenerator.Event;
import dev.sluice.simulation.EventGenerator.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Compares every field of a receipt with its expected value, which is computed from the messages,
/// the ledger, the plan and the published files without any code of the product. A field without an
/// expected value is a violation.
final class ReceiptInvariants {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ACCOUNT =
      Pattern.compile("\"type\": \"(?:sale|cart)\".*\"account\": \"([^\"]*)\"");

  private static final BigDecimal LARGE_AMOUNT = new BigDecimal(50_000);

  private final SimulatedAws aws;
  private final Fixture.Rows rows;
  private final Map<String, Message> sent;
  private final Consumer<String> violations;
  private final Set<String> earlierMessages = new HashSet<>();
  private final Set<String> earlierFiltered = new HashSet<>();

  /// @param sent messages by message id
  ReceiptInvariants(
      SimulatedAws aws, Fixture.Rows rows, Map<String, Message> sent, Consumer<String> violations) {
    this.aws = aws;
    this.rows = rows;
    this.sent = sent;
    this.violations = violations;
  }

  /// Checks all receipts, in the order of their sequences.
  void check() {
    int sequence = 0;
    for (String key : aws.s3.keys("receipts/")) {
      if (batch(++sequence).isEmpty()) {
        violations.accept("%s is of a batch that the ledger does not have".formatted(key));
      } else {
        compare(key, json(aws.s3.bytes(key)), expected(sequence, key));
      }
    }
  }

  /// Reports each field of `actual` that differs from `expected`.
  void compare(String receipt, JsonNode actual, JsonNode expected) {
    sortFiles(actual);
    sortFiles(expected);
    compare(receipt, "", actual, expected);
  }

  private void compare(String receipt, String field, JsonNode actual, JsonNode expected) {
    if (expected instanceof ObjectNode && actual instanceof ObjectNode) {
      Set<String> names = new TreeSet<>(expected.propertyNames());
      names.addAll(actual.propertyNames());
      for (String name : names) {
        compare(receipt, field + "." + name, actual.path(name), expected.path(name));
      }
    } else if (expected instanceof ArrayNode
        && actual instanceof ArrayNode
        && actual.size() == expected.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(receipt, "%s[%d]".formatted(field, i), actual.path(i), expected.path(i));
      }
    } else if (!isEqual(actual, expected)) {
      violations.accept(
          "%s: the field %s is %s; expected %s".formatted(receipt, field, actual, expected));
    }
  }

  /// Two engines may write the same fraction with different digits.
  private static boolean isEqual(JsonNode actual, JsonNode expected) {
    return actual.equals(expected)
        || (actual.isNumber()
            && expected.isNumber()
            && actual
                    .decimalValue()
                    .subtract(expected.decimalValue())
                    .abs()
                    .compareTo(new BigDecimal("1e-9"))
                < 0);
  }

  private static void sortFiles(JsonNode receipt) {
    if (receipt.path("files") instanceof ArrayNode files) {
      List<JsonNode> sorted = new ArrayList<>(files.valueStream().toList());
      sorted.sort(Comparator.comparing(file -> file.path("key").asString("")));
      files.removeAll().addAll(sorted);
    }
  }

  /// The receipt of the batch that the ledger committed. The durations, which nothing else
  /// determines, must be those of the committed manifest; the time of publication, which LakeReader
  /// checks, is taken from the receipt.
  ObjectNode expected(long sequence, String key) {
    ObjectNode batch = batch(sequence).orElseThrow();
    String planId = attribute(batch, "plan");
    ObjectNode plan = json(aws.s3.bytes("plans/simulated/%s/plan.json".formatted(planId)));
    Messages messages = messages(plan);
    PublishedFiles files =
        PublishedFiles.of("%012d-%s".formatted(sequence, planId), aws, rows, violations);
    String digest = plan.path("digest").asString();
    Instant oldest = Instant.ofEpochMilli(messages.oldest);
    String published = json(aws.s3.bytes(key)).path("published_at").asString();
    List<Map<String, String>> quarantine = files.rows("quarantine");
    Set<String> filtered = filtered(messages);
    long known = (long) files.events().size() + quarantine.size() + filtered.size();
    ObjectNode expected = JSON.createObjectNode();
    expected
        .put("format", 1)
        .put("pipeline", Fixture.PIPELINE)
        .put("sequence", sequence)
        .put("plan", planId)
        .put("attempt", attribute(batch, "attempt"))
        .put("digest", digest)
        .put("engine", digest.substring(digest.indexOf(' ') + 1))
        .put("messages", messages.ids.size())
        .put("bytes", messages.bytes)
        .put("oldest", oldest.toString())
        .put("received", messages.events)
        .put("loaded", files.events().size())
        .put("quarantined", quarantine.size())
        .put("duplicate", messages.events - known)
        .put("filtered", filtered.size())
        .put("committed_at", attribute(batch, "committed_at"))
        .put("published_at", published)
        .put("lag_ms", Instant.parse(published).toEpochMilli() - messages.oldest);
    ObjectNode reasons = expected.putObject("reasons");
    quarantine.forEach(row -> count(reasons, String.valueOf(row.get("reason"))));
    expected.set("warnings", warnings(planId, messages, files, digest));
    expected.set("metrics", metrics(files));
    expected.set("tables", JSON.valueToTree(PlainRules.TABLES));
    expected.set("files", files.json());
    expected.set("took_ms", json(aws.s3.bytes(attribute(batch, "manifest"))).path("took_ms"));
    earlierMessages.addAll(messages.ids);
    earlierFiltered.addAll(filtered);
    return expected;
  }

  /// The ids of the events that are filtered in this batch; one that an earlier batch filtered is a
  /// duplicate.
  private Set<String> filtered(Messages messages) {
    return messages.ids.stream()
        .flatMap(this::events)
        .filter(Event::isFiltered)
        .map(Event::id)
        .filter(id -> !earlierFiltered.contains(id))
        .collect(Collectors.toSet());
  }

  private Optional<ObjectNode> batch(long sequence) {
    return aws.dynamodb.items(Fixture.LEDGER).stream()
        .filter(item -> attribute(item, "item").equals("batch#%012d".formatted(sequence)))
        .findFirst();
  }

  private static void count(ObjectNode counts, String name) {
    counts.put(name, counts.path(name).asLong(0) + 1);
  }

  /// A reference without rows is a warning with the number of keys that were looked up. The
  /// reference `rates` always has rows. The other warnings are expectations that loaded rows
  /// violate.
  private ObjectNode warnings(String plan, Messages messages, PublishedFiles files, String digest) {
    ObjectNode warnings = JSON.createObjectNode();
    String saved = "plans/simulated/%s/references/accounts.parquet".formatted(plan);
    long looked =
        messages.ids.stream()
            .filter(id -> !earlierMessages.contains(id))
            .flatMap(this::events)
            .filter(event -> !event.reason().map("not_json"::equals).orElse(false))
            .map(event -> ACCOUNT.matcher(event.text()))
            .filter(Matcher::find)
            .map(account -> account.group(1))
            .distinct()
            .count();
    if (looked > 0 && rows.of(aws.s3.bytes(saved)).isEmpty()) {
      warnings.put("references.accounts", looked);
    }
    files.rows("sales").stream()
        .filter(row -> new BigDecimal(row.get("amount")).compareTo(LARGE_AMOUNT) >= 0)
        .forEach(_ -> count(warnings, "sales.large_amount"));
    List<Map<String, String>> recalled =
        files.rows("carts").stream()
            .filter(row -> CartGenerator.RECALLED.equals(row.get("state")))
            .toList();
    recalled.forEach(_ -> count(warnings, "carts.recalled"));
    if (!recalled.isEmpty() && !Fixture.isCorrected(digest)) {
      violations.accept(
          "plan %s was committed, although %s violates an expectation with `otherwise: fail`"
              .formatted(plan, recalled));
    }
    return warnings;
  }

  private static ObjectNode metrics(PublishedFiles files) {
    List<Map<String, String>> sales = files.rows("sales");
    long byCard = sales.stream().filter(sale -> "card".equals(sale.get("method"))).count();
    ObjectNode metrics = JSON.createObjectNode();
    metrics.put("sale_count", sales.size()).put("sales_usd", sum("amount_usd", sales));
    if (sales.isEmpty()) {
      metrics.putNull("card_share");
    } else {
      metrics.put("card_share", (double) byCard / sales.size());
    }
    metrics.put("cart_usd", sum("total_usd", files.rows("carts")));
    metrics.put("gift_count", files.rows("gifts").size());
    return metrics;
  }

  private static BigDecimal sum(String column, List<Map<String, String>> rows) {
    return rows.stream()
        .map(row -> String.valueOf(row.get(column)))
        .filter(amount -> !amount.equals("NULL"))
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// @param bytes the size of the chunks before compression
  /// @param oldest in milliseconds since 1970
  private record Messages(List<String> ids, long bytes, long oldest, long events) {}

  private Messages messages(ObjectNode plan) {
    List<String> ids = new ArrayList<>();
    long bytes = 0;
    long oldest = Long.MAX_VALUE;
    long events = 0;
    for (JsonNode chunk : plan.path("chunks")) {
      byte[] content = decompressed(aws.s3.bytes(chunk.path("key").asString()));
      bytes += content.length;
      for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
        JsonNode message = JSON.readTree(line);
        String id = message.path("message_id").asString();
        ids.add(id);
        events += events(id).count();
        oldest = Math.min(oldest, message.path("sent_at").asLong());
      }
    }
    return new Messages(ids, bytes, oldest, events);
  }

  private Stream<Event> events(String message) {
    return sent.getOrDefault(message, new Message("", List.of())).events().stream();
  }

  private static byte[] decompressed(byte[] zstd) {
    try (ZstdInputStream content = new ZstdInputStream(new ByteArrayInputStream(zstd))) {
      return content.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static String attribute(ObjectNode item, String name) {
    return SimulatedDynamoDb.attribute(item, name).orElse("");
  }

  private static ObjectNode json(byte[] json) {
    return (ObjectNode) JSON.readTree(json);
  }
}
