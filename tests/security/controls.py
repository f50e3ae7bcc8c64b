"""How each control can be broken, and the rule that must notice: proof that a rule, ours or a tool's, is alive.

Ids with a dot are controls of AWS Foundational Security Best Practices and the other standards of Security Hub.
"""

from typing import Any, NamedTuple

GONE = object()
STRANGER = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


class Control(NamedTuple):
    """`path` under the resources of `template` is set to `value`, or taken away; `rule` must then find `victim`, or that resource."""

    id: str
    what: str
    template: str
    path: str
    value: Any
    rule: str
    victim: str = ""

    @property
    def resource(self):
        return self.victim or self.path.split("/")[0]

    def broken(self, resources):
        *parents, last = [int(step) if step.isdigit() else step for step in self.path.split("/")]
        at = resources
        for step in parents:
            at = at[step]
        if self.value is GONE:
            del at[last]
        elif isinstance(at, list):
            at.insert(last, self.value)
        else:
            at[last] = self.value


def policy(action, resource):
    return [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}}]


CONTROLS = [
    Control("S3.2", "no public access lists", "storage", "Bucket/Properties/PublicAccessBlockConfiguration/BlockPublicAcls", False, "CKV_AWS_53"),
    Control("S3.3", "no public policy", "storage", "Bucket/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy", False, "CKV_AWS_54"),
    Control("S3.5", "TLS only", "storage", "BucketPolicy/Properties/PolicyDocument/Statement/0/Effect", "Allow", "NIST.800.53.R5-S3BucketSSLRequestsOnly"),
    Control("S3.6", "no other account", "storage", "BucketPolicy/Properties/PolicyDocument/Statement/0", STRANGER, "Sluice-NoStrangers"),
    Control("S3.8", "all public access blocked", "storage", "Bucket/Properties/PublicAccessBlockConfiguration", GONE, "CKV_AWS_56"),
    Control("S3.12", "no access lists", "storage", "Bucket/Properties/OwnershipControls/Rules/0/ObjectOwnership", "ObjectWriter", "S3.12"),
    Control("S3.13", "lifecycle", "storage", "Bucket/Properties/LifecycleConfiguration", GONE, "S3.13"),
    Control("S3.14", "versions", "storage", "Bucket/Properties/VersioningConfiguration", GONE, "CKV_AWS_21"),
    Control("S3.17", "encrypted with KMS", "storage", "Bucket/Properties/BucketEncryption", GONE, "NIST.800.53.R5-S3DefaultEncryptionKMS"),
    Control("DynamoDB.1", "capacity follows demand", "storage", "Ledger/Properties/BillingMode", "PROVISIONED", "NIST.800.53.R5-DynamoDBAutoScalingEnabled"),
    Control("DynamoDB.2", "point-in-time recovery", "storage", "Ledger/Properties/PointInTimeRecoverySpecification", GONE, "AwsSolutions-DDB3"),
    Control("DynamoDB.6", "deletion protection", "storage", "Customers/Properties/DeletionProtectionEnabled", GONE, "DynamoDB.6"),
    Control("-", "tables under our key", "storage", "Ledger/Properties/SSESpecification", GONE, "CKV_AWS_119"),
    Control("KMS.4", "the key rotates", "storage", "Key/Properties/EnableKeyRotation", False, "AwsSolutions-KMS5"),
    Control("KMS.5", "the key is nobody else's", "storage", "Key/Properties/KeyPolicy/Statement/0", STRANGER, "CKV_AWS_33"),
    Control("KMS.2", "no decryption with any key", "template", "LoadRole/Properties/Policies", policy("kms:Decrypt", "*"), "KMS.2"),
    Control("SQS.1", "queues encrypted", "queue", "Events/Properties/KmsMasterKeyId", GONE, "CKV_AWS_27"),
    Control("SQS.3", "no public queue", "queue", "Policy/Properties/PolicyDocument/Statement/0", STRANGER, "Sluice-NoStrangers"),
    Control("-", "queues by TLS only", "queue", "Policy/Properties/PolicyDocument/Statement/0/Effect", "Allow", "AwsSolutions-SQS4", "Events"),
    Control("-", "a queue has dead letters", "queue", "Events/Properties/RedrivePolicy", GONE, "AwsSolutions-SQS3"),
    Control("-", "our key, not the service's", "queue", "DeadLetters/Properties/KmsMasterKeyId", "alias/aws/sqs", "Sluice-OneKey"),
    Control("-", "our key, not another one", "storage", "Ledger/Properties/SSESpecification/KMSMasterKeyId", "alias/OtherKey", "Sluice-OneKey"),
    Control("-", "our key in nested stacks", "template", "Queue/Properties/Parameters/KeyArn", {"Ref": "ExistingKeyArn"}, "Sluice-OneKey"),
    Control("IAM.1", "no administrator", "template", "LoadRole/Properties/Policies", policy("*", "*"), "CKV_AWS_63"),
    Control("IAM.21", "no action with a wildcard", "template", "LoadRole/Properties/Policies", policy("s3:*", "arn:aws:s3:::b"), "AwsSolutions-IAM5[Action::s3:*]"),
    Control("-", "no managed policy of AWS", "template", "LoadRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "AwsSolutions-IAM4[Policy::arn:aws:iam::aws:policy/ReadOnlyAccess]"),
    Control("-", "a role each", "template", "LoadFunction/Properties/Role", {"Fn::GetAtt": ["ExtractRole", "Arn"]}, "Sluice-OneRoleEach"),
    Control("Lambda.2", "supported runtimes", "template", "LoadFunction/Properties/Runtime", "java11", "AwsSolutions-L1"),
    Control("Lambda.7", "traces", "template", "LoadFunction/Properties/TracingConfig", GONE, "Serverless-LambdaTracing"),
    Control("-", "no secrets in the environment", "template", "LoadFunction/Properties/Environment/Variables/KEY", "AKIAIOSFODNN7EXAMPLE", "CKV_AWS_45"),
    Control("-", "environment under our key", "template", "LoadFunction/Properties/KmsKeyArn", GONE, "CKV_AWS_173"),
    Control("SNS.1", "alarms encrypted on their way", "monitoring", "Alarms/Properties/KmsMasterKeyId", GONE, "CKV_AWS_26"),
    Control("SNS.4", "nobody else sends alarms", "monitoring", "AlarmsPolicy/Properties/PolicyDocument/Statement/0", STRANGER, "Sluice-NoStrangers"),
    Control("CloudWatch.17", "an alarm tells someone", "monitoring", "OldestMessage/Properties/ActionsEnabled", False, "NIST.800.53.R5-CloudWatchAlarmAction"),
    Control("Athena.4", "queries are watched", "catalog", "Queries/Properties/WorkGroupConfiguration/PublishCloudWatchMetricsEnabled", False, "Athena.4"),
    Control("-", "results under our key", "catalog", "Queries/Properties/WorkGroupConfiguration/ResultConfiguration/EncryptionConfiguration/KmsKey", GONE, "Sluice-OneKey"),
    Control("-", "its settings bind", "catalog", "Queries/Properties/WorkGroupConfiguration/EnforceWorkGroupConfiguration", False, "CKV_AWS_82"),
    Control("StepFunctions.1", "the state machine logs", "template", "Tick/Properties/LoggingConfiguration", GONE, "StepFunctions.1"),
    Control("-", "the state machine is traced", "template", "Tick/Properties/TracingConfiguration", GONE, "AwsSolutions-SF2"),
    Control("-", "logs encrypted", "template", "LoadLogs/Properties/KmsKeyId", GONE, "CKV_AWS_158"),
    Control("-", "logs end", "template", "LoadLogs/Properties/RetentionInDays", GONE, "CKV_AWS_66"),
]
