"""Lets LocalStack 4.14.0's CloudFormation do three things that AWS's does.

LocalStack runs this in its own process when it starts, because it lies in /etc/localstack/init/start.d.
"""
import json

import yaml
from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent
from localstack.services.lambda_.resource_providers.lambda_alias import LambdaAliasProvider
from localstack.services.lambda_.resource_providers.aws_lambda_version import LambdaVersionProvider
from localstack.services.stepfunctions.resource_providers import aws_stepfunctions_statemachine as provider

# A state machine may be written in YAML, and a substitution be a number.
substituted = provider._apply_substitutions


def as_json(definition, substitutions):
    text = substituted(definition, {name: str(value) for name, value in substitutions.items()})
    return json.dumps(yaml.safe_load(text))


provider._apply_substitutions = as_json


# An alias can be updated. LocalStack takes a changed function for another function, and would replace its alias.
def update(self, request):
    alias = request.desired_state
    request.aws_client_factory.lambda_.update_alias(
        FunctionName=alias["FunctionName"], Name=alias["Name"], FunctionVersion=alias["FunctionVersion"])
    alias["Id"] = request.previous_state["Id"]
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=alias)


LambdaAliasProvider.SCHEMA["createOnlyProperties"] = []
LambdaAliasProvider.update = update

# A version with another description is another version: so says AWS's schema of it, and LocalStack's is older.
LambdaVersionProvider.SCHEMA["createOnlyProperties"].append("/properties/Description")
