"""Computes event/known-answers.tsv and chunk/messages.ndjson.zst with Python and the zstd command.

Run in this folder: python3 make_known_answers.py. The Java tests compare the shipped code with these files.
Columns of known-answers.tsv: event, normal form, id, hash of the id, hash of the normal form (each a UUID of the
first 16 bytes of SHA-256).
"""
import hashlib
import json
import random
import subprocess
import uuid

BLANKS = " \t\n\r"


class Digits(str):
    """The text of a number."""


def quoted(text):
    return json.dumps(text, ensure_ascii=False).replace("\\b", "\\u0008").replace("\\f", "\\u000c")


def normal(value):
    if isinstance(value, Digits):
        return quoted(value)
    if isinstance(value, str):
        return quoted(value.strip(BLANKS)) if value.strip(BLANKS) else "null"
    if isinstance(value, list):
        return "[" + ",".join(map(normal, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(quoted(name) + ":" + normal(value[name]) for name in names) + "}"
    return {None: "null", True: "true", False: "false"}[value]


def fingerprint(text):
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode("utf-8")).digest()[:16]))


def values(seed, depth=3):
    kinds = ["number", "text", "word"] + (["list", "object"] * 2 if depth else [])
    kind = seed.choice(kinds)
    if kind == "number":
        return seed.choice(["0", "-0", "1.0", "1.00", "119.50", "1e3", "1E+3", "-2.5e-7", "9007199254740993", "1" * 40])
    if kind == "text":
        return seed.choice(['"x"', '" x y "', '" "', '""', '"12.50"', '"\\u00e9\\u00C9"', '"\\ud83d\\ude00"', '"\U0001f600\ufb01"',
                            '"a\\"\\\\\\/\\n\\t\\r\\u0001"', '"x\u2028\u007f"'])
    if kind == "word":
        return seed.choice(["null", "true", "false"])
    items = [values(seed, depth - 1) for _ in range(seed.randrange(4))]
    if kind == "list":
        return "[" + ", ".join(items) + "]"
    names = seed.sample(['"a"', '"B"', '"b"', '" a"', '""', '"\ufb01"', '"\U0001f600"', '"\\u00e9"', '"a.b"', '"10"', '"9"'], len(items))
    return "{" + ", ".join(name + ": " + item for name, item in zip(names, items)) + "}"


def events():
    seed = random.Random(14)
    for number in range(120):
        members = ['"id": ' + seed.choice(['"e%d"', '" e%d "', "%d", '"\\u0065-%d"']) % number]
        members += ['"%s": %s' % (name, values(seed)) for name in "xyz"]
        seed.shuffle(members)
        yield "{" + ", ".join(members) + "}"


with open("event/known-answers.tsv", "w", encoding="utf-8", newline="\n") as file:
    for event in events():
        value = json.loads(event, parse_int=Digits, parse_float=Digits)
        key = str(value["id"]).strip(BLANKS)
        file.write("\t".join([event, normal(value), key, fingerprint(key), fingerprint(normal(value))]) + "\n")

MESSAGES = [
    ("m-1", 1767225600123, '{"a": 1.50}\r\n{"b": "\\ud83d\\ude42"}\n'),
    ("m 2 \u00e9", 0, ""),
    ("3", 253402300799999, '\ufeff\u2028"\\/\U0001f642\u007f\u0001'),
]
with open("chunk/messages.ndjson", "w", encoding="utf-8", newline="\n") as file:
    for key, sent_at, body in MESSAGES:
        file.write('{"message_id":%s,"sent_at":%d,"body":%s}\n' % (quoted(key), sent_at, quoted(body)))
subprocess.run(["zstd", "-q", "-f", "-19", "chunk/messages.ndjson"], check=True)
