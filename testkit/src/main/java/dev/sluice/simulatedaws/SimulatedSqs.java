package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.SimulatedAws.Manners;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Standard queues: every message at least once, in any order.
public final class SimulatedSqs {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_ENTRIES = 10;

  private final SettableClock clock;
  private final RandomGenerator random;
  private final Manners manners;
  private final Map<String, Queue> queues = new LinkedHashMap<>();
  private long ids;

  SimulatedSqs(SettableClock clock, RandomGenerator random, Manners manners) {
    this.clock = clock;
    this.random = random;
    this.manners = manners;
  }

  /// One queue.
  ///
  /// @param maxReceives after so many a message goes to `deadLetters`
  /// @param maxInFlight received and not deleted; AWS has 120,000
  public record Settings(
      Duration visibility, int maxReceives, Optional<String> deadLetters, int maxInFlight) {}

  /// Makes a queue; gives its URL.
  public String create(String name, Settings settings) {
    queues.put(name, new Queue(settings));
    return "https://sqs.simulated/000000000000/" + name;
  }

  private static final class Queue {
    private final Settings settings;
    private final Map<String, Message> messages = new LinkedHashMap<>();

    Queue(Settings settings) {
      this.settings = settings;
    }
  }

  private static final class Message {
    private final String id;
    private final Instant sent;
    private final String body;
    private Instant visible;
    private int receives;
    private String handle = "";
    private boolean deleted;

    Message(String id, Instant sent, String body) {
      this.id = id;
      this.sent = sent;
      this.body = body;
      this.visible = sent;
    }
  }

  /// Sends a message; gives its id.
  public String send(String queue, String body) {
    String id = "00000000-0000-4000-8000-%012x".formatted(++ids);
    queue(queue).messages.put(id, new Message(id, clock.instant(), body));
    return id;
  }

  /// Moves all messages of `deadLetters` back to `queue`, where each is a new one.
  ///
  /// @return the new ids by the old ones
  public Map<String, String> redrive(String deadLetters, String queue) {
    Map<String, String> moved = new LinkedHashMap<>();
    Map<String, Message> dead = queue(deadLetters).messages;
    dead.forEach((id, message) -> moved.put(id, send(queue, message.body)));
    dead.clear();
    return moved;
  }

  private Queue queue(String name) {
    Queue queue = queues.get(name);
    if (queue == null) {
      throw new IllegalArgumentException("no queue " + name);
    }
    return queue;
  }

  /// How many messages are not deleted.
  public int depth(String queue) {
    return (int) queue(queue).messages.values().stream().filter(m -> !m.deleted).count();
  }

  Response answer(Request request, boolean grudging) {
    JsonNode asked = JSON.readTree(request.body());
    String url = asked.path("QueueUrl").asString();
    Queue queue = queues.get(url.substring(url.lastIndexOf('/') + 1));
    if (queue == null) {
      return error(
          "QueueDoesNotExist", "The specified queue does not exist for this wsdl version.");
    }
    return switch (request.action()) {
      case "SendMessage" -> send(asked, url);
      case "SendMessageBatch" -> batch(asked, entry -> sendEntry(url, entry));
      case "ReceiveMessage" -> receive(queue, asked, grudging);
      case "DeleteMessage" ->
          refusal(delete(queue, asked.path("ReceiptHandle").asString()))
              .orElse(Response.json(object()));
      case "DeleteMessageBatch" -> deleteBatch(queue, asked, grudging);
      case "ChangeMessageVisibility" -> changeVisibility(queue, asked);
      case "GetQueueAttributes" -> attributes(queue);
      default -> throw new IllegalArgumentException("SQS is not asked to " + request.action());
    };
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Response error(String code, String message) {
    return Response.jsonError(400, code, message);
  }

  private Response send(JsonNode asked, String url) {
    String body = asked.path("MessageBody").asString();
    if (body.isEmpty()) {
      return error("MissingParameter", "The request must contain the parameter MessageBody.");
    }
    if (body.getBytes(StandardCharsets.UTF_8).length > 1 << 20) {
      return error(
          "InvalidParameterValue", "One or more parameters are invalid. Message too long.");
    }
    return Response.json(sendEntry(url, asked));
  }

  private ObjectNode sendEntry(String url, JsonNode entry) {
    String id = send(url.substring(url.lastIndexOf('/') + 1), entry.path("MessageBody").asString());
    return object().put("MessageId", id).put("MD5OfMessageBody", "");
  }

  private interface Entry {
    @Nullable ObjectNode apply(JsonNode entry);
  }

  /// Every entry by itself; the one that gives nothing fails.
  private static Response batch(JsonNode asked, Entry call) {
    JsonNode entries = asked.path("Entries");
    if (entries.isEmpty()) {
      return error(
          "EmptyBatchRequest",
          "There should be at least one DeleteMessageBatchRequestEntry in the request.");
    }
    if (entries.size() > MAX_ENTRIES) {
      return error("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
    }
    Set<String> names = new HashSet<>();
    entries.forEach(entry -> names.add(entry.path("Id").asString()));
    if (names.size() < entries.size()) {
      return error("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.");
    }
    ObjectNode answer = object();
    ArrayNode successful = answer.putArray("Successful");
    ArrayNode failed = answer.putArray("Failed");
    for (JsonNode entry : entries) {
      String name = entry.path("Id").asString();
      ObjectNode done = call.apply(entry);
      if (done == null) {
        failed.add(object().put("Id", name).put("Code", "InternalError").put("SenderFault", false));
      } else {
        successful.add(done.put("Id", name));
      }
    }
    return Response.json(answer);
  }

  private Response receive(Queue queue, JsonNode asked, boolean grudging) {
    int most = asked.path("MaxNumberOfMessages").asInt(1);
    if (most < 1 || most > MAX_ENTRIES) {
      return error(
          "InvalidParameterValue",
          "Value %d for parameter MaxNumberOfMessages is invalid.".formatted(most));
    }
    Instant now = clock.instant();
    boolean waits = asked.path("WaitTimeSeconds").asInt(0) > 0;
    long inFlight =
        queue.messages.values().stream().filter(m -> !m.deleted && m.visible.isAfter(now)).count();
    if (inFlight >= queue.settings.maxInFlight && !waits) {
      return error("OverLimit", "Too many messages in flight.");
    }
    List<Message> there =
        inFlight >= queue.settings.maxInFlight
            ? List.of()
            : new ArrayList<>(
                queue.messages.values().stream().filter(m -> mayComeNow(m, now)).toList());
    if (there.size() > 1) {
      Collections.shuffle(there, java.util.Random.from(random));
    }
    ObjectNode answer = object();
    ArrayNode messages = answer.putArray("Messages");
    for (Message message : there.subList(0, Math.min(grudging ? 1 : most, there.size()))) {
      if (message.receives >= queue.settings.maxReceives) {
        moveToDeadLetters(queue, message);
      } else {
        messages.add(hand(message, now.plus(queue.settings.visibility)));
      }
    }
    if (messages.isEmpty() && waits) {
      clock.advance(Duration.ofSeconds(asked.path("WaitTimeSeconds").asInt()));
    }
    return Response.json(answer);
  }

  private boolean mayComeNow(Message message, Instant now) {
    if (!message.deleted && !message.visible.isAfter(now)) {
      return true;
    }
    double chance = message.deleted ? manners.undeleted() : manners.twice();
    return chance > 0 && message.receives < 3 && random.nextDouble() < chance;
  }

  private ObjectNode hand(Message message, Instant visible) {
    message.receives++;
    message.visible = visible;
    message.handle = message.id + "#" + message.receives;
    ObjectNode received = object();
    received
        .put("MessageId", message.id)
        .put("ReceiptHandle", message.handle)
        .put("Body", message.body)
        .putObject("Attributes")
        .put("SentTimestamp", Long.toString(message.sent.toEpochMilli()))
        .put("ApproximateReceiveCount", Integer.toString(message.receives));
    return received;
  }

  private void moveToDeadLetters(Queue queue, Message message) {
    queue.messages.remove(message.id);
    queue.settings.deadLetters().ifPresent(name -> queue(name).messages.put(message.id, message));
  }

  /// What SQS takes for no handle of its own; null when the message is gone, or when the handle is
  /// an old one, which deletes nothing and is no error.
  private static @Nullable String delete(Queue queue, String handle) {
    Message message = of(queue, handle);
    if (message == null) {
      return handle;
    }
    if (message.handle.equals(handle)) {
      message.deleted = true;
    }
    return null;
  }

  private static @Nullable Message of(Queue queue, String handle) {
    int end = handle.indexOf('#');
    return end < 0 ? null : queue.messages.get(handle.substring(0, end));
  }

  private static Optional<Response> refusal(@Nullable String unknownHandle) {
    return Optional.ofNullable(unknownHandle)
        .map(handle ->
            Response.jsonError(
                404,
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"%s\" is not a valid receipt handle."
                    .formatted(handle)));
  }

  private static Response deleteBatch(Queue queue, JsonNode asked, boolean grudging) {
    int[] place = {0};
    return batch(
        asked,
        entry ->
            grudging && place[0]++ % 2 == 0
                ? null
                : delete(queue, entry.path("ReceiptHandle").asString()) == null ? object() : null);
  }

  private Response changeVisibility(Queue queue, JsonNode asked) {
    Message message = of(queue, asked.path("ReceiptHandle").asString());
    if (message == null) {
      return refusal(asked.path("ReceiptHandle").asString()).orElseThrow();
    }
    message.visible = clock.instant().plusSeconds(asked.path("VisibilityTimeout").asInt());
    return Response.json(object());
  }

  private Response attributes(Queue queue) {
    Instant now = clock.instant();
    long visible =
        queue.messages.values().stream().filter(m -> !m.deleted && !m.visible.isAfter(now)).count();
    long all = queue.messages.values().stream().filter(m -> !m.deleted).count();
    ObjectNode answer = object();
    answer
        .putObject("Attributes")
        .put("ApproximateNumberOfMessages", Long.toString(visible))
        .put("ApproximateNumberOfMessagesNotVisible", Long.toString(all - visible))
        .put("ApproximateNumberOfMessagesDelayed", "0");
    return Response.json(answer);
  }
}
