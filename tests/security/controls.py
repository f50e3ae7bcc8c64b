"""One injected defect per security control, with the rule that must detect it. This proves that each rule works.

Ids with a dot are controls of AWS Foundational Security Best Practices and the other standards of Security Hub.
"""

from typing import Any, NamedTuple

REMOVED = object()
PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
ADMINISTRATOR = {"Effect": "Allow", "Action": "*", "Resource": "*"}


class Control(NamedTuple):
    """Sets `path` in the resources of `template` to `value`, or removes it; `rule` must then report `reported`, by default that resource."""

    id: str
    what: str
    template: str
    path: str
    value: Any
    rule: str
    reported: str = ""
    encryption: str = "customer-key"

    @property
    def resource(self):
        return self.reported or self.path.split("/")[0]

    def inject(self, resources):
        *parents, last = [int(step) if step.isdigit() else step for step in self.path.split("/")]
        at = resources
        for step in parents:
            at = at[step]
        if self.value is REMOVED:
            del at[last]
        elif isinstance(at, list):
            at.insert(last, self.value)
        else:
            at[last] = self.value


def policy(action, resource):
    return [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}}]


def without_key(what, template, path, value):
    """A control of the templates for keys that AWS owns."""
    return Control("-", what, template, path, value, "Sluice-NoKey", encryption="aws-owned")


CONTROLS = [
    Control("S3.2", "no public ACLs", "storage", "Bucket/Properties/PublicAccessBlockConfiguration/BlockPublicAcls", False, "CKV_AWS_53"),
    Control("S3.3", "no public bucket policy", "storage", "Bucket/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy", False, "CKV_AWS_54"),
    Control("S3.5", "TLS only", "storage", "BucketPolicy/Properties/PolicyDocument/Statement/0/Effect", "Allow", "NIST.800.53.R5-S3BucketSSLRequestsOnly"),
    Control("S3.6", "no access from other accounts", "storage", "BucketPolicy/Properties/PolicyDocument/Statement/0", PUBLIC, "Sluice-NoExternalPrincipals"),
    Control("S3.8", "all public access blocked", "storage", "Bucket/Properties/PublicAccessBlockConfiguration", REMOVED, "CKV_AWS_56"),
    Control("S3.12", "ACLs disabled", "storage", "Bucket/Properties/OwnershipControls/Rules/0/ObjectOwnership", "ObjectWriter", "S3.12"),
    Control("S3.13", "lifecycle rules", "storage", "Bucket/Properties/LifecycleConfiguration", REMOVED, "S3.13"),
    Control("S3.14", "versioning", "storage", "Bucket/Properties/VersioningConfiguration", REMOVED, "CKV_AWS_21"),
    Control("S3.17", "KMS encryption", "storage", "Bucket/Properties/BucketEncryption", REMOVED, "NIST.800.53.R5-S3DefaultEncryptionKMS"),
    Control("DynamoDB.1", "on-demand capacity", "storage", "Ledger/Properties/BillingMode", "PROVISIONED", "NIST.800.53.R5-DynamoDBAutoScalingEnabled"),
    Control("DynamoDB.2", "point-in-time recovery", "storage", "Ledger/Properties/PointInTimeRecoverySpecification", REMOVED, "AwsSolutions-DDB3"),
    Control("DynamoDB.6", "deletion protection", "storage", "Ledger/Properties/DeletionProtectionEnabled", REMOVED, "DynamoDB.6"),
    Control("-", "reference tables encrypted with the stack's key", "references", "OrdersCustomers/Properties/SSESpecification/KMSMasterKeyId", "alias/OtherKey", "Sluice-OneKey"),
    Control("-", "tables encrypted with the stack's key", "storage", "Ledger/Properties/SSESpecification", REMOVED, "CKV_AWS_119"),
    Control("KMS.4", "key rotation", "storage", "Key/Properties/EnableKeyRotation", False, "AwsSolutions-KMS5"),
    Control("KMS.5", "no public key policy", "storage", "Key/Properties/KeyPolicy/Statement/0", PUBLIC, "CKV_AWS_33"),
    Control("KMS.2", "no KMS actions on all keys", "template", "LoadRole/Properties/Policies", policy("kms:Decrypt", "*"), "KMS.2"),
    Control("SQS.1", "queue encryption", "queue", "Events/Properties/KmsMasterKeyId", REMOVED, "CKV_AWS_27"),
    Control("SQS.3", "no public queue", "queue", "Policy/Properties/PolicyDocument/Statement/0", PUBLIC, "Sluice-NoExternalPrincipals"),
    Control("-", "TLS only for queues", "queue", "Policy/Properties/PolicyDocument/Statement/0/Effect", "Allow", "AwsSolutions-SQS4", "Events"),
    Control("-", "dead-letter queue", "queue", "Events/Properties/RedrivePolicy", REMOVED, "AwsSolutions-SQS3"),
    Control("-", "the stack's key, not an AWS managed key", "queue", "DeadLetters/Properties/KmsMasterKeyId", "alias/aws/sqs", "Sluice-OneKey"),
    Control("-", "the stack's key, not another one", "storage", "Ledger/Properties/SSESpecification/KMSMasterKeyId", "alias/OtherKey", "Sluice-OneKey"),
    Control("-", "the stack's key in nested stacks", "template", "Queue/Properties/Parameters/KeyArn", {"Ref": "ExistingKeyArn"}, "Sluice-OneKey"),
    Control("IAM.1", "no administrator permissions", "template", "LoadRole/Properties/Policies", policy("*", "*"), "CKV_AWS_63"),
    Control("IAM.21", "no wildcard actions", "template", "LoadRole/Properties/Policies", policy("s3:*", "arn:aws:s3:::b"), "AwsSolutions-IAM5[Action::s3:*]"),
    Control("-", "no AWS managed policies", "template", "LoadRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "AwsSolutions-IAM4[Policy::arn:aws:iam::aws:policy/ReadOnlyAccess]"),
    Control("-", "one role per function", "template", "LoadFunction/Properties/Role", {"Fn::GetAtt": ["ExtractRole", "Arn"]}, "Sluice-OneRolePerFunction"),
    Control("IAM.1", "no administrator permissions in a managed policy", "access", "Operator/Properties/PolicyDocument/Statement/0", ADMINISTRATOR, "NIST.800.53.R5-IAMPolicyNoStatementsWithFullAccess"),
    Control("KMS.2", "no KMS actions on all keys in a managed policy", "access", "Viewer/Properties/PolicyDocument/Statement/7/Resource", "*", "KMS.2"),
    Control("-", "Viewer only reads", "access", "Viewer/Properties/PolicyDocument/Statement/3/Action", ["dynamodb:GetItem", "dynamodb:PutItem"], "Sluice-ViewerOnlyReads"),
    Control("-", "Viewer only counts references", "access", "Viewer/Properties/PolicyDocument/Statement/4/Condition", REMOVED, "Sluice-ViewerOnlyReads"),
    Control("Lambda.2", "supported runtimes", "template", "LoadFunction/Properties/Runtime", "java11", "AwsSolutions-L1"),
    Control("Lambda.7", "tracing", "template", "LoadFunction/Properties/TracingConfig", REMOVED, "Serverless-LambdaTracing"),
    Control("-", "no secrets in environment variables", "template", "LoadFunction/Properties/Environment/Variables/KEY", "AKIAIOSFODNN7EXAMPLE", "CKV_AWS_45"),
    Control("-", "environment variables encrypted with the stack's key", "template", "LoadFunction/Properties/KmsKeyArn", REMOVED, "CKV_AWS_173"),
    Control("SNS.1", "encrypted alarm topic", "monitoring", "Alarms/Properties/KmsMasterKeyId", REMOVED, "CKV_AWS_26"),
    Control("SNS.4", "no publishing by other principals", "monitoring", "AlarmsPolicy/Properties/PolicyDocument/Statement/0", PUBLIC, "Sluice-NoExternalPrincipals"),
    Control("CloudWatch.17", "alarm actions enabled", "monitoring", "OldestMessage/Properties/ActionsEnabled", False, "NIST.800.53.R5-CloudWatchAlarmAction"),
    Control("Athena.4", "query metrics", "catalog", "Queries/Properties/WorkGroupConfiguration/PublishCloudWatchMetricsEnabled", False, "Athena.4"),
    Control("-", "query results encrypted with the stack's key", "catalog", "Queries/Properties/WorkGroupConfiguration/ResultConfiguration/EncryptionConfiguration/KmsKey", REMOVED, "Sluice-OneKey"),
    Control("-", "enforced workgroup settings", "catalog", "Queries/Properties/WorkGroupConfiguration/EnforceWorkGroupConfiguration", False, "CKV_AWS_82"),
    Control("StepFunctions.1", "state machine logging", "template", "Tick/Properties/LoggingConfiguration", REMOVED, "StepFunctions.1"),
    Control("-", "state machine tracing", "template", "Tick/Properties/TracingConfiguration", REMOVED, "AwsSolutions-SF2"),
    Control("-", "encrypted logs", "template", "LoadLogs/Properties/KmsKeyId", REMOVED, "CKV_AWS_158"),
    Control("-", "log retention", "template", "LoadLogs/Properties/RetentionInDays", REMOVED, "CKV_AWS_66"),
    without_key("no key", "storage", "Key", {"Type": "AWS::KMS::Key"}),
    without_key("no permission for keys", "template", "LoadRole/Properties/Policies", policy("kms:Decrypt", "arn:aws:kms:::key/0")),
    without_key("no key in nested stacks", "template", "Queue/Properties/Parameters/KeyArn", "arn:aws:kms:::key/0"),
    without_key("buckets encrypted by S3", "storage", "Bucket/Properties/BucketEncryption", REMOVED),
    without_key("queues encrypted by SQS", "queue", "Events/Properties/SqsManagedSseEnabled", REMOVED),
    without_key("tables not encrypted with a key", "references", "OrdersCustomers/Properties/SSESpecification/SSEEnabled", True),
    without_key("query results encrypted by S3", "catalog", "Queries/Properties/WorkGroupConfiguration/ResultConfiguration/EncryptionConfiguration", REMOVED),
    without_key("a topic that CloudWatch can publish to", "monitoring", "Alarms/Properties/KmsMasterKeyId", "alias/aws/sns"),
]
