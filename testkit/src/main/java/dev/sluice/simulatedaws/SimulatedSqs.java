package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
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
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A simulation of SQS standard queues: at-least-once delivery in any order.
public final class SimulatedSqs {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_ENTRIES = 10;

  private final SettableClock clock;
  private final RandomGenerator random;
  private final Behavior behavior;
  private final Map<String, Queue> queues = new LinkedHashMap<>();
  private long ids;

  SimulatedSqs(SettableClock clock, RandomGenerator random, Behavior behavior) {
    this.clock = clock;
    this.random = random;
    this.behavior = behavior;
  }

  /// The attributes of a queue.
  ///
  /// @param maxReceives the number of receives after which a message moves to `deadLetters`
  /// @param maxInFlight the maximum number of messages that are received and not deleted; 120,000
  ///   on AWS
  public record Settings(
      Duration visibility, int maxReceives, Optional<String> deadLetters, int maxInFlight) {}

  /// Creates a queue and returns its URL.
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

  /// Sends a message and returns its id.
  public String send(String queue, String body) {
    String id = "00000000-0000-4000-8000-%012x".formatted(++ids);
    queue(queue).messages.put(id, new Message(id, clock.instant(), body));
    return id;
  }

  /// Sends all messages of `deadLetters` to `queue` as new messages, and removes them from
  /// `deadLetters`.
  ///
  /// @return the new message ids by the old ones
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

  /// The number of messages that are not deleted.
  public int depth(String queue) {
    return (int) queue(queue).messages.values().stream().filter(m -> !m.deleted).count();
  }

  Response answer(Request request, boolean degraded) {
    JsonNode input = JSON.readTree(request.body());
    String url = input.path("QueueUrl").asString();
    Queue queue = queues.get(url.substring(url.lastIndexOf('/') + 1));
    if (queue == null) {
      return error(
          "QueueDoesNotExist", "The specified queue does not exist for this wsdl version.");
    }
    return switch (request.action()) {
      case "SendMessage" -> send(input, url);
      case "SendMessageBatch" -> batch(input, entry -> sendEntry(url, entry));
      case "ReceiveMessage" -> receive(queue, input, degraded);
      case "DeleteMessage" ->
          rejection(delete(queue, input.path("ReceiptHandle").asString()))
              .orElse(Response.json(object()));
      case "DeleteMessageBatch" -> deleteBatch(queue, input, degraded);
      case "ChangeMessageVisibility" -> changeVisibility(queue, input);
      case "GetQueueAttributes" -> attributes(queue);
      default -> throw new IllegalArgumentException("not simulated: SQS " + request.action());
    };
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Response error(String code, String message) {
    return Response.jsonError(400, code, message);
  }

  private Response send(JsonNode input, String url) {
    String body = input.path("MessageBody").asString();
    if (body.isEmpty()) {
      return error("MissingParameter", "The request must contain the parameter MessageBody.");
    }
    if (body.getBytes(StandardCharsets.UTF_8).length > 1 << 20) {
      return error(
          "InvalidParameterValue", "One or more parameters are invalid. Message too long.");
    }
    return Response.json(sendEntry(url, input));
  }

  private ObjectNode sendEntry(String url, JsonNode entry) {
    String id = send(url.substring(url.lastIndexOf('/') + 1), entry.path("MessageBody").asString());
    return object().put("MessageId", id).put("MD5OfMessageBody", "");
  }

  private interface Entry {
    @Nullable ObjectNode apply(JsonNode entry);
  }

  /// Applies `call` to every entry. An entry fails if `call` returns null.
  private static Response batch(JsonNode input, Entry call) {
    JsonNode entries = input.path("Entries");
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

  private Response receive(Queue queue, JsonNode input, boolean degraded) {
    int max = input.path("MaxNumberOfMessages").asInt(1);
    if (max < 1 || max > MAX_ENTRIES) {
      return error(
          "InvalidParameterValue",
          "Value %d for parameter MaxNumberOfMessages is invalid.".formatted(max));
    }
    Instant now = clock.instant();
    boolean waits = input.path("WaitTimeSeconds").asInt(0) > 0;
    long inFlight =
        queue.messages.values().stream().filter(m -> !m.deleted && m.visible.isAfter(now)).count();
    if (inFlight >= queue.settings.maxInFlight && !waits) {
      return error("OverLimit", "Too many messages in flight.");
    }
    List<Message> available =
        inFlight >= queue.settings.maxInFlight
            ? List.of()
            : new ArrayList<>(
                queue.messages.values().stream()
                    .filter(m -> mayBeDelivered(m, now))
                    .filter(_ -> waits || !happens(behavior.missed()))
                    .toList());
    if (available.size() > 1) {
      Collections.shuffle(available, Random.from(random));
    }
    ObjectNode answer = object();
    ArrayNode messages = answer.putArray("Messages");
    for (Message message : available.subList(0, Math.min(degraded ? 1 : max, available.size()))) {
      if (message.receives >= queue.settings.maxReceives) {
        moveToDeadLetters(queue, message);
      } else {
        messages.add(deliver(message, now.plus(queue.settings.visibility)));
      }
    }
    if (messages.isEmpty() && waits) {
      clock.advance(Duration.ofSeconds(input.path("WaitTimeSeconds").asInt()));
    }
    return Response.json(answer);
  }

  private boolean mayBeDelivered(Message message, Instant now) {
    if (!message.deleted && !message.visible.isAfter(now)) {
      return true;
    }
    double chance = message.deleted ? behavior.undeleted() : behavior.twice();
    return message.receives < 3 && happens(chance);
  }

  private boolean happens(double chance) {
    return chance > 0 && random.nextDouble() < chance;
  }

  private ObjectNode deliver(Message message, Instant visible) {
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

  /// Deletes a message. An outdated handle deletes nothing, without an error.
  ///
  /// @return null if the queue knows the handle; otherwise the handle, and the caller rejects the
  ///   call
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

  private static Optional<Response> rejection(@Nullable String unknownHandle) {
    return Optional.ofNullable(unknownHandle)
        .map(handle ->
            Response.jsonError(
                404,
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"%s\" is not a valid receipt handle."
                    .formatted(handle)));
  }

  private static Response deleteBatch(Queue queue, JsonNode input, boolean degraded) {
    int[] place = {0};
    return batch(
        input,
        entry ->
            degraded && place[0]++ % 2 == 0
                ? null
                : delete(queue, entry.path("ReceiptHandle").asString()) == null ? object() : null);
  }

  private Response changeVisibility(Queue queue, JsonNode input) {
    Message message = of(queue, input.path("ReceiptHandle").asString());
    if (message == null) {
      return rejection(input.path("ReceiptHandle").asString()).orElseThrow();
    }
    message.visible = clock.instant().plusSeconds(input.path("VisibilityTimeout").asInt());
    return Response.json(object());
  }

  /// The numbers are approximate if receives miss messages.
  private Response attributes(Queue queue) {
    Instant now = clock.instant();
    long visible =
        queue.messages.values().stream().filter(m -> !m.deleted && !m.visible.isAfter(now)).count();
    if (behavior.missed() > 0) {
      visible = Math.max(0, visible + random.nextInt(5) - 2);
    }
    long all = queue.messages.values().stream().filter(m -> !m.deleted).count();
    ObjectNode answer = object();
    answer
        .putObject("Attributes")
        .put("ApproximateNumberOfMessages", Long.toString(visible))
        .put("ApproximateNumberOfMessagesNotVisible", Long.toString(Math.max(0, all - visible)))
        .put("ApproximateNumberOfMessagesDelayed", "0");
    return Response.json(answer);
  }
}
