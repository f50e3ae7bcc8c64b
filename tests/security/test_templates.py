"""Every rule holds on every transformed template or is waived with a reason; every control, once broken, is noticed.

Run by run.sh, which transforms the templates into the folder TEMPLATES.
"""

import json
import os
import tempfile
import unittest
from copy import deepcopy
from pathlib import Path

import yaml

import tools
from controls import CONTROLS
from rules import OURS

TEMPLATES = Path(os.environ["TEMPLATES"])
WAIVERS = yaml.safe_load(Path(__file__).with_name("waivers.yaml").read_text())


def findings(folder):
    found = tools.checkov(folder) | tools.cdk_nag(folder)
    for path in Path(folder).glob("*.json"):
        resources = json.loads(path.read_text())["Resources"]
        found |= {(rule, f"{path.stem}/{name}") for rule, breaks in OURS.items() for name in breaks(resources)}
    return found


class Templates(unittest.TestCase):
    maxDiff = None

    def test_every_rule_holds_or_is_waived(self):
        waived = {(rule, resource) for waiver in WAIVERS for rule in waiver["rules"] for resource in waiver["resources"]}

        found = findings(TEMPLATES)

        self.assertEqual([], sorted(found - waived), "rules that are broken, and not waived")
        self.assertEqual([], sorted(waived - found), "waivers of what is no finding any more")

    def test_every_waiver_has_a_reason(self):
        self.assertEqual([], [waiver for waiver in WAIVERS if len(waiver["because"]) < 20])

    def test_every_control_once_broken_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            expected = {self.broken(control, n, folder): control for n, control in enumerate(CONTROLS)}

            found = findings(folder)

        missed = [control[:2] for finding, control in expected.items() if finding not in found]
        self.assertEqual([], missed, "controls that can be broken without a rule that notices")

    def broken(self, control, number, folder):
        template = json.loads((TEMPLATES / f"{control.template}.json").read_text())
        before = deepcopy(template)
        control.broken(template["Resources"])
        self.assertNotEqual(before, template, f"{control.id}, {control.what}: nothing was broken")
        name = f"broken-{number}-{control.template}"
        Path(folder, f"{name}.json").write_text(json.dumps(template))
        return control.rule, f"{name}/{control.resource}"

    def test_every_rule_of_ours_is_broken_once(self):
        self.assertEqual([], sorted(OURS.keys() - {control.rule for control in CONTROLS}))


if __name__ == "__main__":
    unittest.main(verbosity=2)
