"""transform.py FOLDER TEMPLATE: writes the SAM transform of a template and of its nested templates as JSON files.

Uses the translator of `sam validate`, so that the rules check what CloudFormation deploys.
"""

import json
import logging
import os
import sys
from pathlib import Path

from samcli.lib.cfn_language_extensions.sam_integration import expand_language_extensions
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

# Placeholders for the values that `sam package` inserts; no rule reads them.
PACKAGED = {
    "CodeUri": "s3://packages/code",
    "DefinitionUri": {"Bucket": "packages", "Key": "definition"},
    "Location": "https://packages.s3.amazonaws.com/template",
}


# Values of the parameters without a default.
REQUIRED = {"Pipeline": "orders", "Frequency": "1m", "MaxMessages": "100000"}

# Known only at deployment: replaced by their own names.
UNKNOWN = {name: "${" + name + "}" for name in ("AWS::AccountId", "AWS::StackName")}


class NoManagedPolicies:
    """No function uses SAM policy names, so there are no managed policies to load."""

    def load(self):
        return {}


def write(path, folder, given):
    template = yaml_parse(path.read_text())
    defaults = {name: p["Default"] for name, p in template.get("Parameters", {}).items() if "Default" in p}
    values = UNKNOWN | defaults | given
    for resource in template["Resources"].values():
        # The language extension does not expand it in resources whose condition is false.
        if isinstance(resource.get("DeletionPolicy"), dict):
            resource["DeletionPolicy"] = values[resource["DeletionPolicy"]["Ref"]]
    template = expand_language_extensions(template, values, enabled=True).expanded_template
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Application":
            write(path.parent / properties["Location"], folder, passed_values(properties["Parameters"], values))
        if resource["Type"].startswith("AWS::Serverless::"):
            properties.update({name: value for name, value in PACKAGED.items() if name in properties})
    transformed = transform(template, values, NoManagedPolicies())
    Path(folder, path.stem + ".json").write_text(json.dumps(transformed, indent=1))


def passed_values(parameters, values):
    """The parameter values that are known before deployment: literals, and parameters passed on unchanged."""
    known = {name: values.get(value.get("Ref")) if isinstance(value, dict) else value for name, value in parameters.items()}
    return {name: value for name, value in known.items() if isinstance(value, (str, int))}


os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.disable(logging.WARNING)
if __name__ == "__main__":
    write(Path(sys.argv[2]), sys.argv[1], REQUIRED)
