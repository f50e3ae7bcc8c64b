"""Rules that neither checkov nor cdk-nag has. Each yields the resources that break it.

Ids with a dot are controls of AWS Foundational Security Best Practices (Security Hub); `Sluice-` are the project's own.
"""


def s3_12_no_access_lists(resources):
    """Who may read a bucket is said by policies alone."""
    for name, bucket in of_type(resources, "AWS::S3::Bucket"):
        ownership = bucket.get("OwnershipControls", {}).get("Rules", [{}])
        if ownership[0].get("ObjectOwnership") != "BucketOwnerEnforced":
            yield name


def s3_13_lifecycle(resources):
    """What a bucket holds is deleted or moved some day."""
    for name, bucket in of_type(resources, "AWS::S3::Bucket"):
        if not any(rule["Status"] == "Enabled" for rule in bucket.get("LifecycleConfiguration", {}).get("Rules", [])):
            yield name


def dynamodb_6_deletion_protection(resources):
    """No call deletes a table by mistake."""
    for name, table in of_type(resources, "AWS::DynamoDB::Table"):
        if table.get("DeletionProtectionEnabled") is not True:
            yield name


def stepfunctions_1_logging(resources):
    """A state machine logs at least what fails."""
    for name, machine in of_type(resources, "AWS::StepFunctions::StateMachine"):
        if machine.get("LoggingConfiguration", {}).get("Level", "OFF") == "OFF":
            yield name


def athena_4_logging(resources):
    """A workgroup tells CloudWatch what its queries read."""
    for name, group in of_type(resources, "AWS::Athena::WorkGroup"):
        if group.get("WorkGroupConfiguration", {}).get("PublishCloudWatchMetricsEnabled") is not True:
            yield name


def kms_2_no_decryption_with_any_key(resources):
    """A role decrypts with the keys that it names."""
    for name, statement in role_statements(resources):
        actions = as_list(statement["Action"])
        if "*" in as_list(statement["Resource"]) and any(action.startswith(("kms:", "*")) for action in actions):
            yield name


def no_strangers(resources):
    """S3.6, SQS.3, SNS.4, KMS.5: what a resource's own policy allows, it allows a service or this account."""
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        policy = properties.get("PolicyDocument") or properties.get("KeyPolicy") or {}
        for statement in as_list(policy.get("Statement", [])):
            if statement["Effect"] == "Allow" and "Principal" in statement and not is_known(statement["Principal"]):
                yield name


def is_known(principal):
    return isinstance(principal, dict) and all(
        kind == "Service" or (kind == "AWS" and "${AWS::AccountId}" in str(who)) for kind, who in principal.items()
    )


# How the templates name the stack's key: in storage.yaml, where it is handed down, and in the root.
OUR_KEY = ({"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]}, {"Ref": "KeyArn"}, {"Fn::GetAtt": ["Storage", "Outputs.KeyArn"]})


def one_key(resources):
    """Queues, buckets, tables, topics, logs, environments and results of queries are encrypted with the stack's own key."""
    keys = {
        "AWS::SQS::Queue": ["KmsMasterKeyId"],
        "AWS::SNS::Topic": ["KmsMasterKeyId"],
        "AWS::Logs::LogGroup": ["KmsKeyId"],
        "AWS::Lambda::Function": ["KmsKeyArn"],
        "AWS::DynamoDB::Table": ["SSESpecification", "KMSMasterKeyId"],
        "AWS::Athena::WorkGroup": ["WorkGroupConfiguration", "ResultConfiguration", "EncryptionConfiguration", "KmsKey"],
        "AWS::S3::Bucket": [
            "BucketEncryption",
            "ServerSideEncryptionConfiguration",
            0,
            "ServerSideEncryptionByDefault",
            "KMSMasterKeyID",
        ],
    }
    for kind, path in keys.items():
        for name, at in of_type(resources, kind):
            for step in path:
                at = at[step] if isinstance(step, int) else at.get(step, {})
                if not at:
                    break
            if at not in OUR_KEY:
                yield name
    for name, nested in of_type(resources, "AWS::CloudFormation::Stack"):
        if nested["Parameters"].get("KeyArn", OUR_KEY[-1]) != OUR_KEY[-1]:
            yield name


def one_role_each(resources):
    """What one function may do, no other may because of it."""
    seen = set()
    for name, function in of_type(resources, "AWS::Lambda::Function"):
        role = str(function["Role"])
        if role in seen:
            yield name
        seen.add(role)


OURS = {
    "S3.12": s3_12_no_access_lists,
    "S3.13": s3_13_lifecycle,
    "DynamoDB.6": dynamodb_6_deletion_protection,
    "StepFunctions.1": stepfunctions_1_logging,
    "Athena.4": athena_4_logging,
    "KMS.2": kms_2_no_decryption_with_any_key,
    "Sluice-NoStrangers": no_strangers,
    "Sluice-OneKey": one_key,
    "Sluice-OneRoleEach": one_role_each,
}


def of_type(resources, kind):
    return [(name, r.get("Properties", {})) for name, r in resources.items() if r["Type"] == kind]


def role_statements(resources):
    for name, role in of_type(resources, "AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            for statement in as_list(policy["PolicyDocument"]["Statement"]):
                yield name, statement


def as_list(value):
    return value if isinstance(value, list) else [value]
