package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bucket.Bucket;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {
  @Test
  void listsReceiptsOnceSoThatTablesAreOfTheSameMoment(@TempDir Path cache) throws Exception {
    Pipeline orders = new PipelineFolder(Path.of("..", "pipelines", "orders")).load();
    List<String> listed = new ArrayList<>();
    Lake lake = new Lake(listing(listed), cache);

    try (Connection _ = lake.connect(List.of(orders))) {
      assertThat(listed).containsExactly("receipts/orders/");
    }
  }

  /// An empty bucket that notes what is listed.
  private static Bucket listing(List<String> listed) {
    Bucket empty = new MemoryBucket();
    return (Bucket)
        Proxy.newProxyInstance(
            Bucket.class.getClassLoader(),
            new Class<?>[] {Bucket.class},
            (_, method, arguments) -> {
              if (method.getName().equals("list")) {
                listed.add(String.valueOf(arguments[0]));
              }
              return method.invoke(empty, arguments);
            });
  }
}
