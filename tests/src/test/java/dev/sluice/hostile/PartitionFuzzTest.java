package dev.sluice.hostile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.event.Envelope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// An event with any text as its partition value is in the folder of that value or in `__other`,
/// and nowhere else. Each line of the input is the value of one event.
final class PartitionFuzzTest {
  private final HostileRun run;
  private long inputs;

  PartitionFuzzTest() throws Exception {
    Path folder = Files.createTempDirectory("fuzz");
    run = new HostileRun(Hostile.pipeline().load(), folder, "200MB", 0, 0);
  }

  @FuzzTest
  void partitions(byte[] bytes) {
    Instant now = run.now();
    InputGenerator gen = new InputGenerator(inputs, "fuzz-" + inputs++, now);
    List<SentMessage> messages = new ArrayList<>();
    for (String value : new String(bytes, StandardCharsets.UTF_8).split("\n", 200)) {
      if (value.indexOf('\0') < 0) {
        MessageBody body = gen.event().country(value).loaded();
        messages.add(
            new SentMessage(
                "PARTITION", new Envelope(gen.unique(), now, body.text()), body.outcomes()));
      }
    }
    if (!messages.isEmpty()) {
      run.check(messages);
    }
  }
}
