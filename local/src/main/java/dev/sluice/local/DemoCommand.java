package dev.sluice.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `sluice demo`.
@Command(name = "demo", description = "The main job in one command, on made-up orders.")
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
