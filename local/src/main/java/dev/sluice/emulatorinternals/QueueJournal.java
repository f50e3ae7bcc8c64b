package dev.sluice.emulatorinternals;

import static dev.sluice.emulatorinternals.JournalFile.Contents.data;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Status;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.CreateQueueData;
import org.elasticmq.OnDateTimeReceived;
import org.elasticmq.QueueData;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.RestoreMessages;
import org.elasticmq.persistence.sql.DBMessage;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/// ElasticMQ's persistence listener, which writes every event to a [JournalFile].
///
/// It replaces ElasticMQ's own storage in H2, which loses acknowledged messages without
/// `WRITE_DELAY=0`, and with it takes 64 KiB of disk and a millisecond of CPU per message. If the
/// disk is full, a request fails and the queue continues when there is space again.
public final class QueueJournal extends AbstractActor {
  private final JournalFile journal;

  public QueueJournal(Path file) throws IOException {
    this.journal = new JournalFile(file);
  }

  /// The messages of one queue as the journal has them, without starting ElasticMQ.
  ///
  /// @param visible messages that can be received at `now`
  /// @param inFlight messages that are invisible at `now`
  /// @param oldest when the oldest message was sent
  public record Depth(long visible, long inFlight, Optional<Instant> oldest) {}

  public static Depth depth(Path file, String queue, Instant now) throws IOException {
    long visible = 0;
    long inFlight = 0;
    Optional<Instant> oldest = Optional.empty();
    for (List<byte[]> frames :
        JournalFile.read(file).messages().getOrDefault(queue, Map.of()).values()) {
      DataInputStream added = data(frames.getFirst());
      long next = added.readLong();
      Instant sent = Instant.ofEpochMilli(added.readLong());
      if (frames.size() > 1) {
        next = data(frames.getLast()).readLong();
      }
      if (next <= now.toEpochMilli()) {
        visible++;
      } else {
        inFlight++;
      }
      oldest = oldest.isEmpty() || sent.isBefore(oldest.get()) ? Optional.of(sent) : oldest;
    }
    return new Depth(visible, inFlight, oldest);
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(QueueEvent.MessageAdded.class, e -> append(added(e.queueName(), e.message())))
        .match(QueueEvent.MessageUpdated.class, e -> append(updated(e.queueName(), e.message())))
        .match(
            QueueEvent.MessageRemoved.class,
            e -> append(frame(JournalFile.REMOVED, e.queueName(), e.messageId(), _ -> {})))
        .match(QueueEvent.QueueCreated.class, e -> append(queue(e.queue())))
        .match(QueueEvent.QueueMetadataUpdated.class, e -> append(queue(e.queue())))
        .match(
            QueueEvent.QueueDeleted.class,
            e -> append(frame(JournalFile.QUEUE_DELETED, e.queueName(), "", _ -> {})))
        .match(QueueEvent.Restore.class, e -> restore(e.queueManagerActor()))
        .build();
  }

  @Override
  public void postStop() throws IOException {
    journal.close();
  }

  /// Writes an event and acknowledges it. A failed write fails the request only: an exception would
  /// restart this actor.
  private void append(byte[] frame) {
    try {
      journal.append(frame);
      getSender().tell(OperationSuccessful$.MODULE$, getSelf());
    } catch (IOException failed) {
      getSender()
          .tell(
              new Status.Failure(new IOException("the queue's journal cannot be written", failed)),
              getSelf());
    }
  }

  private void restore(ActorRef manager) throws IOException {
    ActorRef caller = getSender();
    Duration timeout = Duration.ofMinutes(2);
    CompletableFuture<?> done = CompletableFuture.completedFuture(null);
    // In order of creation: a dead-letter queue comes before its source.
    for (byte[] frame : journal.contents().queues().values()) {
      QueueData queue = queue(frame);
      List<InternalMessage> list = new ArrayList<>();
      journal
          .contents()
          .messages()
          .getOrDefault(queue.name(), Map.of())
          .forEach((id, frames) -> list.add(message(id, frames)));
      done =
          done.thenCompose(
                  _ -> Patterns.ask(manager, new CreateQueue(CreateQueueData.from(queue)), timeout))
              .thenCompose(made ->
                  Patterns.ask(
                      (ActorRef) ((scala.util.Either<?, ?>) made).toOption().get(),
                      new RestoreMessages(CollectionConverters.asScala(list).toList()),
                      timeout))
              .toCompletableFuture();
    }
    var _ =
        done.whenComplete((_, failure) ->
            caller.tell(
                failure == null ? OperationSuccessful$.MODULE$ : new Status.Failure(failure),
                ActorRef.noSender()));
  }

  private static byte[] queue(QueueData data) {
    return frame(
        JournalFile.QUEUE, data.name(), "", o -> new ObjectOutputStream(o).writeObject(data));
  }

  private static QueueData queue(byte[] frame) throws IOException {
    try {
      return (QueueData) new ObjectInputStream(data(frame)).readObject();
    } catch (ClassNotFoundException otherVersion) {
      throw new IOException(otherVersion);
    }
  }

  private static byte[] added(String queue, InternalMessage m) {
    return frame(
        JournalFile.ADDED,
        queue,
        m.id(),
        o -> {
          o.writeLong(m.nextDelivery());
          o.writeLong(m.created().toInstant().toEpochMilli());
          bytes(o, m.content().value().getBytes(StandardCharsets.UTF_8));
          bytes(
              o,
              m.messageAttributes().isEmpty()
                  ? "[]".getBytes(StandardCharsets.UTF_8)
                  : DBMessage.from(m).attributes());
          for (Option<String> s :
              List.of(m.messageGroupId(), m.sequenceNumber(), m.deadLetterSourceQueueName())) {
            o.writeBoolean(s.isDefined());
            if (s.isDefined()) {
              o.writeUTF(s.get());
            }
          }
        });
  }

  private static byte[] updated(String queue, InternalMessage m) {
    return frame(
        JournalFile.UPDATED,
        queue,
        m.id(),
        o -> {
          o.writeLong(m.nextDelivery());
          o.writeInt(m.receiveCount());
          o.writeLong(
              m.firstReceive() instanceof OnDateTimeReceived r
                  ? r.when().toInstant().toEpochMilli()
                  : 0);
          o.writeUTF(m.deliveryReceipts().isEmpty() ? "" : m.deliveryReceipts().last());
        });
  }

  private static InternalMessage message(String id, List<byte[]> frames) {
    try {
      DataInputStream in = data(frames.getFirst());
      long next = in.readLong();
      long created = in.readLong();
      byte[] content = in.readNBytes(in.readInt());
      byte[] attributes = in.readNBytes(in.readInt());
      List<Option<String>> options = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        options.add(in.readBoolean() ? Option.apply(in.readUTF()) : Option.empty());
      }
      int count = 0;
      long received = 0;
      String receipt = "";
      if (frames.size() > 1) {
        DataInputStream update = data(frames.getLast());
        next = update.readLong();
        count = update.readInt();
        received = update.readLong();
        receipt = update.readUTF();
      }
      InternalMessage message =
          new DBMessage(
                  id,
                  "[]".getBytes(StandardCharsets.UTF_8),
                  next,
                  content,
                  attributes,
                  created,
                  received == 0 ? Option.empty() : Option.apply(received),
                  count,
                  options.get(0),
                  Option.empty(),
                  Option.empty(),
                  options.get(1),
                  options.get(2))
              .toInternalMessage();
      if (!receipt.isEmpty()) {
        message.deliveryReceipts().addOne(receipt);
      }
      return message;
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static void bytes(DataOutputStream out, byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  private interface Body {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] frame(char kind, String queue, String id, Body body) {
    try {
      var bytes = new ByteArrayOutputStream(512);
      var out = new DataOutputStream(bytes);
      out.write(kind);
      out.writeUTF(queue);
      out.writeUTF(id);
      body.to(out);
      return bytes.toByteArray();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }
}
