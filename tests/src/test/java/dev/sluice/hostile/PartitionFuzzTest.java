package dev.sluice.hostile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.event.Envelope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Any text as a partition's value lies in a folder of its own or in `__other`, and nowhere else:
/// one line of the input is one event's value.
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
    Pen pen = new Pen(inputs, "fuzz-" + inputs++, now);
    List<Sent> messages = new ArrayList<>();
    for (String value : new String(bytes, StandardCharsets.UTF_8).split("\n", 200)) {
      if (value.indexOf('\0') < 0) {
        Body body = pen.event().country(value).loaded();
        messages.add(
            new Sent("PARTITION", new Envelope(pen.fresh(), now, body.text()), body.fates()));
      }
    }
    if (!messages.isEmpty()) {
      run.judge(messages);
    }
  }
}
