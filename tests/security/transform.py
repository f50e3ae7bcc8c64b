"""transform.py FOLDER TEMPLATE: what SAM makes of a template and of those nested in it, as JSON files.

SAM's own translator, the one that `sam validate` uses: the rules must see what CloudFormation will get.
"""

import json
import logging
import os
import sys
from pathlib import Path

from samcli.lib.cfn_language_extensions.sam_integration import expand_language_extensions
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

# What `sam package` puts in place of what is local; no rule reads it.
PACKAGED = {
    "CodeUri": "s3://packages/code",
    "DefinitionUri": {"Bucket": "packages", "Key": "definition"},
    "Location": "https://packages.s3.amazonaws.com/template",
}


# Known only to a deployment: they stand for themselves.
UNKNOWN = {name: "${" + name + "}" for name in ("AWS::AccountId", "AWS::StackName")}


class NoManagedPolicies:
    """Every role is written out; none is made of managed policies by their names."""

    def load(self):
        return {}


def write(path, folder, given):
    template = yaml_parse(path.read_text())
    defaults = {name: p["Default"] for name, p in template.get("Parameters", {}).items() if "Default" in p}
    values = UNKNOWN | defaults | given
    for resource in template["Resources"].values():
        # The expansion cannot, where the resource's condition is false.
        if isinstance(resource.get("DeletionPolicy"), dict):
            resource["DeletionPolicy"] = values[resource["DeletionPolicy"]["Ref"]]
    template = expand_language_extensions(template, values, enabled=True).expanded_template
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Application":
            write(path.parent / properties["Location"], folder, handed_down(properties["Parameters"], values))
        if resource["Type"].startswith("AWS::Serverless::"):
            properties.update({name: value for name, value in PACKAGED.items() if name in properties})
    made = transform(template, values, NoManagedPolicies())
    Path(folder, path.stem + ".json").write_text(json.dumps(made, indent=1))


def handed_down(parameters, values):
    """What is known before a deployment: values, and parameters that are passed on as they are."""
    known = {name: values.get(value.get("Ref")) if isinstance(value, dict) else value for name, value in parameters.items()}
    return {name: value for name, value in known.items() if isinstance(value, (str, int))}


os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.disable(logging.WARNING)
if __name__ == "__main__":
    write(Path(sys.argv[2]), sys.argv[1], {})
