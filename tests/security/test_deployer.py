"""Compares the policies in infra/deployer.yaml with the templates: they allow exactly what CloudFormation's handlers of the
resource types need, and what SAM CLI calls itself. run.sh runs this with SAM CLI's Python, after the templates are transformed.
"""

import json
import os
import sys
import unittest
from fnmatch import fnmatchcase
from pathlib import Path

import cfnlint
from samcli.yamlhelper import yaml_parse

from rules import as_list

RESOURCES = yaml_parse(Path(sys.argv.pop()).read_text())["Resources"]
TEMPLATES = Path(os.environ["TEMPLATES"])
SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas"
ACCOUNT = {"${AWS::Partition}": "aws", "${AWS::AccountId}": "123456789012"}
MAX_POLICY_CHARACTERS = 6144

# Permissions of handlers for features that the templates do not use.
UNUSED = """
    *:*BucketAcl *:*BucketCORS *:*BucketCors *:*Website *:*BucketLogging *:*BucketNotification *:*BucketReplication *:*Replication*
    *:*Analytics* *:*Inventory* *:*Metrics* *:*Accelerate* *:*IntelligentTiering* *:*ObjectLock* *:*Metadata* *:*BucketAbac
    s3tables:* s3:DeleteBucketEncryption s3:DeleteBucketLifecycle s3:PutObjectAcl s3:*Object s3:GetObjectVersion s3:REST.PUT.OBJECT
    s3:*Multipart* s3:GetBucketLocation
    dynamodb:*Item dynamodb:Query dynamodb:Scan dynamodb:*Import* dynamodb:*Replica dynamodb:PutResourcePolicy dynamodb:DeleteResourcePolicy
    dynamodb:*KinesisStreamingDestination dynamodb:UpdateContributorInsights dynamodb:UpdateTimeToLive kinesis:* firehose:*
    lambda:*CodeSigningConfig lambda:GetLayerVersion lambda:AssociateRuntimeAlias lambda:PassCapacityProvider lambda:PutFunctionScalingConfig
    lambda:PutProvisionedConcurrencyConfig lambda:DeleteProvisionedConcurrencyConfig codedeploy:* ec2:* elasticfilesystem:* s3files:*
    iam:*GroupPolicy iam:*UserPolicy iam:AttachRolePolicy iam:DetachRolePolicy iam:*PermissionsBoundary iam:CreateServiceLinkedRole
    logs:*IndexPolicy logs:PutDataProtectionPolicy logs:DeleteDataProtectionPolicy logs:PutBearerTokenAuthentication logs:*DeletionProtection
    logs:*LogStream* logs:PutLogEvents logs:DeleteResourcePolicy kms:ListAliases
    glue:*Connection glue:GetSchemaVersion lakeformation:* sns:PutDataProtectionPolicy
    cloudformation:*StackPolicy cloudformation:UpdateTerminationProtection
""".split()

# Read by handlers before they know whether the feature is used, although the patterns above match.
READ_ANYWAY = {"dynamodb:DescribeKinesisStreamingDestination", "lambda:GetFunctionCodeSigningConfig", "logs:DescribeIndexPolicies"}

# What SAM CLI calls in addition to CloudFormation: change sets, the artifact bucket, and versions of functions (`sam sync`).
SAM = """
    cloudformation:CreateChangeSet cloudformation:DeleteChangeSet cloudformation:DescribeChangeSet cloudformation:DescribeStackEvents
    cloudformation:DescribeStackResource cloudformation:DescribeStackResources cloudformation:ExecuteChangeSet
    cloudformation:GetTemplateSummary cloudformation:ListStackResources cloudformation:TagResource cloudformation:UntagResource
    s3:GetBucketLocation s3:GetObject s3:GetObjectVersion s3:PutObject s3:DeleteObject
""".split()

# What `sluice prune` calls in addition.
PRUNE = ["lambda:ListAliases"]


def required():
    """The permissions of the handlers of all resource types, without those of unused features."""
    files = json.loads((SCHEMAS / "providers" / "us-east-1.json").read_text())
    types = {r["Type"] for path in TEMPLATES.rglob("*.json") for r in json.loads(path.read_text())["Resources"].values()}
    permissions = set()
    for kind in types & files.keys():
        handlers = json.loads((SCHEMAS / "resources" / f"{files[kind]}.json").read_text()).get("handlers", {})
        for operation, handler in handlers.items():
            permissions |= set(handler["permissions"]) if operation != "list" else set()
    return {p for p in permissions if p in READ_ANYWAY or not any(fnmatchcase(p, unused) for unused in UNUSED)}


def statements():
    for resource in RESOURCES.values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            yield from resource["Properties"]["PolicyDocument"]["Statement"]


def allowed():
    return {action for statement in statements() for action in as_list(statement["Action"])}


class Deployer(unittest.TestCase):
    maxDiff = None

    def test_the_policies_allow_exactly_what_a_deployment_needs(self):
        self.assertEqual(sorted(required() | set(SAM) | set(PRUNE)), sorted(allowed()))

    def test_data_is_not_accessible(self):
        artifacts = "arn:aws:s3:::aws-sam-cli-managed-default-*"
        for statement in statements():
            if {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} & set(as_list(statement["Action"])):
                self.assertEqual([artifacts], [arn(r) for r in as_list(statement["Resource"])])
        data = ("dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan", "sqs:*Message*", "lambda:Invoke*", "states:StartExecution", "athena:*Query*")
        self.assertEqual([], [a for a in allowed() if any(fnmatchcase(a, d) for d in data)])

    def test_resources_are_limited_to_sluice(self):
        unlimited = {"Keys", "LogsOfTheAccount"}
        for statement in statements():
            for resource in as_list(statement["Resource"]):
                if statement["Sid"] not in unlimited and not statement.get("Condition", {}).get("ForAnyValue:StringEquals"):
                    self.assertRegex(arn(resource), r"[/:]sluice[-_]\*$|aws-sam-cli-managed-default|:aws:transform/|:catalog$")

    def test_policies_are_not_too_long(self):
        for name, resource in RESOURCES.items():
            if resource["Type"] == "AWS::IAM::ManagedPolicy":
                text = arn(json.dumps(resource["Properties"]["PolicyDocument"], separators=(",", ":")))
                self.assertLess(len(text), MAX_POLICY_CHARACTERS, name)

    def test_only_jobs_of_the_github_environment_may_assume_the_role(self):
        (statement,) = RESOURCES["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(
            {
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": {"Fn::Sub": "repo:${Repository}:environment:${Environment}"},
                }
            },
            statement["Condition"],
        )


def arn(value):
    """An ARN, or text that contains ARNs, in an example account."""
    text = value["Fn::Sub"] if isinstance(value, dict) else value
    for name, replacement in ACCOUNT.items():
        text = text.replace(name, replacement)
    return text


if __name__ == "__main__":
    unittest.main(verbosity=2)
