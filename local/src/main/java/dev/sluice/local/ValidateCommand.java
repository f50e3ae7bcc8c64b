package dev.sluice.local;

import dev.sluice.pipeline.WrongPipeline;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice validate`.
@Command(
    name = "validate",
    description = "Checks the pipeline folders, and says all that is wrong.")
final class ValidateCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", arity = "0..1")
  @Nullable String pipeline;

  @SuppressWarnings("NullAway.Init")
  ValidateCommand() {}

  @Override
  public Integer call() {
    List<String> names = pipeline == null ? sluice.pipelines().names() : List.of(pipeline);
    int code = 0;
    for (String name : names) {
      try {
        sluice.pipelines().load(name);
        spec.commandLine().getOut().println(name + ": right");
      } catch (WrongPipeline wrong) {
        spec.commandLine().getErr().println(wrong.getMessage());
        code = Sluice.FAILED;
      }
    }
    return code;
  }
}
