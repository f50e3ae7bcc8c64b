package dev.sluice.emulatorinternals;

import static dev.sluice.emulatorinternals.JournalFile.Contents.data;

import java.io.DataInputStream;
import java.io.IOException;
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
import org.elasticmq.QueueData;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.RestoreMessages;
import scala.jdk.javaapi.CollectionConverters;

/// ElasticMQ's persistence listener, which writes every event to a [JournalFile].
///
/// It replaces ElasticMQ's own storage in H2. H2 loses acknowledged messages unless `WRITE_DELAY=0`
/// is set; with that setting each message takes 64 KiB of disk and a millisecond of CPU. If the
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
        .match(
            QueueEvent.MessageAdded.class,
            e -> append(QueueFrames.added(e.queueName(), e.message())))
        .match(
            QueueEvent.MessageUpdated.class,
            e -> append(QueueFrames.updated(e.queueName(), e.message())))
        .match(
            QueueEvent.MessageRemoved.class,
            e -> append(QueueFrames.removed(e.queueName(), e.messageId())))
        .match(QueueEvent.QueueCreated.class, e -> append(QueueFrames.queue(e.queue())))
        .match(QueueEvent.QueueMetadataUpdated.class, e -> append(QueueFrames.queue(e.queue())))
        .match(QueueEvent.QueueDeleted.class, e -> append(QueueFrames.deleted(e.queueName())))
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
      QueueData queue = QueueFrames.queue(frame);
      List<InternalMessage> list = new ArrayList<>();
      journal
          .contents()
          .messages()
          .getOrDefault(queue.name(), Map.of())
          .forEach((id, frames) -> list.add(QueueFrames.message(id, frames)));
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
}
