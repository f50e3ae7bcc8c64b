package dev.sluice.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operate.MessageSink;
import dev.sluice.operate.PipelineSource;
import dev.sluice.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TickerTest {
  @TempDir private Path scratch = Path.of("");

  @Test
  void aTickEndsAlthoughASenderNeverPauses() throws Exception {
    Pipeline orders = new PipelineSource(Path.of("..", "pipelines")).load("orders");
    try (EmbeddedAws emulators = EmbeddedAws.start(Optional.empty())) {
      LocalResources cloud = new LocalResources(emulators.endpoints());
      cloud.create(orders);
      List<Long> received = new ArrayList<>();
      Ticker ticker =
          new Ticker(
              orders,
              cloud,
              scratch,
              (receipt, _) -> received.add(receipt.manifest().counts().received()));
      MessageSink sink = cloud.sink(orders.name());
      sink.send(List.of("{}", "{}", "{}").iterator());
      AtomicBoolean ended = new AtomicBoolean();
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (!ended.get()) {
                  sink.send(List.of("{}").iterator());
                }
              });

      try {
        ticker.tick();
      } finally {
        ended.set(true);
        sender.join();
      }

      assertThat(received).hasSize(1).allMatch(events -> events >= 3);
    }
  }
}
