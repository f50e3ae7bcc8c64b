package dev.sluice.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// A pipeline's folder on disk: `pipeline.yaml` and the SQL files that it names.
public final class PipelineFolder {
  static final String YAML = "pipeline.yaml";

  private final Path folder;

  public PipelineFolder(Path folder) {
    this.folder = folder;
  }

  /// The pipelines that stand in `root`, by name.
  public static List<PipelineFolder> in(Path root) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(Files::isDirectory).sorted().map(PipelineFolder::new).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + root, unreadable);
    }
  }

  public String name() {
    return folder.getFileName().toString();
  }

  public Path path() {
    return folder;
  }

  /// Reads the whole folder.
  ///
  /// @throws WrongPipeline with every mistake that can be told without running SQL
  public Pipeline load() throws WrongPipeline {
    List<Mistake> mistakes = new ArrayList<>();
    SortedMap<String, String> files = new TreeMap<>();
    Pipeline pipeline = null;
    Optional<String> yaml = file(YAML, files);
    if (yaml.isEmpty()) {
      mistakes.add(
          new Mistake(
              YAML, 1, "pipeline", "", "is missing; a pipeline is a folder with this file"));
    } else {
      Optional<Node> root = compose(yaml.get(), mistakes);
      if (root.isPresent()) {
        pipeline =
            new PipelineReader(name(), file -> file(file, files), mistakes)
                .read(root.get(), () -> digest(files));
      }
    }
    if (pipeline == null || !mistakes.isEmpty()) {
      throw new WrongPipeline(name(), mistakes);
    }
    return pipeline;
  }

  private Optional<Node> compose(String yaml, List<Mistake> mistakes) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(YAML).setMaxAliasesForCollections(0).build();
    try {
      Optional<Node> root = new Compose(settings).composeString(yaml);
      if (root.isEmpty()) {
        mistakes.add(new Mistake(YAML, 1, "pipeline", "", "the file is empty"));
      }
      return root;
    } catch (MarkedYamlEngineException notYaml) {
      int line = notYaml.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      mistakes.add(new Mistake(YAML, line, "YAML", "", String.valueOf(notYaml.getProblem())));
    } catch (YamlEngineException notYaml) {
      mistakes.add(new Mistake(YAML, 1, "YAML", "", String.valueOf(notYaml.getMessage())));
    }
    return Optional.empty();
  }

  private Optional<String> file(String name, SortedMap<String, String> read) {
    Path path = folder.resolve(name).normalize();
    if (!path.startsWith(folder.normalize()) || !Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(path);
      read.put(name, text);
      return Optional.of(text);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + path, unreadable);
    }
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
