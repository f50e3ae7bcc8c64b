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
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// Runs a Lambda handler as Lambda does: in its own process with its own environment variables,
/// with one handler for all invocations, and with JSON in and out through Lambda's own serializer.
final class LambdaProcess implements AutoCloseable {
  private static final String RESULT = "result: ";

  /// The prefix of an event that is a diagnostic command of the JVM.
  private static final String DIAGNOSTICS = "diagnostics: ";

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

  /// The number of live objects of each class, as a snapshot of the process would contain them.
  Map<String, Integer> liveObjects() {
    return diagnostics("gcClassHistogram")
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length >= 4 && columns[0].endsWith(":"))
        .collect(Collectors.toMap(c -> c[3], c -> Integer.valueOf(c[1]), Integer::sum));
  }

  /// Whether a class of the JDK has been loaded.
  boolean hasLoaded(String type) {
    return diagnostics("vmClassHierarchy").anyMatch(line -> line.contains(type + "/"));
  }

  private Stream<String> diagnostics(String command) {
    return invoke(DIAGNOSTICS + command).lines().flatMap(line -> Stream.of(line.split("\t")));
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
      if (event.startsWith(DIAGNOSTICS)) {
        System.out.println(RESULT + diagnose(event.substring(DIAGNOSTICS.length())));
        continue;
      }
      Object read = in.fromJson(new ByteArrayInputStream(event.getBytes(UTF_8)));
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      out.toJson(handle.invoke(handler, read, context()), json);
      System.out.println(RESULT + json.toString(UTF_8));
    }
  }

  /// The output of a diagnostic command in one line, with tabs between its lines.
  private static String diagnose(String command) {
    try {
      return String.valueOf(
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      command,
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()}))
          .replace('\n', '\t');
    } catch (JMException unknown) {
      throw new IllegalStateException(unknown);
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
