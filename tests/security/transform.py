"""transform.py FOLDER TEMPLATE: writes the SAM transform of a template and of its nested templates as JSON files, in a folder
for each value of the parameter Encryption.

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


OMITTED = object()


class NoManagedPolicies:
    """No function uses SAM policy names, so there are no managed policies to load."""

    def load(self):
        return {}


def write(path, folder, given):
    template = yaml_parse(path.read_text())
    if "KeyArn" in template["Parameters"]:
        del template["Parameters"]["KeyArn"]["Default"]  # the ARN of the key is known only at deployment
    defaults = {name: p["Default"] for name, p in template.get("Parameters", {}).items() if "Default" in p}
    values = UNKNOWN | defaults | given
    for resource in template["Resources"].values():
        # The language extension does not expand it in resources whose condition is false.
        if isinstance(resource.get("DeletionPolicy"), dict):
            resource["DeletionPolicy"] = values[resource["DeletionPolicy"]["Ref"]]
    template = encrypted(template, values["Encryption"] == "customer-key")
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
    known["Encryption"] = values["Encryption"]
    return {name: value for name, value in known.items() if isinstance(value, (str, int))}


def encrypted(template, with_key):
    """A template with the branches of the condition HasKey that are true. Nested templates derive it from a value that is known
    only at deployment: whether the ARN of the key is empty."""
    if isinstance(template, list):
        return [item for item in (encrypted(item, with_key) for item in template) if item is not OMITTED]
    if not isinstance(template, dict):
        return template
    condition, *branches = template.get("Fn::If", [""])
    if condition == "HasKey":
        branch = branches[0 if with_key else 1]
        return OMITTED if branch == {"Ref": "AWS::NoValue"} else encrypted(branch, with_key)
    values = {name: encrypted(value, with_key) for name, value in template.items()}
    return {name: value for name, value in values.items() if value is not OMITTED and (with_key or not needs_key(value))}


def needs_key(resource):
    return isinstance(resource, dict) and resource.get("Condition") == "HasKey"


os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.disable(logging.WARNING)
if __name__ == "__main__":
    for encryption in yaml_parse(Path(sys.argv[2]).read_text())["Parameters"]["Encryption"]["AllowedValues"]:
        folder = Path(sys.argv[1], encryption)
        folder.mkdir()
        write(Path(sys.argv[2]), folder, REQUIRED | {"Encryption": encryption})
