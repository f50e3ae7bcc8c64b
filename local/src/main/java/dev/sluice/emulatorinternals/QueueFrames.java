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
import java.util.ArrayList;
import java.util.List;
import org.elasticmq.OnDateTimeReceived;
import org.elasticmq.QueueData;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.persistence.sql.DBMessage;
import scala.Option;

/// Converts ElasticMQ's queues and messages to frames of a [JournalFile] and back.
final class QueueFrames {
  private QueueFrames() {}

  static byte[] queue(QueueData data) {
    return frame(
        JournalFile.QUEUE, data.name(), "", o -> new ObjectOutputStream(o).writeObject(data));
  }

  static QueueData queue(byte[] frame) throws IOException {
    try {
      return (QueueData) new ObjectInputStream(data(frame)).readObject();
    } catch (ClassNotFoundException otherVersion) {
      throw new IOException(otherVersion);
    }
  }

  static byte[] added(String queue, InternalMessage m) {
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

  static byte[] updated(String queue, InternalMessage m) {
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

  static InternalMessage message(String id, List<byte[]> frames) {
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

  static byte[] removed(String queue, String message) {
    return frame(JournalFile.REMOVED, queue, message, _ -> {});
  }

  static byte[] deleted(String queue) {
    return frame(JournalFile.QUEUE_DELETED, queue, "", _ -> {});
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
