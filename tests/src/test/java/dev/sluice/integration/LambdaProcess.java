package dev.sluice.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Runs a Lambda handler as Lambda does: in its own process with its own environment variables,
/// with one handler for all invocations, and with JSON in and out through Lambda's own serializer.
final class LambdaProcess implements AutoCloseable {
  private static final String RESULT = "result: ";

  private final Process process;
  private final OutputStream events;
  private final BufferedReader lines;
  private final List<String> printed = new ArrayList<>();

  /// Starts the process without waiting for it.
  ///
  /// @param temporary its folder for temporary files
  LambdaProcess(
      Class<? extends RequestHandler<?, ?>> handler,
      Map<String, String> environment,
      Path temporary) {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            LambdaProcess.class.getName(),
            handler.getName());
    java.environment().clear();
    java.environment().putAll(environment);
    try {
      this.process = java.redirectError(Redirect.INHERIT).start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    this.events = process.getOutputStream();
    this.lines = process.inputReader(UTF_8);
  }

  /// Invokes the handler. The event and the result are each one line of JSON.
  ///
  /// @throws IllegalStateException if the handler throws, which ends the process
  String invoke(String event) {
    try {
      events.write((event + "\n").getBytes(UTF_8));
      events.flush();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(RESULT)) {
          return line.substring(RESULT.length());
        }
        printed.add(line);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    throw new IllegalStateException("the function failed on " + event + "; its error is above");
  }

  /// The lines printed so far, which Lambda would log.
  List<String> printed() {
    return printed;
  }

  /// Kills the process.
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The main method of the process.
  static void main(String[] arguments) throws ReflectiveOperationException, IOException {
    Class<?> type = Class.forName(arguments[0]);
    Object handler = type.getConstructor().newInstance();
    Method handle =
        Arrays.stream(type.getMethods())
            .filter(method -> method.getName().equals("handleRequest") && !method.isBridge())
            .findFirst()
            .orElseThrow();
    PojoSerializer<Object> in = serializer(handle.getParameterTypes()[0]);
    PojoSerializer<Object> out = serializer(handle.getReturnType());
    BufferedReader events = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String event = events.readLine(); event != null; event = events.readLine()) {
      Object read = in.fromJson(new ByteArrayInputStream(event.getBytes(UTF_8)));
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      out.toJson(handle.invoke(handler, read, context()), json);
      System.out.println(RESULT + json.toString(UTF_8));
    }
  }

  /// A context that has only a request id and a time limit.
  private static Context context() {
    String request = UUID.randomUUID().toString();
    return (Context)
        Proxy.newProxyInstance(
            LambdaProcess.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, _) -> {
              return switch (method.getName()) {
                case "getAwsRequestId" -> request;
                case "getRemainingTimeInMillis" -> 120_000;
                case String other -> throw new UnsupportedOperationException(other);
              };
            });
  }

  /// The serializer that Lambda's runtime chooses for `type`.
  @SuppressWarnings("unchecked")
  private static PojoSerializer<Object> serializer(Class<?> type) {
    return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
        ? LambdaEventSerializers.serializerFor((Class<Object>) type, type.getClassLoader())
        : JacksonFactory.getInstance().getSerializer((Type) type);
  }
}
