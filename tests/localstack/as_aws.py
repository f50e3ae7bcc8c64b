"""Patches three differences between the CloudFormation of LocalStack 4.14.0 and that of AWS.

LocalStack runs this file in its own process at startup, because it is in /etc/localstack/init/start.d.
"""
import json

import yaml
from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent
from localstack.services.lambda_.resource_providers.lambda_alias import LambdaAliasProvider
from localstack.services.lambda_.resource_providers.aws_lambda_version import LambdaVersionProvider
from localstack.services.stepfunctions.resource_providers import aws_stepfunctions_statemachine as provider

# A state machine definition can be in YAML, and a substitution can be a number.
substituted = provider._apply_substitutions


def as_json(definition, substitutions):
    text = substituted(definition, {name: str(value) for name, value in substitutions.items()})
    return json.dumps(yaml.safe_load(text))


provider._apply_substitutions = as_json


# An alias can be updated. LocalStack would replace the alias when the function changes.
def update(self, request):
    alias = request.desired_state
    request.aws_client_factory.lambda_.update_alias(
        FunctionName=alias["FunctionName"], Name=alias["Name"], FunctionVersion=alias["FunctionVersion"])
    alias["Id"] = request.previous_state["Id"]
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=alias)


LambdaAliasProvider.SCHEMA["createOnlyProperties"] = []
LambdaAliasProvider.update = update

# A changed description replaces the version, as in AWS's current schema. LocalStack's schema is older.
LambdaVersionProvider.SCHEMA["createOnlyProperties"].append("/properties/Description")
