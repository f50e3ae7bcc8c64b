"""Sends made-up events to a deployed stack and waits until the schedule has brought them to the lake.

usage: scheduled_tick.py STACK DIR     DIR holds events.jsonl, customers.csv and rates.csv

It sees an endpoint and the stack's outputs, and starts no execution itself.
"""
import csv
import json
import sys
import time
from pathlib import Path

import boto3

WAIT_SECONDS = 240  # two ticks, and functions that start cold on a busy machine


def main(stack: str, folder: Path) -> None:
    outputs = deployed(stack)
    reference(outputs["CustomersTable"], folder / "customers.csv")
    reference(outputs["ExchangeRatesTable"], folder / "rates.csv")
    sent = send(outputs["QueueUrl"], folder / "events.jsonl")
    print(f"sent {sent} events to {outputs['QueueUrl']}")

    receipts = wait_for_receipts(outputs, sent)
    for receipt in receipts:
        check(receipt)
    total = sum(receipt["received"] for receipt in receipts)
    expect(total == sent, f"the receipts count {total} events, {sent} were sent")
    files(outputs["Bucket"], receipts)
    executions(outputs["StateMachineArn"])
    expect(backlog(outputs["QueueUrl"]) == 0, "the queue is not empty")
    expect(backlog(outputs["DeadLettersUrl"]) == 0, "there are dead letters")


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {otherwise}")


def deployed(stack: str) -> dict[str, str]:
    # A stack whose deployment failed can look like a success to SAM.
    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    expect(found["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), f"{stack} is {found['StackStatus']}")
    print(f"{stack}: {found['StackStatus']}")
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def reference(table: str, rows: Path) -> None:
    with rows.open(newline="") as lines, boto3.resource("dynamodb").Table(table).batch_writer() as writer:
        for row in csv.DictReader(lines):
            writer.put_item(Item={name: value for name, value in row.items() if value})


def send(queue: str, events: Path) -> int:
    sqs = boto3.client("sqs")
    bodies = events.read_text().splitlines()
    for start in range(0, len(bodies), 10):
        entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies[start:start + 10])]
        answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
        expect(not answer.get("Failed"), f"the queue refused {answer.get('Failed')}")
    return len(bodies)


def wait_for_receipts(outputs: dict[str, str], sent: int) -> list[dict]:
    began = time.monotonic()
    while True:
        receipts = read_receipts(outputs["Bucket"])
        if sum(receipt["received"] for receipt in receipts) >= sent:
            print(f"{len(receipts)} receipts after {time.monotonic() - began:.0f} s")
            return receipts
        if time.monotonic() - began > WAIT_SECONDS:
            show_executions(outputs["StateMachineArn"])
            sys.exit(f"FAILED: after {WAIT_SECONDS} s there are {len(receipts)} receipts, and not for all {sent} events")
        time.sleep(1)


def read_receipts(bucket: str) -> list[dict]:
    s3 = boto3.client("s3")
    return [json.load(s3.get_object(Bucket=bucket, Key=key)["Body"]) for key in keys(bucket, "receipts/")]


def keys(bucket: str, prefix: str) -> list[str]:
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def check(receipt: dict) -> None:
    parts = {part: receipt[part] for part in ("loaded", "quarantined", "duplicate", "filtered")}
    print(f"batch {receipt['sequence']}: received {receipt['received']} = {parts}, {len(receipt['files'])} files")
    expect(receipt["received"] == sum(parts.values()), f"batch {receipt['sequence']} does not reconcile")


def files(bucket: str, receipts: list[dict]) -> None:
    """What receipts name is there, is Parquet, and nothing else is there."""
    s3 = boto3.client("s3")
    named = {file["key"] for receipt in receipts for file in receipt["files"]}
    there = set(keys(bucket, "lake/")) | set(keys(bucket, "quarantine/"))
    expect(named == there, f"receipts and bucket differ in {named ^ there}")
    expect(any(key.startswith("lake/") for key in named), "nothing is in lake/")
    for key in named:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        expect(body[:4] == body[-4:] == b"PAR1", f"{key} is not Parquet")
    print(f"lake/ and quarantine/ hold the {len(named)} Parquet files that the receipts name")


def executions(machine: str) -> None:
    """All ended well, and each was started by the schedule."""
    states = boto3.client("stepfunctions")
    deadline = time.monotonic() + 60
    while True:
        found = states.list_executions(stateMachineArn=machine)["executions"]
        if all(execution["status"] != "RUNNING" for execution in found) or time.monotonic() > deadline:
            break
        time.sleep(1)
    for execution in found:
        expect(execution["status"] == "SUCCEEDED", f"{execution['name']} is {execution['status']}")
        event = json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])
        expect(event.get("detail-type") == "Scheduled Event", f"{execution['name']} was not started by the schedule: {event}")
    print(f"{len(found)} executions, all started by the schedule, all SUCCEEDED")


def show_executions(machine: str) -> None:
    states = boto3.client("stepfunctions")
    for execution in states.list_executions(stateMachineArn=machine)["executions"]:
        print(execution["name"], execution["status"])
        for event in states.get_execution_history(executionArn=execution["executionArn"], maxResults=100)["events"]:
            details = [value for name, value in event.items() if name.endswith("EventDetails")]
            print("  ", event["type"], json.dumps(details, default=str)[:600])


def backlog(queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
