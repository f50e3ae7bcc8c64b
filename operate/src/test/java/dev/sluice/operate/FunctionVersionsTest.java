package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.TransientFailure;
import dev.sluice.operate.FunctionVersions.Version;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FunctionVersionsTest {
  private static final String FUNCTIONS = "/2015-03-31/functions/";

  private final StubAws aws = new StubAws();

  @BeforeEach
  void deployTheStack() {
    aws.on(
        "Action=DescribeStacks",
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>shop</StackName></member></Stacks></DescribeStacksResult></DescribeStacksResponse>");
    function("shop-extract", 5, "5");
    function("shop-transform", 12, "12");
    function("shop-load", 0, "");
    aws.on("DELETE " + FUNCTIONS, 204, "");
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  /// A function with the versions 1 to `versions`.
  private void function(String name, long versions, String live, String... weighted) {
    aws.on(
        "GET " + FUNCTIONS + name + "/versions",
        "{\"Versions\": [%s]}"
            .formatted(
                Stream.concat(
                        Stream.of("$LATEST"),
                        // As text: Lambda's order is not documented.
                        LongStream.rangeClosed(1, versions).mapToObj(Long::toString).sorted())
                    .map(version -> "{\"Version\": \"%s\"}".formatted(version))
                    .collect(Collectors.joining(", "))));
    String routing =
        Stream.of(weighted)
            .map(version -> "\"%s\": 0.1".formatted(version))
            .collect(Collectors.joining(", "));
    aws.on(
        "GET " + FUNCTIONS + name + "/aliases",
        live.isEmpty()
            ? "{\"Aliases\": []}"
            : "{\"Aliases\": [{\"Name\": \"live\", \"FunctionVersion\": \"%s\", \"RoutingConfig\": {\"AdditionalVersionWeights\": {%s}}}]}"
                .formatted(live, routing));
  }

  private List<Long> prune() {
    List<Version> pruned = FunctionVersions.of(aws.select("shop")).prune();

    // Without a qualifier, the call would delete the function.
    assertThat(aws.calls())
        .filteredOn(call -> call.startsWith("DELETE"))
        .containsExactlyElementsOf(
            pruned.stream()
                .map(version ->
                    "DELETE %s%s?Qualifier=%d"
                        .formatted(FUNCTIONS, version.function(), version.number()))
                .toList());
    assertThat(pruned).extracting(Version::function).containsOnly("shop-transform");
    return pruned.stream().map(Version::number).toList();
  }

  @Test
  void keepsTheLastFiveVersions() {
    assertThat(prune()).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void keepsTheVersionOfAnAlias() {
    function("shop-transform", 12, "2");

    assertThat(prune()).containsExactly(7L, 6L, 5L, 4L, 3L, 1L);
  }

  @Test
  void keepsTheVersionsToWhichAnAliasSendsAPartOfTheTraffic() {
    function("shop-transform", 12, "12", "1", "6");

    assertThat(prune()).containsExactly(7L, 5L, 4L, 3L, 2L);
  }

  @Test
  void deletesNothingIfTheAliasesAreUnknown() {
    aws.on("GET " + FUNCTIONS + "shop-transform/aliases", 403, "{\"Message\": \"denied\"}");

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> FunctionVersions.of(aws.select("shop")).prune())
        .withMessageContaining("aliases of shop-transform");
    assertThat(aws.calls()).noneMatch(call -> call.startsWith("DELETE"));
  }

  @Test
  void reportsAVersionThatCannotBeDeleted() {
    aws.on("DELETE " + FUNCTIONS + "shop-transform?Qualifier=6", 409, "{\"Message\": \"in use\"}");

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> FunctionVersions.of(aws.select("shop")).prune())
        .withMessageContaining("delete version 6 of shop-transform");
  }

  @Test
  void rejectsAStackThatDoesNotExist() {
    aws.on(
        "Action=DescribeStacks",
        400,
        "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id shop does not exist</Message></Error></ErrorResponse>");

    assertThatExceptionOfType(UsageError.class)
        .isThrownBy(() -> FunctionVersions.of(aws.select("shop")))
        .withMessageContaining("there is no stack 'shop'");
  }
}
