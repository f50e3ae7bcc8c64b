"""What a change of a parameter does, by SAM's own translator. Run by run.sh with SAM CLI's Python.

A function's version must be another one when, and only when, a parameter changes what the function goes by. SAM makes
a new one for changed text only; for a changed value CloudFormation replaces the version when its description changes,
and Lambda publishes it when the function has changed.
"""

import json
import sys
import tempfile
import unittest
from itertools import combinations
from pathlib import Path

import cfnlint
from samcli.yamlhelper import yaml_parse

from transform import write

TEMPLATE = Path(sys.argv.pop())
PARAMETERS = yaml_parse(TEMPLATE.read_text())["Parameters"]

# Of parameters that have no list of allowed values.
OTHERS = {
    "ExistingQueueArn": "arn:aws:sqs:us-east-1:123456789012:shop",
    "ExistingDeadLetters": "shop-dead",
    "ExistingReferences": "shop-",
    "ExistingKeyArn": "arn:aws:kms:us-east-1:123456789012:key/0",
    "AlarmEmail": "someone@example.com",
    "Pipeline": "payments",
}

# Not in a version: who it is, its reserved concurrency and where it logs are the function's.
NOT_VERSIONED = ("Role", "ReservedConcurrentExecutions", "LoggingConfig", "Tags")


class Versions(unittest.TestCase):
    maxDiff = None

    def test_a_function_and_its_version_change_together(self):
        for parameter, declared in PARAMETERS.items():
            default = declared.get("Default")
            others = [OTHERS[parameter]] if parameter in OTHERS else declared.get("AllowedValues") or [default + 1]
            made = {value: functions({parameter: value}) for value in {default, *others}}
            for one, other in combinations(made, 2):
                for function in made[one]:
                    with self.subTest(parameter=parameter, values=(one, other), function=function):
                        (runs, described), (runs_then, described_then) = made[one][function], made[other][function]
                        self.assertEqual(runs != runs_then, described != described_then)

    def test_aws_replaces_a_version_whose_description_changes(self):
        schemas = Path(cfnlint.__file__).parent / "data" / "schemas"
        of = json.loads((schemas / "providers" / "us-east-1.json").read_text())["AWS::Lambda::Version"]
        schema = json.loads((schemas / "resources" / f"{of}.json").read_text())

        self.assertIn("/properties/Description", schema["createOnlyProperties"])


class DeadLetters(unittest.TestCase):
    QUEUE = {"ExistingQueueArn": OTHERS["ExistingQueueArn"]}

    def test_those_of_a_new_queue_are_watched(self):
        self.assertEqual({"Fn::GetAtt": ["DeadLetters", "QueueName"]}, watched({}))

    def test_those_of_an_existing_queue_are_watched_when_their_name_is_given(self):
        self.assertEqual("shop-dead", watched(self.QUEUE | {"ExistingDeadLetters": "shop-dead"}))
        self.assertEqual("none", watched(self.QUEUE))


def functions(given):
    """Of each function what it runs with, and its version's description."""
    templates, values = made(given)
    resources = templates["template"]["Resources"]
    described = {
        r["Properties"]["FunctionName"]["Ref"]: json.dumps(r["Properties"]["Description"])
        for r in resources.values()
        if r["Type"] == "AWS::Lambda::Version"
    }
    runs_with = {
        name: {key: value for key, value in resources[name]["Properties"].items() if key not in NOT_VERSIONED}
        for name in described
    }
    return {name: (json.dumps(resolved(runs_with[name], values, templates)), text) for name, text in described.items()}


def watched(given):
    """The queue that the alarm DeadLetters looks at."""
    templates, values = made(given)
    return resolved(templates["template"]["Resources"]["Monitoring"]["Properties"]["Parameters"]["DeadLettersName"], values, templates)


def made(given):
    """The templates as SAM makes them, by name, and the parameters' values."""
    with tempfile.TemporaryDirectory() as folder:
        write(TEMPLATE, folder, given)
        templates = {path.stem: json.loads(path.read_text()) for path in Path(folder).glob("*.json")}
    return templates, {name: p.get("Default") for name, p in PARAMETERS.items()} | given


def resolved(value, values, templates):
    """With the values of parameters, and the outputs of nested templates, in place."""
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
