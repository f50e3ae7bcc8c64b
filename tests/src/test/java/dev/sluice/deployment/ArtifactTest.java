package dev.sluice.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DuckDB finds its native library in Transform's artifact: in the folder of its jar, by the name
/// that ends with the platform, whatever the environment variables are.
final class ArtifactTest {
  private static final String LIBRARY = "libduckdb_java.so_";

  @Test
  void theLibraryIsInTheFolderOfTheJarUnderItsOwnName() throws IOException {
    String assembly =
        Files.readString(Path.of("../functions/transform/src/main/assembly/lambda.xml"));

    assertThat(assembly.lines().filter(line -> line.contains(LIBRARY)).toList())
        .singleElement()
        .asString()
        .contains(LIBRARY + "${lambda.platform}</source><outputDirectory>lib</outputDirectory>")
        .doesNotContain("destName");
    assertThat(assembly).contains("-duckdb.jar</source><outputDirectory>lib</outputDirectory>");
  }

  @Test
  void duckDbLoadsTheLibraryNextToItsJar(@TempDir Path lib) throws Exception {
    Path jar =
        Path.of(DuckDBDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String library = LIBRARY + platform();
    try (JarFile complete = new JarFile(jar.toFile());
        OutputStream file = Files.newOutputStream(lib.resolve("duckdb.jar"));
        JarOutputStream cut = new JarOutputStream(file)) {
      for (JarEntry entry : complete.stream().toList()) {
        if (!entry.getName().startsWith(LIBRARY)) {
          cut.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream content = complete.getInputStream(entry)) {
            content.transferTo(cut);
          }
        } else if (entry.getName().equals(library)) {
          try (InputStream content = complete.getInputStream(entry)) {
            Files.copy(content, lib.resolve(library));
          }
        }
      }
    }

    assertThat(loadedLibraries(lib)).contains(lib.toRealPath().resolve(library).toString());
  }

  private static String platform() {
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String os = System.getProperty("os.name");
    return os.startsWith("Mac")
        ? "osx_universal"
        : (os.startsWith("Windows") ? "windows_" : "linux_") + arch;
  }

  /// The output of a process without environment variables that opens a DuckDB.
  private static String loadedLibraries(Path lib) throws IOException, InterruptedException {
    Path main =
        Files.writeString(
            lib.resolve("Open.java"),
            "void main() throws Exception { java.sql.DriverManager.getConnection(\"jdbc:duckdb:\").close(); }");
    ProcessBuilder java =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:library=info",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                lib.resolve("duckdb.jar").toString(),
                main.toString()));
    java.environment().clear();
    java.environment().putAll(Map.of("PATH", "/usr/bin"));
    Process process = java.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
