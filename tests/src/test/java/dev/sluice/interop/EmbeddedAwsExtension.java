package dev.sluice.interop;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.local.EmbeddedAws;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/// JUnit extension that passes the clients ([AwsClients]) or the endpoints ([Endpoints]) of an
/// embedded AWS to a test. The servers start once per test run and stop at its end.
public final class EmbeddedAwsExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == AwsClients.class || type == Endpoints.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    EmbeddedAws aws =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent(
                EmbeddedAws.class, _ -> EmbeddedAws.start(Optional.empty()), EmbeddedAws.class);
    Endpoints endpoints = aws.endpoints();
    return parameter.getParameter().getType() == Endpoints.class
        ? endpoints
        : new AwsClients(
            Region.US_EAST_1,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
            Optional.of(endpoints));
  }
}
