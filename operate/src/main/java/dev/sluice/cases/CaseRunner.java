package dev.sluice.cases;

import dev.sluice.batch.Counts;
import dev.sluice.cases.CaseResult.Broken;
import dev.sluice.cases.CaseResult.Failed;
import dev.sluice.cases.CaseResult.Outcome;
import dev.sluice.cases.CaseResult.Passed;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.json.Json;
import dev.sluice.pipeline.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs cases, and compares the actual rows with the expected ones. Nothing is written except in a
/// temporary folder, which [#close] deletes.
public final class CaseRunner implements AutoCloseable {
  private final Engine engine = new DuckDbEngine("500MB");
  private final TemporaryFolder folder = TemporaryFolder.create();
  private int cases;

  /// Runs one case of a valid pipeline.
  public CaseResult run(Pipeline pipeline, PipelineCase one) {
    long start = System.nanoTime();
    Outcome outcome = outcome(pipeline, one);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new CaseResult(pipeline.name(), one, outcome, took);
  }

  private Outcome outcome(Pipeline pipeline, PipelineCase one) {
    try {
      Path work = folder.path().resolve("case-" + ++cases);
      CaseRun run = CaseRun.of(engine, pipeline, one, work);
      for (Counts counts : run.counts()) {
        if (!counts.balance()) {
          return new Broken("the counts of a batch do not add up: " + counts);
        }
      }
      checkExpectedNames(one, run);
      return compare(one, run);
    } catch (InvalidCase | SluiceFailure failed) {
      return new Broken(String.valueOf(failed.getMessage()));
    }
  }

  private static void checkExpectedNames(PipelineCase one, CaseRun run) {
    for (String name : one.expectedNames()) {
      if (!run.rows().containsKey(name)) {
        throw new InvalidCase(
            "%s: the pipeline has no table '%s'; the files are named after: %s"
                .formatted(one.expectFile(name), name, String.join(", ", run.rows().keySet())));
      }
    }
  }

  private static Outcome compare(PipelineCase one, CaseRun run) {
    List<TableComparison> different = new ArrayList<>();
    for (Map.Entry<String, List<Json.Obj>> table : run.rows().entrySet()) {
      String name = table.getKey();
      if (!name.equals(CaseRun.RECEIPTS) || Files.exists(one.expectFile(name))) {
        TableComparison comparison =
            TableComparison.of(name, run.columns(name), one.expected(name), table.getValue());
        if (!comparison.differences().isEmpty()) {
          different.add(comparison);
        }
      }
    }
    return different.isEmpty() ? new Passed() : new Failed(different);
  }

  @Override
  public void close() {
    folder.close();
  }
}
