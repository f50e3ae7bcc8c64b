"""Rules that neither checkov nor cdk-nag has. Each rule yields the names of the resources that violate it.

Ids with a dot are controls of AWS Foundational Security Best Practices (Security Hub). `Sluice-` marks the project's own rules.
"""


def s3_12_no_acls(resources):
    """ACLs are disabled: only policies grant access to a bucket."""
    for name, bucket in of_type(resources, "AWS::S3::Bucket"):
        ownership = bucket.get("OwnershipControls", {}).get("Rules", [{}])
        if ownership[0].get("ObjectOwnership") != "BucketOwnerEnforced":
            yield name


def s3_13_lifecycle(resources):
    """Each bucket has an enabled lifecycle rule."""
    for name, bucket in of_type(resources, "AWS::S3::Bucket"):
        if not any(rule["Status"] == "Enabled" for rule in bucket.get("LifecycleConfiguration", {}).get("Rules", [])):
            yield name


def dynamodb_6_deletion_protection(resources):
    """Each table has deletion protection."""
    for name, table in of_type(resources, "AWS::DynamoDB::Table"):
        if table.get("DeletionProtectionEnabled") is not True:
            yield name


def stepfunctions_1_logging(resources):
    """Each state machine logs at least failures."""
    for name, machine in of_type(resources, "AWS::StepFunctions::StateMachine"):
        if machine.get("LoggingConfiguration", {}).get("Level", "OFF") == "OFF":
            yield name


def athena_4_logging(resources):
    """Each workgroup publishes query metrics to CloudWatch."""
    for name, group in of_type(resources, "AWS::Athena::WorkGroup"):
        if group.get("WorkGroupConfiguration", {}).get("PublishCloudWatchMetricsEnabled") is not True:
            yield name


def kms_2_no_decryption_with_any_key(resources):
    """Roles and managed policies grant KMS actions only on named keys."""
    for name, statement in identity_statements(resources):
        actions = as_list(statement["Action"])
        if "*" in as_list(statement["Resource"]) and any(action.startswith(("kms:", "*")) for action in actions):
            yield name


def no_external_principals(resources):
    """S3.6, SQS.3, SNS.4, KMS.5: resource policies allow access only to AWS services and to this account."""
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        policy = properties.get("PolicyDocument") or properties.get("KeyPolicy") or {}
        for statement in statements(policy):
            if statement["Effect"] == "Allow" and "Principal" in statement and not is_known(statement["Principal"]):
                yield name


def is_known(principal):
    return isinstance(principal, dict) and all(
        kind == "Service" or (kind == "AWS" and "${AWS::AccountId}" in str(who)) for kind, who in principal.items()
    )


# The references to the stack's key: in storage.yaml, in nested templates that receive it as a parameter, in the root.
STACK_KEY = ({"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]}, {"Ref": "KeyArn"}, {"Fn::GetAtt": ["Storage", "Outputs.KeyArn"]})


# Where each kind of resource names its key.
KEYS = {
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

# What selects the encryption without a key. For other kinds of resources it is the default.
WITHOUT_KEY = {
    "AWS::SQS::Queue": (["SqsManagedSseEnabled"], True),
    "AWS::DynamoDB::Table": (["SSESpecification", "SSEEnabled"], False),
    "AWS::Athena::WorkGroup": (KEYS["AWS::Athena::WorkGroup"][:-1] + ["EncryptionOption"], "SSE_S3"),
    "AWS::S3::Bucket": (KEYS["AWS::S3::Bucket"][:-1] + ["SSEAlgorithm"], "AES256"),
}


def one_key(resources):
    """Queues, buckets, tables, topics, logs, environment variables and query results are encrypted with the stack's key."""
    for kind, path in KEYS.items():
        for name, properties in of_type(resources, kind):
            if at(properties, path) not in STACK_KEY:
                yield name
    for name, nested in of_type(resources, "AWS::CloudFormation::Stack"):
        if nested["Parameters"].get("KeyArn", STACK_KEY[-1]) != STACK_KEY[-1]:
            yield name


def no_key(resources):
    """With keys that AWS owns there is no KMS key, no permission for one, and everything is encrypted."""
    yield from (name for name, _ in of_type(resources, "AWS::KMS::Key"))
    for kind, path in KEYS.items():
        yield from (name for name, properties in of_type(resources, kind) if at(properties, path))
    for kind, (path, value) in WITHOUT_KEY.items():
        yield from (name for name, properties in of_type(resources, kind) if at(properties, path) != value)
    for name, nested in of_type(resources, "AWS::CloudFormation::Stack"):
        if nested["Parameters"].get("KeyArn"):
            yield name
    for name, statement in identity_statements(resources):
        is_kms = any(action.startswith("kms:") for action in as_list(statement["Action"]))
        if is_kms and statement["Resource"] != {"Ref": "ExistingKeyArn"}:
            yield name


def at(properties, path):
    """The value at a path; an empty object if there is none."""
    for step in path:
        properties = properties[step] if isinstance(step, int) else properties.get(step, {})
        if properties == {}:
            break
    return properties


def one_role_per_function(resources):
    """No two functions share a role."""
    seen = set()
    for name, function in of_type(resources, "AWS::Lambda::Function"):
        role = str(function["Role"])
        if role in seen:
            yield name
        seen.add(role)


def viewer_only_reads(resources):
    """The managed policy Viewer allows no action that writes. It may scan a table only to count its items."""
    reads = ("Get", "List", "Describe", "Query", "Decrypt")
    only_counts = {"StringEquals": {"dynamodb:Select": "COUNT"}}
    for name, statement in identity_statements(resources):
        counts = statement["Action"] == "dynamodb:Scan" and statement.get("Condition") == only_counts
        is_read = all(action.split(":")[-1].startswith(reads) for action in as_list(statement["Action"]))
        if name == "Viewer" and not (is_read or counts):
            yield name


OWN_RULES = {
    "S3.12": s3_12_no_acls,
    "S3.13": s3_13_lifecycle,
    "DynamoDB.6": dynamodb_6_deletion_protection,
    "StepFunctions.1": stepfunctions_1_logging,
    "Athena.4": athena_4_logging,
    "KMS.2": kms_2_no_decryption_with_any_key,
    "Sluice-NoExternalPrincipals": no_external_principals,
    "Sluice-OneKey": one_key,
    "Sluice-NoKey": no_key,
    "Sluice-OneRolePerFunction": one_role_per_function,
    "Sluice-ViewerOnlyReads": viewer_only_reads,
}


def of_type(resources, kind):
    return [(name, r.get("Properties", {})) for name, r in resources.items() if r["Type"] == kind]


def identity_statements(resources):
    """The statements of roles and managed policies, with the name of the resource."""
    for name, role in of_type(resources, "AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            yield from ((name, statement) for statement in statements(policy["PolicyDocument"]))
    for name, policy in of_type(resources, "AWS::IAM::ManagedPolicy"):
        yield from ((name, statement) for statement in statements(policy["PolicyDocument"]))


def statements(document):
    """The statements of a policy document. A conditional statement counts as if its condition were true."""
    for statement in as_list(document.get("Statement", [])):
        yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def as_list(value):
    return value if isinstance(value, list) else [value]
