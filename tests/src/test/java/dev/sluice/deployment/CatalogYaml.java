package dev.sluice.deployment;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A catalog template as Athena interprets it, for a stack with the bucket `bucket`.
final class CatalogYaml {
  private final JsonNode resources;

  CatalogYaml(String yaml) {
    this.resources = YAMLMapper.shared().readTree(yaml).get("Resources");
  }

  private JsonNode table(String name) {
    return resources
        .valueStream()
        .map(resource -> resource.at("/Properties/TableInput"))
        .filter(table -> table.path("Name").asString("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  List<String> columns(String table) {
    return table(table)
        .at("/StorageDescriptor/Columns")
        .valueStream()
        .map(column -> column.get("Name").asString() + " " + column.get("Type").asString())
        .toList();
  }

  List<String> partitions(String table) {
    return table(table)
        .get("PartitionKeys")
        .valueStream()
        .map(key -> key.get("Name").asString())
        .toList();
  }

  String parameter(String table, String name) {
    return table(table).get("Parameters").get(name).asString();
  }

  /// The result of `!Join ['', [s3://, !Ref Bucket, …]]`.
  String location(String table) {
    return table(table)
        .get("Parameters")
        .get("storage.location.template")
        .get(1)
        .valueStream()
        .map(part -> part.asString().replaceFirst("^Bucket$", "bucket"))
        .collect(Collectors.joining());
  }

  /// The folders in the bucket that Athena reads for a query without a filter.
  List<String> folders(String table, Instant now) {
    List<String> folders = List.of(location(table).replace("s3://bucket/", ""));
    for (String partition : partitions(table)) {
      List<String> filled = new ArrayList<>();
      for (String folder : folders) {
        values(table, partition, now)
            .forEach(value -> filled.add(folder.replace("${" + partition + "}", value)));
      }
      folders = filled;
    }
    return folders;
  }

  private Stream<String> values(String table, String partition, Instant now) {
    String prefix = "projection." + partition + ".";
    String[] range = parameter(table, prefix + "range").split(",", -1);
    return switch (parameter(table, prefix + "type")) {
      case "date" ->
          LocalDate.parse(range[0]).datesUntil(end(range[1], now)).map(Objects::toString);
      case "integer" -> {
        String format = "%0" + parameter(table, prefix + "digits") + "d";
        yield IntStream.rangeClosed(Integer.parseInt(range[0]), Integer.parseInt(range[1]))
            .mapToObj(format::formatted);
      }
      case String other -> throw new IllegalStateException(other);
    };
  }

  /// The day after the last day of `NOW` or `NOW+2DAYS`.
  private static LocalDate end(String last, Instant now) {
    String days = last.replaceFirst("NOW\\+?", "").replace("DAYS", "");
    return LocalDate.ofInstant(now, ZoneOffset.UTC)
        .plusDays(days.isEmpty() ? 0 : Integer.parseInt(days))
        .plusDays(1);
  }
}
