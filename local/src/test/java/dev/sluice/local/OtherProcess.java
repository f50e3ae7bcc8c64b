package dev.sluice.local;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Another process. It opens a data folder, prints `host` or `attached`, waits for a line of input,
/// connects to S3, and prints `answered`.
final class OtherProcess {
  private @Nullable Process process;

  void open(Path data) throws IOException {
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  String output() throws IOException {
    return String.valueOf(Objects.requireNonNull(process).inputReader().readLine());
  }

  void proceed() throws IOException {
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
      System.out.println(folder.isHost() ? "host" : "attached");
      if (System.in.read() >= 0) {
        connect(folder.endpoints().s3());
        System.out.println("answered");
      }
    }
  }
}
