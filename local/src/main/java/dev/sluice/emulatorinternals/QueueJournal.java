package dev.sluice.emulatorinternals;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
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
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/// ElasticMQ's listener as an append-only journal: every event reaches the operating system before
/// the caller hears of it, so that a killed process loses nothing (a power cut may).
///
/// It stands in for ElasticMQ's own storage in H2, which without `WRITE_DELAY=0` loses acknowledged
/// messages, and with it takes 64 KiB of disk and a millisecond of CPU for each message. A frame is
/// its length, its CRC-32C, and a kind (`Q`ueue, `+` added, `*` delivered, `-` removed, `X` queue
/// deleted) with what belongs to it. The file is rewritten without the dead frames at each start,
/// and when it has grown.
public final class QueueJournal extends AbstractActor {

  private static final long COMPACT_AT = 256L << 20;

  private final Map<String, QueueData> queues = new LinkedHashMap<>();

  /// By queue and message: how it came, and its latest delivery, if any.
  private final Map<String, Map<String, List<byte[]>>> messages = new LinkedHashMap<>();

  private final Path file;
  private @Nullable FileChannel open;
  private long compactAt = COMPACT_AT;

  public QueueJournal(Path file) throws IOException {
    this.file = file;
    replay();
    compact();
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(QueueEvent.MessageAdded.class, e -> acknowledge(added(e.queueName(), e.message())))
        .match(
            QueueEvent.MessageUpdated.class, e -> acknowledge(updated(e.queueName(), e.message())))
        .match(
            QueueEvent.MessageRemoved.class,
            e -> acknowledge(frame('-', e.queueName(), e.messageId(), _ -> {})))
        .match(QueueEvent.QueueCreated.class, e -> queue(e.queue()))
        .match(QueueEvent.QueueMetadataUpdated.class, e -> queue(e.queue()))
        .match(QueueEvent.QueueDeleted.class, e -> append(frame('X', e.queueName(), "", _ -> {})))
        .match(QueueEvent.Restore.class, e -> restore(e.queueManagerActor()))
        .build();
  }

  @Override
  public void postStop() throws IOException {
    out().close();
  }

  private FileChannel out() {
    return Objects.requireNonNull(open, "the journal is open from its constructor on");
  }

  private void restore(ActorRef manager) {
    ActorRef caller = getSender();
    Duration patience = Duration.ofMinutes(2);
    CompletableFuture<?> done = CompletableFuture.completedFuture(null);
    for (QueueData queue :
        queues.values()) { // in order of creation: a dead-letter queue comes first
      List<InternalMessage> list = new ArrayList<>();
      messages
          .getOrDefault(queue.name(), Map.of())
          .forEach((id, frames) -> list.add(message(id, frames)));
      done =
          done.thenCompose(_ ->
                  Patterns.ask(manager, new CreateQueue(CreateQueueData.from(queue)), patience))
              .thenCompose(made ->
                  Patterns.ask(
                      (ActorRef) ((scala.util.Either<?, ?>) made).toOption().get(),
                      new RestoreMessages(CollectionConverters.asScala(list).toList()),
                      patience))
              .toCompletableFuture();
    }
    var _ =
        done.whenComplete((_, failure) ->
            caller.tell(
                failure == null
                    ? OperationSuccessful$.MODULE$
                    : new org.apache.pekko.actor.Status.Failure(failure),
                ActorRef.noSender()));
  }

  private void queue(QueueData data) throws IOException {
    append(frame('Q', data.name(), "", o -> new ObjectOutputStream(o).writeObject(data)));
  }

  private void acknowledge(byte[] frame) throws IOException {
    append(frame);
    getSender().tell(OperationSuccessful$.MODULE$, getSelf());
  }

  private void append(byte[] frame) throws IOException {
    write(frame);
    apply(frame);
    if (out().position() > compactAt) {
      compact();
    }
  }

  private void write(byte[] frame) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(frame);
    ByteBuffer buffer =
        ByteBuffer.allocate(frame.length + 8)
            .putInt(frame.length)
            .putInt((int) crc.getValue())
            .put(frame)
            .flip();
    while (buffer.hasRemaining()) {
      out().write(buffer);
    }
  }

  private void apply(byte[] frame) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
    char kind = (char) in.read();
    String queue = in.readUTF();
    String id = in.readUTF();
    Map<String, List<byte[]>> of = messages.computeIfAbsent(queue, _ -> new LinkedHashMap<>());
    switch (kind) {
      case '+' -> of.put(id, List.of(frame));
      case '*' -> of.computeIfPresent(id, (_, frames) -> List.of(frames.getFirst(), frame));
      case '-' -> of.remove(id);
      case 'X' -> {
        queues.remove(queue);
        messages.remove(queue);
      }
      case 'Q' -> {
        try {
          queues.put(queue, (QueueData) new ObjectInputStream(in).readObject());
        } catch (ClassNotFoundException e) {
          throw new IOException(e);
        }
      }
      default -> throw new IOException("unknown frame " + kind);
    }
  }

  private void replay() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      while (true) {
        byte[] frame = new byte[in.readInt()];
        int sum = in.readInt();
        in.readFully(frame);
        CRC32C crc = new CRC32C();
        crc.update(frame);
        if ((int) crc.getValue() != sum) {
          return; // torn: never acknowledged
        }
        apply(frame);
      }
    } catch (EOFException end) {
      return; // the end, or a torn last frame: never acknowledged
    }
  }

  private void compact() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    if (open != null) {
      open.close();
    }
    open =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    for (QueueData queue : queues.values()) {
      write(frame('Q', queue.name(), "", o -> new ObjectOutputStream(o).writeObject(queue)));
      for (List<byte[]> frames : messages.getOrDefault(queue.name(), Map.of()).values()) {
        for (byte[] frame : frames) {
          write(frame);
        }
      }
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    compactAt = out().position() * 2 + COMPACT_AT;
  }

  private static byte[] added(String queue, InternalMessage m) {
    return frame(
        '+',
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
        '*',
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
      DataInputStream in = body(frames.getFirst());
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
        DataInputStream update = body(frames.getLast());
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataInputStream body(byte[] frame) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
    in.read();
    in.readUTF();
    in.readUTF();
    return in;
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
