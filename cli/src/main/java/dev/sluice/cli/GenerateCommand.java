package dev.sluice.cli;

import dev.sluice.examples.OrderEvents;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sluice generate`: test data for the project's own tests and benchmarks.
@Command(
    name = "generate",
    hidden = true,
    description = "Writes events.jsonl, customers.csv and rates.csv of the demo to a folder.")
final class GenerateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR")
  Path folder;

  @Option(names = "--events", paramLabel = "N")
  long events = 20_000;

  @SuppressWarnings("NullAway.Init")
  GenerateCommand() {}

  @Override
  public Integer call() throws IOException {
    Instant now = Instant.now();
    Files.createDirectories(folder);
    OrderEvents shop = new OrderEvents(1, "m", now);
    try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("events.jsonl"))) {
      for (long i = 0; i < events; i++) {
        out.write(shop.next() + "\n");
      }
    }
    csv(
        "customers.csv",
        List.of("customer_id", "country", "tier", "since", "blocked"),
        OrderEvents.customers(1, now));
    csv("rates.csv", List.of("currency", "rate"), OrderEvents.rates());
    return 0;
  }

  private void csv(String name, List<String> columns, List<Map<String, String>> rows)
      throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(name))) {
      out.write(String.join(",", columns) + "\n");
      for (Map<String, String> row : rows) {
        out.write(columns.stream().map(row::get).collect(Collectors.joining(",")) + "\n");
      }
    }
  }
}
