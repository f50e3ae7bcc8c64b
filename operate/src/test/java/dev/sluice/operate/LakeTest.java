package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bucket.ObjectKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LakeTest {
  private final List<String> listed = new ArrayList<>();
  private final Lake lake = new Lake(new EmptyBucket(), List.of("orders"), _ -> List.of());

  @Test
  void listsReceiptsOnceSoThatAllTablesShowTheSameBatches() throws Exception {
    connect("SELECT * FROM orders.orders, orders.quarantine, orders.receipts", Optional.empty());

    assertThat(listed).containsExactly("receipts/orders/");
  }

  @Test
  void readsNothingForAQueryWithoutTables() throws Exception {
    connect("SELECT 1", Optional.of("orders"));

    assertThat(listed).isEmpty();
  }

  @Test
  void readsTheSelectedPipelineForUnqualifiedNames() throws Exception {
    connect("SHOW TABLES", Optional.of("orders"));

    assertThat(listed).containsExactly("receipts/orders/");
  }

  private void connect(String sql, Optional<String> selected) throws SQLException {
    try (Connection connection = lake.connect(sql, selected, Optional.empty())) {
      assertThat(connection.isClosed()).isFalse();
    }
  }

  /// Records the listed prefixes.
  private final class EmptyBucket implements ObjectFiles {
    @Override
    public List<ObjectKey> list(String prefix) {
      listed.add(prefix);
      return List.of();
    }

    @Override
    public Path file(ObjectKey key) {
      throw new AssertionError(key);
    }
  }
}
