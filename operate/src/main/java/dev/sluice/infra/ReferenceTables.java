package dev.sluice.infra;

import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Generates `infra/generated/references.yaml`: the DynamoDB tables of the references.
final class ReferenceTables {
  static final String FILE = "infra/generated/references.yaml";

  private ReferenceTables() {}

  /// The whole file.
  ///
  /// @param yaml the lines of a pipeline
  /// @throws PipelineProblems if two references read the same table by different keys
  static String of(List<Pipeline> pipelines, Function<Pipeline, YamlLines> yaml)
      throws PipelineProblems {
    Generated template = new Generated(FILE);
    for (Pipeline pipeline : pipelines) {
      keys(pipeline, yaml)
          .forEach((table, key) ->
              template.add(
                  Generated.camel(pipeline.name()) + Generated.camel(table),
                  "reference table %s of %s".formatted(table, pipeline.name()),
                  table(pipeline, table, key)));
    }
    return head(pipelines) + template.resources() + OUTPUTS;
  }

  /// The key of each table.
  private static Map<String, String> keys(Pipeline pipeline, Function<Pipeline, YamlLines> yaml)
      throws PipelineProblems {
    Map<String, String> keys = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Reference reference : pipeline.references()) {
      String other = keys.putIfAbsent(reference.table(), reference.key());
      if (other != null && !other.equals(reference.key())) {
        problems.add(
            new Problem(
                "pipeline.yaml",
                yaml.apply(pipeline).of("references", reference.name()),
                "references." + reference.name() + ".key",
                reference.key(),
                "is not the key %s that another reference has for the table %s; use one key"
                    .formatted(other, reference.table())));
      }
    }
    if (!problems.isEmpty()) {
      throw new PipelineProblems(pipeline.name(), problems);
    }
    return keys;
  }

  private static String head(List<Pipeline> pipelines) {
    StringBuilder conditions = new StringBuilder();
    for (Pipeline pipeline : pipelines) {
      conditions.append(
          "  %s: !And [!Condition CreateTables, !Condition %s]\n"
              .formatted(create(pipeline), Generated.condition(pipeline)));
    }
    return Generated.head(
            """
            AWSTemplateFormatVersion: '2010-09-09'
            Transform: AWS::LanguageExtensions         # allows a parameter as DeletionPolicy
            Description: The reference tables of a Sluice pipeline.
            """,
            pipelines,
            """
              DataDeletionPolicy: {Type: String, AllowedValues: [Retain, Delete], Description: Deletion policy of the tables.}
              ExistingReferencePrefix: {Type: String, Default: '', Description: 'Name prefix of existing tables. If empty, the tables are created.'}
              KeyArn: {Type: String, Default: '', Description: 'The KMS key that encrypts the tables. If empty, DynamoDB uses a key that AWS owns.'}
            """)
        + """
          CreateTables: !Equals [!Ref ExistingReferencePrefix, '']
          RetainData: !Equals [!Ref DataDeletionPolicy, Retain]
          HasKey: !Not [!Equals [!Ref KeyArn, '']]
        """
        + conditions
        + """

        Resources:
          # A template needs a resource, even if the pipeline has no references.
          Placeholder:
            Type: AWS::CloudFormation::WaitConditionHandle
        """;
  }

  private static String create(Pipeline pipeline) {
    return "CreateFor" + Generated.camel(pipeline.name());
  }

  /// The name begins with the name of this nested stack, so no other table has the prefix.
  private static String table(Pipeline pipeline, String table, String key) {
    return """
    Type: AWS::DynamoDB::Table
    Condition: %s
    DeletionPolicy: !Ref DataDeletionPolicy
    UpdateReplacePolicy: Retain
    Properties:
      TableName: !Sub ${AWS::StackName}-%s
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: %3$s, AttributeType: S}]
      KeySchema: [{AttributeName: %3$s, KeyType: HASH}]
      DeletionProtectionEnabled: !If [RetainData, true, false]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
      SSESpecification: !If [HasKey, {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref KeyArn}, {SSEEnabled: false}]
    """
        .formatted(create(pipeline), table, Generated.scalar(key));
  }

  private static final String OUTPUTS =
      """

      Outputs:
        Prefix:
          Value: !If [CreateTables, !Sub '${AWS::StackName}-', !Ref ExistingReferencePrefix]
        TablesArn:
          Value: !Sub
            - arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Prefix}*
            - Prefix: !If [CreateTables, !Sub '${AWS::StackName}-', !Ref ExistingReferencePrefix]
      """;
}
