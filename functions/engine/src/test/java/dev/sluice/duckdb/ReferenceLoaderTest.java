package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.Engine.Output;
import dev.sluice.failure.InvalidReference;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReferenceLoaderTest {
  private static final Path ORDERS = Path.of("..", "..", "pipelines", "orders");
  private static final String ORDER =
      """
      {"type": "order_placed", "event_id": "%s", "occurred_at": "2026-11-20T11:00:00Z",
       "order_id": "o", "customer_id": "%s", "country": "BR", "currency": "EUR", "amount": 1}\
      """;
  private static final Map<String, String> CUSTOMER = Map.of("customer_id", "c1");
  private static final Map<String, String> RATE = Map.of("currency", "EUR", "rate", "1.1");

  @TempDir Path folder;

  @Test
  void failsIfAColumnCannotHoldAValueExactly() {
    Map<String, String> tooExact = Map.of("currency", "EUR", "rate", "0.1234567");

    assertThatThrownBy(() -> run(List.of(CUSTOMER), List.of(tooExact)))
        .isInstanceOf(InvalidReference.class)
        .hasMessage(
            "pipeline orders, reference rates (table stack-exchange_rates): attribute rate of the"
                + " item with currency 'EUR' is '0.1234567', which does not fit DECIMAL(18,6):"
                + " correct the item");
  }

  @Test
  void namesTheReferenceOfAValueThatCannotBeRead() {
    InvalidReference unreadable = new InvalidReference("attribute tier is a list");

    assertThatThrownBy(() ->
            run((_, _) -> {
              throw unreadable;
            }))
        .isInstanceOf(InvalidReference.class)
        .hasCause(unreadable)
        .hasMessage(
            "pipeline orders, reference customers (table stack-customers): attribute tier is a"
                + " list");
  }

  @Test
  void aBlankValueOfATypedColumnIsNull() throws Exception {
    Output output = run(List.of(CUSTOMER), List.of(Map.of("currency", "EUR", "rate", "")));

    assertThat(output.reasons()).isEqualTo(Map.of("unknown_currency", 2L));
  }

  @Test
  void doesNotWarnIfAKeyHasARow() throws Exception {
    assertThat(run(List.of(CUSTOMER), List.of(RATE)).warnings()).isEmpty();
  }

  @Test
  void warnsOfReferencesWithoutRows() throws Exception {
    assertThat(run(List.of(), List.of()).warnings())
        .isEqualTo(Map.of("references.customers", 2L, "references.rates", 1L));
  }

  @Test
  void looksUpTheKeysOfEachTableWithItsOwnType() throws Exception {
    Path pipeline = Files.createDirectories(folder.resolve("visits"));
    Files.writeString(
        pipeline.resolve("pipeline.yaml"),
        """
        pipeline: visits
        every: 1m
        event: {type: visit, time: $.at}
        references:
          shops: {table: shops, key: shop, keys: 'coalesce(shop::VARCHAR, city)', columns: {shop: VARCHAR}}
        tables:
          visits: {from: visit, fields: {shop: whole}}
          sales: {from: visit, fields: {Shop: money, city: text}}
        """);
    List<List<String>> lookedUp = new ArrayList<>();

    OneBatch.run(
        new PipelineFolder(pipeline).load(),
        List.of("{\"at\": \"2026-11-20T11:00:00Z\", \"shop\": 7, \"Shop\": 8, \"city\": \"x\"}"),
        (_, keys) -> {
          lookedUp.add(keys);
          return List.of(Map.of("shop", "7"));
        },
        folder.resolve("work"));

    assertThat(lookedUp).containsExactly(List.of("7", "8.00"));
  }

  @Test
  void doesNotWarnIfNoKeyIsLookedUp() throws Exception {
    Output output =
        OneBatch.run(
            new PipelineFolder(ORDERS).load(),
            List.of("{\"type\": \"shipment\"}"),
            (_, _) -> List.of(),
            folder.resolve("work"));

    assertThat(output.warnings()).isEqualTo(Map.of("references.rates", 1L));
  }

  private Output run(List<Map<String, String>> customers, List<Map<String, String>> rates)
      throws Exception {
    return run((reference, _) -> reference.name().equals("rates") ? rates : customers);
  }

  /// Runs two orders, of the customers `c1` and `c2`.
  private Output run(BiFunction<Reference, List<String>, List<Map<String, String>>> references)
      throws Exception {
    return OneBatch.run(
        new PipelineFolder(ORDERS).load(),
        List.of(ORDER.formatted("e1", "c1"), ORDER.formatted("e2", "c2")),
        references,
        folder.resolve("work"));
  }
}
