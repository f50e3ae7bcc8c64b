package dev.sluice.infra;

import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PipelineSource;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The AWS configuration of the pipelines: three templates in `infra/generated`, and
/// `samconfig.toml`. They contain the *deployed* pipelines: those with an environment in
/// `samconfig.toml`. Other folders in `pipelines/` are ignored.
public final class Infra {
  private static final String TEMPLATE = "template.yaml";
  private static final String DASHBOARD = "infra/dashboard.json";

  private final Path home;
  private final PipelineSource pipelines;

  /// @param home the root of the project
  public Infra(Path home) {
    this.home = home;
    this.pipelines = new PipelineSource(home.resolve("pipelines"));
  }

  /// The names of the deployed pipelines, sorted.
  public Set<String> deployed() {
    return new TreeSet<>(samConfig().pipelines());
  }

  /// The deployed pipelines, sorted by name.
  ///
  /// @throws PipelineProblems of the first invalid one
  public List<Pipeline> pipelines() throws PipelineProblems {
    return load(deployed());
  }

  /// What the files must contain, by their paths in the project.
  ///
  /// @param more pipelines to deploy in addition to those that are deployed
  /// @throws PipelineProblems of the first pipeline that is invalid or cannot be deployed
  public Map<String, String> files(Collection<String> more) throws PipelineProblems {
    SamConfig samConfig = samConfig();
    Set<String> names = new TreeSet<>(samConfig.pipelines());
    names.addAll(more);
    if (names.isEmpty()) {
      throw new UsageError("no pipeline is deployed: name one, as in ./sluice infra orders");
    }
    List<Pipeline> all = load(names);
    Map<String, String> files = new LinkedHashMap<>();
    files.put(Catalog.FILE, Catalog.of(all));
    files.put(ReferenceTables.FILE, ReferenceTables.of(all, this::yaml));
    files.put(BusinessMonitoring.FILE, BusinessMonitoring.of(all, read(DASHBOARD)));
    files.put(SamConfig.FILE, samConfig.updated(all));
    return files;
  }

  private List<Pipeline> load(Set<String> names) throws PipelineProblems {
    BatchSizes sizes = BatchSizes.in(home.resolve(TEMPLATE));
    List<Pipeline> all = new ArrayList<>();
    for (String name : names) {
      if (!pipelines.names().contains(name) && samConfig().pipelines().contains(name)) {
        throw new OperationFailed(
            "%s: an environment has Pipeline=%s, but there is no pipelines/%2$s: restore the folder, or remove the environment"
                .formatted(SamConfig.FILE, name));
      }
      Pipeline pipeline = pipelines.load(name);
      sizes.check(pipeline, yaml(pipeline));
      all.add(pipeline);
    }
    return all;
  }

  private YamlLines yaml(Pipeline pipeline) {
    return new YamlLines(
        read("pipelines/%s/pipeline.yaml".formatted(pipeline.name())).lines().toList());
  }

  /// The paths of the files whose content differs.
  public List<String> outdated(Map<String, String> files) {
    return files.entrySet().stream()
        .filter(file -> !file.getValue().equals(current(file.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  private String current(String file) {
    return Files.exists(home.resolve(file)) ? read(file) : "";
  }

  /// Writes the files.
  public void write(Map<String, String> files) {
    files.forEach((file, content) -> {
      try {
        Files.createDirectories(home.resolve(file).toAbsolutePath().getParent());
        Files.writeString(home.resolve(file), content);
      } catch (IOException unwritable) {
        throw new UncheckedIOException("cannot write " + file, unwritable);
      }
    });
  }

  private SamConfig samConfig() {
    return new SamConfig(current(SamConfig.FILE));
  }

  private String read(String file) {
    try {
      return Files.readString(home.resolve(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }
}
