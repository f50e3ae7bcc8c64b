package dev.sluice.cli;

import dev.sluice.duckdb.DuckDbEngine;
import picocli.CommandLine.IVersionProvider;

/// The output of `sluice --version`.
final class Version implements IVersionProvider {
  static final String SLUICE = "0.1.0";

  @Override
  public String[] getVersion() {
    return new String[] {
      "sluice " + SLUICE, "Java " + Runtime.version(), new DuckDbEngine("100MB").version()
    };
  }
}
