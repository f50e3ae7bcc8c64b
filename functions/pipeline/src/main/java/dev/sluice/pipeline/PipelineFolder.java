package dev.sluice.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// A pipeline's folder: `pipeline.yaml` and the SQL files that it names.
public final class PipelineFolder {
  public static final String YAML = "pipeline.yaml";

  private final Path folder;

  public PipelineFolder(Path folder) {
    this.folder = folder;
  }

  /// The result of reading a folder that may have problems.
  ///
  /// @param pipeline what could be read; if there are problems, it is incomplete and used only to
  ///   find more problems. Empty if `pipeline.yaml` could not be read
  /// @param leftOut the names of the references and tables that could not be read
  public record Draft(Optional<Pipeline> pipeline, Set<String> leftOut, List<Problem> problems) {}

  /// The folders in `root` with a `pipeline.yaml`, sorted by name.
  public static List<PipelineFolder> in(Path root) {
    return folders(root).filter(PipelineFolder::hasYaml).toList();
  }

  /// The names of the folders in `root` without a `pipeline.yaml`. Both lists ignore folders whose
  /// name begins with a dot.
  public static List<String> foldersWithoutYaml(Path root) {
    return folders(root).filter(folder -> !folder.hasYaml()).map(PipelineFolder::name).toList();
  }

  private static Stream<PipelineFolder> folders(Path root) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(Files::isDirectory)
          .sorted()
          .map(PipelineFolder::new)
          .filter(folder -> !folder.name().startsWith("."))
          .toList()
          .stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + root, unreadable);
    }
  }

  private boolean hasYaml() {
    return Files.exists(folder.resolve(YAML));
  }

  public String name() {
    return folder.getFileName().toString();
  }

  public Path path() {
    return folder;
  }

  /// Reads the folder.
  ///
  /// @throws PipelineProblems with every problem that can be found without running SQL
  public Pipeline load() throws PipelineProblems {
    Draft draft = read();
    if (!draft.problems().isEmpty()) {
      throw new PipelineProblems(name(), draft.problems());
    }
    return draft.pipeline().orElseThrow();
  }

  /// Reads as much of the folder as possible, and finds every problem that can be found without
  /// running SQL.
  public Draft read() {
    List<Problem> problems = new ArrayList<>();
    SortedMap<String, String> files = new TreeMap<>();
    Optional<MappingNode> root =
        switch (file(YAML, files)) {
          case SourceFile.Text(String yaml) ->
              compose(yaml, problems).flatMap(node -> mapping(node, problems));
          case SourceFile.Missing() -> {
            problems.add(
                new Problem(YAML, 1, "pipeline", "", "is missing; add this file to the folder"));
            yield Optional.empty();
          }
          case SourceFile.Unreadable unreadable -> {
            problems.add(unreadable.problem(YAML, "YAML"));
            yield Optional.empty();
          }
        };
    PipelineReader reader = new PipelineReader(name(), file -> file(file, files), problems);
    Optional<Pipeline> pipeline = root.map(node -> reader.read(node, () -> digest(files)));
    return new Draft(pipeline, Set.copyOf(reader.leftOut()), List.copyOf(problems));
  }

  private static Optional<MappingNode> mapping(Node root, List<Problem> problems) {
    if (root instanceof MappingNode mapping) {
      return Optional.of(mapping);
    }
    problems.add(
        new Problem(
            YAML, 1, "YAML", "", "must be a mapping, `name: value`, not a list or a scalar"));
    return Optional.empty();
  }

  private static Optional<Node> compose(String yaml, List<Problem> problems) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(YAML).setMaxAliasesForCollections(0).build();
    try {
      Optional<Node> root = new Compose(settings).composeString(yaml);
      if (root.isEmpty()) {
        problems.add(
            new Problem(YAML, 1, "pipeline", "", "is an empty file; define the pipeline in it"));
      }
      return root;
    } catch (YamlEngineException notYaml) {
      problems.add(YamlError.problem(yaml, notYaml));
    } catch (StackOverflowError tooDeep) {
      problems.add(new Problem(YAML, 1, "YAML", "", "is nested too deeply; use fewer levels"));
    }
    return Optional.empty();
  }

  private SourceFile file(String name, SortedMap<String, String> read) {
    Path path;
    try {
      path = folder.resolve(name).normalize();
    } catch (InvalidPathException invalidName) {
      return new SourceFile.Missing();
    }
    if (!path.startsWith(folder.normalize()) || !Files.isRegularFile(path)) {
      return new SourceFile.Missing();
    }
    SourceFile source = SourceFile.read(folder, path);
    if (source instanceof SourceFile.Text(String text)) {
      read.put(name, text);
    }
    return source;
  }

  private static String digest(SortedMap<String, String> files) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      files.forEach((name, text) -> {
        sha256.update((name + "\0" + text.length() + "\0").getBytes(StandardCharsets.UTF_8));
        sha256.update(text.getBytes(StandardCharsets.UTF_8));
      });
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
