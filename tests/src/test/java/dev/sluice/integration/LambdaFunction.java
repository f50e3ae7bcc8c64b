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

/// A function as Lambda keeps it: a process of its own that knows only its environment variables, a
/// handler that is made once, and JSON in and out through the serialiser of Lambda's runtime.
final class LambdaFunction implements AutoCloseable {
  private static final String ANSWER = "answer: ";

  private final Process process;
  private final OutputStream events;
  private final BufferedReader lines;
  private final List<String> printed = new ArrayList<>();

  /// Starts the process and does not wait for it.
  ///
  /// @param temporary all that it may write to
  LambdaFunction(
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
            LambdaFunction.class.getName(),
            handler.getName());
    java.environment().clear();
    java.environment().putAll(environment);
    try {
      this.process = java.redirectError(Redirect.INHERIT).start();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    this.events = process.getOutputStream();
    this.lines = process.inputReader(UTF_8);
  }

  /// Gives the answer to `event`, both one line of JSON.
  ///
  /// @throws IllegalStateException when the handler throws, as it then ends the process
  String invoke(String event) {
    try {
      events.write((event + "\n").getBytes(UTF_8));
      events.flush();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          return line.substring(ANSWER.length());
        }
        printed.add(line);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    throw new IllegalStateException("the function died of " + event + "; its error stands above");
  }

  /// What it has printed so far, which Lambda would have logged.
  List<String> printed() {
    return printed;
  }

  /// Kills it.
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The process.
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
      System.out.println(ANSWER + json.toString(UTF_8));
    }
  }

  /// Knows the id of the request, and nothing else.
  private static Context context() {
    String request = UUID.randomUUID().toString();
    return (Context)
        Proxy.newProxyInstance(
            LambdaFunction.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, _) -> {
              if (method.getName().equals("getAwsRequestId")) {
                return request;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  /// As Lambda's runtime chooses it.
  @SuppressWarnings("unchecked")
  private static PojoSerializer<Object> serializer(Class<?> type) {
    return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
        ? LambdaEventSerializers.serializerFor((Class<Object>) type, type.getClassLoader())
        : JacksonFactory.getInstance().getSerializer((Type) type);
  }
}
