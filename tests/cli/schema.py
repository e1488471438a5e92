"""Validates JSON documents of smime: for each line of stdin, `{"command": ..., "document": ...}`,
prints an empty line, or what is wrong. The argument is the schema.

For readers the schema lets further keys be; here it is made strict first, so that a key that it does
not describe is found.
"""

import json
import sys

from jsonschema import Draft202012Validator


def bases(schema):
    """The definitions that others extend by allOf: they alone do not know all the keys."""
    if isinstance(schema, dict):
        for member in schema.get("allOf", []):
            if "$ref" in member:
                yield member["$ref"]
        for member in schema.values():
            yield from bases(member)
    elif isinstance(schema, list):
        for member in schema:
            yield from bases(member)


def make_strict(schema, pointer, extended):
    """Forbids keys that are not described, except in the bases and in conditions."""
    for name, member in schema.get("$defs", {}).items():
        make_strict(member, "#/$defs/" + name, extended)
    for member in schema.get("properties", {}).values():
        make_strict(member, "", extended)
    for member in schema.get("anyOf", []):
        make_strict(member, "", extended)
    if "items" in schema:
        make_strict(schema["items"], "", extended)
    if pointer not in extended and {"properties", "allOf", "$ref"} & schema.keys():
        schema["unevaluatedProperties"] = False


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
make_strict(schema, "", set(bases(schema)))
validators = {}
for line in sys.stdin:
    question = json.loads(line)
    command, document = question["command"], question["document"]
    is_error = isinstance(document, dict) and document.get("verdict") == "error"
    name = "error" if is_error else command
    if name not in schema["$defs"]:
        print(f"the schema lacks {name}", flush=True)
        continue
    if name not in validators:
        one = {"$schema": schema["$schema"], "$ref": "#/$defs/" + name, "$defs": schema["$defs"]}
        validators[name] = Draft202012Validator(one)
    problems = validators[name].iter_errors(document)
    told = "; ".join(f"{problem.json_path}: {problem.message[:300]}" for problem in problems)
    print(told.replace("\n", " "), flush=True)
