package dev.sluice.local;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Another process: it opens a data folder, says how, waits for a line, and says that S3 answers.
final class Neighbour {
  private @Nullable Process process;

  void open(Path data) throws IOException {
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Neighbour.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  String says() throws IOException {
    return String.valueOf(Objects.requireNonNull(process).inputReader().readLine());
  }

  void goOn() throws IOException {
    Objects.requireNonNull(process).outputWriter().append('\n').flush();
  }

  void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  static void connect(URI server) throws IOException {
    new Socket(server.getHost(), server.getPort()).close();
  }

  public static void main(String[] arguments) throws IOException {
    try (DataFolder folder = DataFolder.open(Path.of(arguments[0]))) {
      System.out.println(folder.isHost() ? "mine" : "attached");
      if (System.in.read() >= 0) {
        connect(folder.endpoints().s3());
        System.out.println("answered");
      }
    }
  }
}
