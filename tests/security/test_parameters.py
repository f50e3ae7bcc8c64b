"""Checks the effect of parameter changes with SAM's translator, and the variables of `sam local invoke`. run.sh runs this with
SAM CLI's Python.

A function must get a new version if and only if a parameter changes the function's configuration. SAM creates a new
version only when the template text changes. When only a parameter value changes, CloudFormation replaces the version
because its description changes, and Lambda publishes a version only if the function has changed.
"""

import json
import sys
import tempfile
import unittest
from itertools import combinations
from pathlib import Path

import cfnlint
from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.yamlhelper import yaml_parse

from transform import REQUIRED, write

TEMPLATE = Path(sys.argv.pop())
PARAMETERS = yaml_parse(TEMPLATE.read_text())["Parameters"]

# A second value for parameters without AllowedValues.
OTHER_VALUES = {
    "ExistingQueueArn": "arn:aws:sqs:us-east-1:123456789012:shop",
    "ExistingDeadLetterQueue": "shop-dead",
    "ExistingReferencePrefix": "shop-",
    "ExistingKeyArn": "arn:aws:kms:us-east-1:123456789012:key/0",
    "AlarmEmail": "someone@example.com",
    "Pipeline": "payments",
    "ReservedConcurrency": "5",
}

# Properties of the function that a version does not contain.
NOT_VERSIONED = ("Role", "ReservedConcurrentExecutions", "LoggingConfig", "Tags")


class Versions(unittest.TestCase):
    maxDiff = None

    def test_a_function_and_its_version_change_together(self):
        for parameter, declared in PARAMETERS.items():
            default = declared.get("Default", REQUIRED.get(parameter))
            others = [OTHER_VALUES[parameter]] if parameter in OTHER_VALUES else declared.get("AllowedValues") or [default + 1]
            results = {value: functions({parameter: value}) for value in {default, *others}}
            for one, other in combinations(results, 2):
                for function in results[one]:
                    with self.subTest(parameter=parameter, values=(one, other), function=function):
                        (config, description), (other_config, other_description) = results[one][function], results[other][function]
                        self.assertEqual(config != other_config, description != other_description)

    def test_aws_replaces_a_version_whose_description_changes(self):
        schemas = Path(cfnlint.__file__).parent / "data" / "schemas"
        of = json.loads((schemas / "providers" / "us-east-1.json").read_text())["AWS::Lambda::Version"]
        schema = json.loads((schemas / "resources" / f"{of}.json").read_text())

        self.assertIn("/properties/Description", schema["createOnlyProperties"])


class Retention(unittest.TestCase):
    """The first deployment may use Delete, so that nothing is left if it fails; the next one changes to Retain."""

    def test_the_change_reaches_every_resource_with_data(self):
        deleted, retained = (transformed({"DataDeletionPolicy": policy})[0] for policy in ("Delete", "Retain"))
        changed = []
        for template, name in ((t, n) for t in retained for n, r in retained[t]["Resources"].items() if "DeletionPolicy" in r):
            before, after = deleted[template]["Resources"][name], retained[template]["Resources"][name]
            if after["Type"] == "AWS::Lambda::Version":  # retained by SAM, deleted by `sluice prune`
                continue
            with self.subTest(template=template, resource=name):
                self.assertEqual(("Delete", "Retain"), (before["DeletionPolicy"], after["DeletionPolicy"]))
                values = [resolved({k: r.get(k) for k in ("Properties", "Metadata")}, {"DataDeletionPolicy": policy}, templates)
                          for r, templates, policy in ((before, deleted, "Delete"), (after, retained, "Retain"))]
                self.assertNotEqual(*values, "CloudFormation ignores a change of the policy alone")
                changed.append(name)
        self.assertEqual(10, len(changed), changed)

    def test_a_table_is_protected_only_if_it_is_retained(self):
        for policy, protected in (("Delete", False), ("Retain", True)):
            templates, _ = transformed({"DataDeletionPolicy": policy})
            tables = [r for t in templates.values() for r in t["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table"]
            self.assertEqual(3, len(tables))
            for table in tables:
                self.assertEqual(protected, table["Properties"]["DeletionProtectionEnabled"])


class DeadLetters(unittest.TestCase):
    QUEUE = {"ExistingQueueArn": OTHER_VALUES["ExistingQueueArn"]}

    def test_the_dead_letter_queue_of_a_new_queue_is_monitored(self):
        self.assertEqual({"Fn::GetAtt": ["DeadLetters", "QueueName"]}, monitored({}))

    def test_the_dead_letter_queue_of_an_existing_queue_is_monitored_if_its_name_is_given(self):
        self.assertEqual("shop-dead", monitored(self.QUEUE | {"ExistingDeadLetterQueue": "shop-dead"}))
        self.assertEqual("none", monitored(self.QUEUE))


class SamLocal(unittest.TestCase):
    def test_the_functions_get_the_variables_of_env_json(self):
        env = json.loads((TEMPLATE.parent / "events" / "env.json").read_text())
        stacks, _ = SamLocalStackProvider.get_stacks(str(TEMPLATE), parameter_overrides=REQUIRED)
        provider = SamFunctionProvider(stacks)
        runner = LocalLambdaRunner(None, provider, str(TEMPLATE.parent), None, env_vars_values=env)
        got = [runner.get_invoke_config(function).env_vars.resolve() for function in provider.get_all()]

        self.assertEqual(3, len(got))
        for name, value in env["Parameters"].items():
            needed = {"QUEUE_URL": 1, "REFERENCE_PREFIX": 1}.get(name, 3)
            self.assertEqual([value] * needed, [variables[name] for variables in got if name in variables], name)


def functions(given):
    """For each function: its versioned configuration, and the description of its version."""
    templates, values = transformed(given)
    resources = templates["template"]["Resources"]
    descriptions = {
        r["Properties"]["FunctionName"]["Ref"]: json.dumps(r["Properties"]["Description"])
        for r in resources.values()
        if r["Type"] == "AWS::Lambda::Version"
    }
    configurations = {
        name: {key: value for key, value in resources[name]["Properties"].items() if key not in NOT_VERSIONED}
        for name in descriptions
    }
    return {name: (json.dumps(resolved(configurations[name], values, templates)), text) for name, text in descriptions.items()}


def monitored(given):
    """The queue that the alarm DeadLetters monitors."""
    templates, values = transformed(given)
    return resolved(templates["template"]["Resources"]["Monitoring"]["Properties"]["Parameters"]["DeadLetterQueueName"], values, templates)


def transformed(given):
    """The transformed templates by name, and the parameter values."""
    with tempfile.TemporaryDirectory() as folder:
        write(TEMPLATE, folder, REQUIRED | given)
        templates = {path.stem: json.loads(path.read_text()) for path in Path(folder).glob("*.json")}
    return templates, {name: p.get("Default") for name, p in PARAMETERS.items()} | REQUIRED | given


def resolved(value, values, templates):
    """Replaces references to parameters and to outputs of nested templates by their values."""
    if isinstance(value, list):
        return [resolved(item, values, templates) for item in value]
    if not isinstance(value, dict):
        return str(value)
    if value.get("Ref") in values:
        return values[value["Ref"]]
    name, output = value.get("Fn::GetAtt", ("", ""))
    if output.startswith("Outputs."):
        return templates[name.lower()]["Outputs"][output.removeprefix("Outputs.")]["Value"]
    return {key: resolved(item, values, templates) for key, item in value.items()}


if __name__ == "__main__":
    unittest.main(verbosity=2)
