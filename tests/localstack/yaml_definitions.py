"""Lets LocalStack's CloudFormation take a state machine that is written in YAML, as AWS's does.

LocalStack runs it in its own process when it starts, because it lies in /etc/localstack/init/start.d. Version
4.14.0 hands the object that DefinitionUri became to its parser of JSON as it is, and substitutes nothing but text
where AWS takes numbers too.
"""
import json

import yaml
from localstack.services.stepfunctions.resource_providers import aws_stepfunctions_statemachine as provider

substituted = provider._apply_substitutions


def as_json(definition, substitutions):
    text = substituted(definition, {name: str(value) for name, value in substitutions.items()})
    return json.dumps(yaml.safe_load(text))


provider._apply_substitutions = as_json
