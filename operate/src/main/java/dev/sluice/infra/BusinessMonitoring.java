package dev.sluice.infra;

import dev.sluice.duckdb.MetricStatistics;
import dev.sluice.pipeline.Alarm;
import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Generates `infra/generated/business.yaml`: the alarms of the pipelines, and for each pipeline a
/// dashboard with its metrics above the widgets of `infra/dashboard.json`.
final class BusinessMonitoring {
  static final String FILE = "infra/generated/business.yaml";

  /// How many of the newest periods may lack data, because metrics arrive up to two minutes late:
  /// periods of one minute, and longer periods.
  private static final int LATE_MINUTES = 3;

  private static final int LATE_PERIODS = 1;

  private BusinessMonitoring() {}

  /// The whole file.
  ///
  /// @param dashboard the text of `infra/dashboard.json`
  static String of(List<Pipeline> pipelines, String dashboard) {
    Generated template = new Generated(FILE);
    for (Pipeline pipeline : pipelines) {
      Map<String, Statistic> statistics = MetricStatistics.of(pipeline);
      for (Alarm alarm : pipeline.alarms()) {
        template.add(
            Generated.camel(pipeline.name()) + Generated.camel(alarm.name()),
            "alarm %s of %s".formatted(alarm.name(), pipeline.name()),
            alarm(pipeline, new AlarmExpression(alarm, statistics)));
      }
      template.add(
          "DashboardOf" + Generated.camel(pipeline.name()),
          "the dashboard of " + pipeline.name(),
          dashboard(pipeline, Dashboard.body(dashboard, pipeline, statistics)));
    }
    return head(pipelines) + template.resources();
  }

  private static String head(List<Pipeline> pipelines) {
    return Generated.head(
            """
            AWSTemplateFormatVersion: '2010-09-09'
            Description: The alarms and the dashboard of a Sluice pipeline.
            """,
            pipelines,
            """
              Name: {Type: String, Description: 'Stack name: the dimension `stack` of the metrics, and the prefix of the alarms and of the name of the dashboard.'}
              Topic: {Type: String, Description: The topic that alarms publish to.}
              Period: {Type: String, Description: 'Seconds between two ticks, at least 60.'}
              Window: {Type: Number, Description: 'Period of the dashboard in seconds.'}
              Dashboard: {Type: String, AllowedValues: ['on', 'off'], Description: Whether there is a dashboard.}
              Age: {Type: Number, Description: Maximum age of the oldest message in seconds.}
              QueueName: {Type: String, Description: Name of the source queue.}
              DeadLetterQueueName: {Type: String, Description: Name of the dead-letter queue.}
              StateMachineArn: {Type: String, Description: ARN of the state machine.}
              LedgerName: {Type: String, Description: Name of the ledger table.}
              ExtractName: {Type: String, Description: Name of the Extract function.}
              TransformName: {Type: String, Description: Name of the Transform function.}
              LoadName: {Type: String, Description: Name of the Load function.}
            """)
        + """
          PeriodIsOneMinute: !Equals [!Ref Period, '60']
          HasDashboard: !Equals [!Ref Dashboard, 'on']
        """
        + pipelines.stream()
            .map(p ->
                "  %s: !And [!Condition HasDashboard, !Condition %s]\n"
                    .formatted(show(p), Generated.condition(p)))
            .collect(Collectors.joining())
        + """

        Resources:
          # A stack needs a resource, even without alarms and dashboard.
          Placeholder:
            Type: AWS::CloudFormation::WaitConditionHandle
        """;
  }

  private static String show(Pipeline pipeline) {
    return "ShowDashboardOf" + Generated.camel(pipeline.name());
  }

  private static String alarm(Pipeline pipeline, AlarmExpression alarm) {
    return """
    Type: AWS::CloudWatch::Alarm
    Condition: %s
    Properties:
      AlarmName: !Sub ${Name}.%s
      AlarmDescription: %s
      Metrics:
        - Id: raised
          Label: %s
          Expression: %s
    %s  DatapointsToAlarm: %d
      EvaluationPeriods: !If [PeriodIsOneMinute, %d, %d]      # the newest periods may lack data
      ComparisonOperator: GreaterThanOrEqualToThreshold
      Threshold: 1
      TreatMissingData: ignore             # without data the alarm keeps its state
      AlarmActions: [!Ref Topic]
      OKActions: [!Ref Topic]
    """
        .formatted(
            Generated.condition(pipeline),
            alarm.name(),
            Generated.quoted(alarm.description()),
            Generated.scalar(alarm.name()),
            Generated.quoted(alarm.expression()),
            alarm.metrics().stream().map(BusinessMonitoring::metric).reduce("", String::concat),
            alarm.periods(),
            alarm.periods() + LATE_MINUTES,
            alarm.periods() + LATE_PERIODS);
  }

  private static String metric(AlarmExpression.Used metric) {
    return """
        - Id: %s
          ReturnData: false
          MetricStat:
            Metric: {Namespace: Sluice, MetricName: %s, Dimensions: [{Name: stack, Value: !Ref Name}]}
            Stat: %s
            Period: !Ref Period
    """
        .formatted(metric.id(), Generated.scalar(metric.name()), metric.statistic());
  }

  private static String dashboard(Pipeline pipeline, String body) {
    return """
    Type: AWS::CloudWatch::Dashboard
    Condition: %s
    Properties:
      DashboardName: !Sub ${Name}-${AWS::Region}       # names are global in an account
      DashboardBody: !Sub |
    %s\
    """
        .formatted(show(pipeline), body.indent(4));
  }
}
