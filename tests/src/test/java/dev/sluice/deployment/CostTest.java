package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.sluice.deployment.RecordedCalls.Call;
import dev.sluice.extract.ExtractHandler;
import dev.sluice.fakes.Faults;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.PipelineProblems;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Generates the tables of `docs/cost.md` from the transitions of the state machine, the requests
/// in a run of the stages, the CPU time in `bench/README.md`, and the prices and assumptions below.
@TestInstance(Lifecycle.PER_CLASS)
final class CostTest {
  /// The constants of `RunCost` and the prices that they must equal.
  private static final Map<String, String> PRICES_IN_RUN_COST =
      Map.of(
          "GIGABYTE_SECOND", "GB-second",
          "INVOCATION", "invocation",
          "TRANSITION", "transition",
          "QUEUE_REQUEST", "SQS request",
          "OBJECT_WRITTEN", "S3 write",
          "ITEM_WRITTEN", "DynamoDB write");

  /// Memory per vCPU on Lambda. A smaller function takes longer, so a CPU second costs the same.
  static final double GB_PER_CPU = 1769.0 / 1024;

  /// GB-seconds per batch in which functions wait: Extract two seconds for an empty queue,
  /// Transform one second and Load half a second for S3 and DynamoDB.
  private static final double WAITING_GB_SECONDS = 2 * 1 + 1 * GB_PER_CPU + 0.5 * 1;

  /// Per invocation: the lines of Lambda and of the function.
  static final double GB_OF_LOGS = 2e-6;

  private static final int EVENTS_PER_BATCH = 10_000;
  private static final int BATCHES = 1_000_000 / EVENTS_PER_BATCH;
  private static final int CUSTOMERS_PER_BATCH = 1_000;

  /// Request units per ledger method: strongly consistent reads of up to 4 KB, writes of up to 1
  /// KB; a transaction counts twice. The commit deletes one chunk.
  private static final Map<String, Map<String, Double>> LEDGER_UNITS =
      Map.ofEntries(
          Map.entry("head", reads(1)),
          Map.entry("staged", reads(1)),
          Map.entry("parked", reads(1)),
          Map.entry("batch", reads(1)),
          Map.entry("batchesSince", reads(1)),
          Map.entry("stage", writes(1)),
          Map.entry("takeLease", writes(1)),
          Map.entry("releaseLease", writes(1)),
          Map.entry("seal", Map.of("DynamoDB read", 1.0, "DynamoDB write", 1.0)),
          Map.entry("beginAttempt", writes(1)),
          Map.entry("uncountAttempt", writes(1)),
          Map.entry("commit", Map.of("DynamoDB read", 1.0, "DynamoDB write", 6.0)),
          Map.entry("published", writes(1)));

  private static final Map<String, Duration> FREQUENCIES = new LinkedHashMap<>();

  static {
    FREQUENCIES.put("10s", Duration.ofSeconds(10));
    FREQUENCIES.put("30s", Duration.ofSeconds(30));
    FREQUENCIES.put("1m", Duration.ofMinutes(1));
    FREQUENCIES.put("5m", Duration.ofMinutes(5));
    FREQUENCIES.put("15m", Duration.ofMinutes(15));
    FREQUENCIES.put("1h", Duration.ofHours(1));
  }

  private final JsonNode machine = Template.read("infra/pipeline.asl.yaml");
  private final List<Call> idleTickCalls = new ArrayList<>();
  private final List<Call> batchCalls = new ArrayList<>();
  private PrintedLines printed = new PrintedLines(Set.of(), Set.of());

  private static Map<String, Double> reads(double units) {
    return Map.of("DynamoDB read", units);
  }

  private static Map<String, Double> writes(double units) {
    return Map.of("DynamoDB write", units);
  }

  @BeforeAll
  void recordTheSecondBatchAndAnIdleTick(@TempDir Path scratch, @TempDir Path other)
      throws PipelineProblems {
    RecordedCalls run = new RecordedCalls(scratch);
    Duration lease = Duration.ofMinutes(8);
    Faults none = new Faults();
    run.send("1").extract();
    run.load(none).run(run.transform(none).run("tick", lease));
    run.calls.clear();
    run.send("2").extract();
    Loaded second = run.load(none).run(run.transform(none).run("tick", lease));
    assertThat(second.loaded()).as("one event for each table").isEqualTo(3);
    assertThat(second.quarantined()).isEqualTo(1);
    batchCalls.addAll(run.calls);
    run.calls.clear();
    run.extract();
    idleTickCalls.addAll(run.calls);
    printed = PrintedLines.of(other);
  }

  @Test
  void theDocsListTheCostOfAMonthOfIdleTicks() {
    List<String> rows = new ArrayList<>();
    FREQUENCIES.forEach((name, every) -> rows.add(idleMonth().row(name, every)));

    GeneratedTable.of("docs/cost.md", "idle").hasRows(rows);
  }

  @Test
  void anIdleMonthMeetsTheGoals() {
    assertThat(idleMonth().of(Duration.ofMinutes(1)).dollars()).isBetween(0.3, 1.0);
    assertThat(idleMonth().of(Duration.ofSeconds(10)).dollars()).isBetween(3.0, 5.0);
  }

  @Test
  void theReadmeStatesTheCostOfAnIdleMonth() {
    double ticks = idleMonth().of(Duration.ofMinutes(1)).dollars();
    double monitoring = MonitoringCost.of(printed).dollars();

    assertThat(Path.of("../README.md"))
        .content()
        .contains(
            "$%.2f for the ticks at `1m`".formatted(ticks),
            "$%.2f for metrics and alarms".formatted(monitoring),
            "$%.2f in all".formatted(ticks + monitoring + 3 + 1));
  }

  private IdleMonth idleMonth() {
    JsonNode extract = Template.root().functionOf(ExtractHandler.class).getValue();
    long polls = idleTickCalls.stream().filter(c -> c.port().equals("MessageSource")).count();
    return new IdleMonth(
        extract.at("/MemorySize").asInt() / 1024.0,
        requests(idleTickCalls).and(Usage.of("SQS request", (double) polls)));
  }

  @Test
  void theDocsListTheCostOfMonitoring() {
    MonitoringCost cost = MonitoringCost.of(printed);

    assertThat(cost.dollars()).as("the goal for metrics and alarms").isBetween(1.0, 5.0);
    GeneratedTable.of("docs/cost.md", "monitoring").hasRows(cost.rows());
  }

  private static Usage invocations(int count) {
    return Usage.of("invocation", count).and(Usage.of("GB of logs", count * GB_OF_LOGS));
  }

  @Test
  void theDocsListTheCostOfAMillionEvents() {
    List<String> rows =
        List.of(
            million(
                "ten", 10, BenchFigures.measured("from SQS to Parquet, ten events per message")),
            million("one", 1, BenchFigures.measured("from SQS to Parquet, one event per message")));

    GeneratedTable.of("docs/cost.md", "million").hasRows(rows);
  }

  private String million(String label, int eventsPerMessage, double cpuSeconds) {
    double messages = 1_000_000.0 / eventsPerMessage;
    // Send, receive and delete requests of ten messages each.
    Usage queue = Usage.of("SQS request", 3 * messages / 10 + BATCHES);
    Usage lambda =
        Usage.of("GB-second", cpuSeconds * GB_PER_CPU + BATCHES * WAITING_GB_SECONDS)
            .and(invocations(3 * BATCHES));
    Usage rest =
        requests(batchCalls)
            .and(Usage.of("DynamoDB read", CUSTOMERS_PER_BATCH))
            .and(Usage.of("transition", steps("Extract", "Transform", "Load")))
            .and(Usage.of("trace", 1))
            .times(BATCHES);
    Usage all = queue.and(lambda).and(rest);
    return row(
        label,
        "%.2f".formatted(all.dollars("SQS request")),
        "%.2f".formatted(all.dollars("transition")),
        "%.2f".formatted(all.dollars("GB-second", "invocation")),
        "%.2f".formatted(all.dollars("S3 write", "S3 read")),
        "%.2f".formatted(all.dollars("DynamoDB read", "DynamoDB write")),
        "%.2f".formatted(all.dollars("trace", "GB of logs")),
        "**%.2f**".formatted(all.dollars()));
  }

  /// The requests of the recorded calls to S3 and DynamoDB.
  private static Usage requests(List<Call> calls) {
    Usage all = Usage.NONE;
    for (Call call : calls) {
      all =
          all.and(
              switch (call.port()) {
                case "Bucket" ->
                    Usage.of(
                        Set.of("read", "download").contains(call.method()) ? "S3 read" : "S3 write",
                        1);
                case "Ledger" -> new Usage(ledgerUnits(call.method()));
                // The exchange rates. Customers are counted separately.
                case "ReferenceTable" -> Usage.of("DynamoDB read", 1);
                default -> Usage.NONE;
              });
    }
    return all;
  }

  private static Map<String, Double> ledgerUnits(String method) {
    return Objects.requireNonNull(LEDGER_UNITS.get(method), "the units of Ledger." + method);
  }

  /// The number of states on the shortest path from the start through `via` to a successful end.
  private int steps(String... via) {
    String current = machine.at("/StartAt").stringValue();
    int steps = 1;
    for (String state : via) {
      steps += distance(current, state);
      current = state;
    }
    return steps + distance(current, "Succeed");
  }

  /// @param goal the name or the type of a state
  private int distance(String from, String goal) {
    Map<String, Integer> distances = new HashMap<>(Map.of(from, 0));
    Deque<String> waiting = new ArrayDeque<>(List.of(from));
    while (!waiting.isEmpty()) {
      String state = waiting.remove();
      int distance = distances.getOrDefault(state, 0);
      JsonNode definition = machine.at("/States/" + state);
      if (state.equals(goal) || definition.at("/Type").stringValue("").equals(goal)) {
        return distance;
      }
      for (String next : next(definition)) {
        if (distances.putIfAbsent(next, distance + 1) == null) {
          waiting.add(next);
        }
      }
    }
    throw new AssertionError("no path from " + from + " to " + goal);
  }

  private static List<String> next(JsonNode state) {
    List<String> next = new ArrayList<>();
    state.at("/Choices").valueStream().forEach(c -> next.add(c.at("/Next").stringValue()));
    for (String field : List.of("/Next", "/Default")) {
      if (!state.at(field).isMissingNode()) {
        next.add(state.at(field).stringValue());
      }
    }
    return next;
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  @Test
  void theFunctionsReportTheirCostWithThesePrices() throws ReflectiveOperationException {
    Map<String, Double> constants = new HashMap<>();
    for (Field price : Class.forName("dev.sluice.runtime.RunCost").getDeclaredFields()) {
      if (Modifier.isStatic(price.getModifiers())) {
        price.setAccessible(true);
        constants.put(price.getName(), price.getDouble(null));
      }
    }

    assertThat(constants.keySet()).isEqualTo(PRICES_IN_RUN_COST.keySet());
    constants.forEach((name, price) ->
        assertThat(price)
            .as(name)
            .isCloseTo(Usage.PRICES.get(PRICES_IN_RUN_COST.get(name)), withPercentage(1e-9)));
  }

  @Test
  void theDocsListThePrices() {
    List<String> rows =
        Usage.PRICES.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(price -> row(price.getKey(), price(price.getValue())))
            .toList();

    GeneratedTable.of("docs/cost.md", "prices").hasRows(rows);
  }

  private static String price(double dollars) {
    return dollars < 0.01 ? "%.3f a million".formatted(dollars * 1e6) : "%.2f".formatted(dollars);
  }

  @Test
  void theDocsListTheRequestsOfATickAndABatch() {
    List<String> rows =
        List.of(
            row("an idle tick", counts(0, idleTickCalls)),
            row("a batch", counts(steps("Extract", "Transform", "Load"), batchCalls)));

    GeneratedTable.of("docs/cost.md", "requests").hasRows(rows);
  }

  private static String counts(int transitions, List<Call> calls) {
    Usage usage = requests(calls);
    return "%d | %.0f | %.0f | %.0f | %.0f"
        .formatted(
            transitions,
            usage.amounts().getOrDefault("S3 write", 0.0),
            usage.amounts().getOrDefault("S3 read", 0.0),
            usage.amounts().getOrDefault("DynamoDB write", 0.0),
            usage.amounts().getOrDefault("DynamoDB read", 0.0));
  }
}
