"""Every rule passes on every transformed template or is waived with a reason; every injected defect is detected.

run.sh runs this, after it has transformed the templates into the folder TEMPLATES, once for each value of the parameter
Encryption.
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
from rules import OWN_RULES

TEMPLATES = Path(os.environ["TEMPLATES"])
WAIVERS = yaml.safe_load(Path(__file__).with_name("waivers.yaml").read_text())


# The rule for the other value of Encryption.
NOT_FOR = {"customer-key": "Sluice-NoKey", "aws-owned": "Sluice-OneKey"}


def findings(folder):
    found = tools.checkov(folder) | tools.cdk_nag(folder)
    for path in Path(folder).glob("*.json"):
        resources = json.loads(path.read_text())["Resources"]
        found |= {(rule, f"{path.stem}/{name}") for rule, violations in OWN_RULES.items() for name in violations(resources)}
    return found


class Templates(unittest.TestCase):
    maxDiff = None

    def test_every_rule_passes_or_is_waived(self):
        for encryption, not_for in NOT_FOR.items():
            with self.subTest(encryption=encryption):
                waivers = [waiver for waiver in WAIVERS if waiver.get("encryption", encryption) == encryption]
                waived = {(rule, resource) for waiver in waivers for rule in waiver["rules"] for resource in waiver["resources"]}

                found = {finding for finding in findings(TEMPLATES / encryption) if finding[0] != not_for}

                self.assertEqual([], sorted(found - waived), "violations that are not waived")
                self.assertEqual([], sorted(waived - found), "waivers without a finding")

    def test_every_waiver_has_a_reason(self):
        self.assertEqual([], [waiver for waiver in WAIVERS if len(waiver["because"]) < 20])

    def test_every_injected_defect_is_detected(self):
        with tempfile.TemporaryDirectory() as folder:
            expected = {self.inject(control, n, folder): control for n, control in enumerate(CONTROLS)}

            found = findings(folder)

        missed = [control[:2] for finding, control in expected.items() if finding not in found]
        self.assertEqual([], missed, "injected defects that no rule detects")

    def inject(self, control, number, folder):
        template = json.loads((TEMPLATES / control.encryption / f"{control.template}.json").read_text())
        before = deepcopy(template)
        control.inject(template["Resources"])
        self.assertNotEqual(before, template, f"{control.id}, {control.what}: the defect changed nothing")
        name = f"defect-{number}-{control.template}"
        Path(folder, f"{name}.json").write_text(json.dumps(template))
        return control.rule, f"{name}/{control.resource}"

    def test_every_own_rule_has_a_control(self):
        self.assertEqual([], sorted(OWN_RULES.keys() - {control.rule for control in CONTROLS}))


if __name__ == "__main__":
    unittest.main(verbosity=2)
