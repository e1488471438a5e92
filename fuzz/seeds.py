#!/usr/bin/env python3
"""Makes first inputs for the fuzz targets from messages and certificates made elsewhere, and dictionaries
from the source.

usage: seeds.py FOLDER        FOLDER: as the tests of `tests/corpora` read it

Inputs go to `corpus/TARGET` beside this file, where cargo-fuzz looks for them, and the words of a format
to `dictionaries/TARGET`, where `run.sh` does. Nothing of it is a part of the project.
"""

import base64
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
LARGEST = 64 << 10

# What an object is, by the encoding of its content type.
CONTENT_TYPES = {
    "2a864886f70d010702": ["signed_data"],
    "2a864886f70d010703": ["enveloped_data"],
    "2a864886f70d0109100117": ["auth_enveloped_data"],
    "2a864886f70d0109100109": [],
}
MESSAGES = ["entity_scanner", "header_fields", "canonical_form", "transfer_encoding", "structure",
            "verify", "decrypt"]
WITH_CHOICE = ["sign_verify", "encrypt_decrypt"]
OBJECTS = ["ber_reader", "signed_data", "enveloped_data", "auth_enveloped_data", "cms_object",
           "certificate", "certificate_list", "certificate_file", "pkcs12", "certification_path"]
LITERAL = re.compile(r'b?"([A-Za-z][A-Za-z0-9 :/=;._-]{1,30})"')
OID = re.compile(r'"([0-2](?:\.[0-9]+){3,})"')
PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+)-----END")
BASE64_BODY = re.compile(rb"\r?\n\r?\n((?:[A-Za-z0-9+/=]{40,}\r?\n)+[A-Za-z0-9+/=]*)")


def store(target, octets):
    if 0 < len(octets) <= LARGEST:
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(octets).hexdigest()[:32]).write_bytes(octets)


def header(octets, at):
    """Where the content of the element at `at` starts, and its length if that is definite."""
    length = octets[at + 1]
    at += 2
    if length < 0x80:
        return at, length
    count = length & 0x7F
    return at + count, int.from_bytes(octets[at:at + count], "big") if count else None


def store_object(octets):
    """An ASN.1 structure, by what it looks like."""
    store("ber_reader", octets)
    try:
        start, _ = header(octets, 0)
        if octets[start] == 0x06:
            oid_start, oid_length = header(octets, start)
            oid = octets[oid_start:oid_start + oid_length].hex()
            store("cms_object", octets)
            store("verify", octets)
            store("certificate_file", octets)
            content, _ = header(octets, oid_start + oid_length)
            for target in CONTENT_TYPES.get(oid, []):
                store(target, octets[content:])
        elif octets[start] == 0x30:
            inner, _ = header(octets, start)
            # A CRL has no explicit version number before its serial number or algorithm.
            version = octets[inner:inner + 1]
            first = octets[inner:inner + 3]
            is_list = version == b"\x30" or first == b"\x02\x01\x01"
            store("certificate_list" if is_list else "certificate", octets)
        elif octets[start:start + 3] == b"\x02\x01\x03":
            store("pkcs12", octets)
    except IndexError:
        pass


def store_file(path):
    octets = path.read_bytes()
    if octets[:1] == b"\x30":
        store_object(octets)
        return
    found = False
    for match in PEM.finditer(octets):
        found = True
        store("certificate_file", octets)
        try:
            store_object(base64.b64decode(match[2]))
        except ValueError:
            pass
    if found or b":" not in octets[:200]:
        return
    for target in MESSAGES:
        store(target, octets)
    for target in WITH_CHOICE:
        for choice in range(4):
            store(target, bytes([choice]) + octets)
    for match in BASE64_BODY.finditer(octets):
        try:
            body = base64.b64decode(match[1])
        except ValueError:
            continue
        if body[:1] == b"\x30":
            store_object(body)


def base_128(arc):
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.insert(0, 0x80 | arc & 0x7F)
    return octets


def encoded_oid(dotted):
    first, second, *arcs = map(int, dotted.split("."))
    octets = bytes(octet for arc in [40 * first + second, *arcs] for octet in base_128(arc))
    return bytes([0x06, len(octets)]) + octets


def words(folder):
    """The short texts in the code that reads a format: what it looks for is among them."""
    for path in sorted((SOURCE / folder).rglob("*.rs")):
        if "test" not in str(path):
            for literal in LITERAL.findall(path.read_text()):
                yield literal.encode()


def identifiers():
    for path in sorted(SOURCE.rglob("*.rs")):
        for dotted in OID.findall(path.read_text()):
            yield encoded_oid(dotted)


def store_dictionary(targets, entries):
    folder = HERE / "dictionaries"
    folder.mkdir(exist_ok=True)
    lines = {'"' + "".join(f"\\x{octet:02x}" for octet in entry) + '"\n' for entry in entries}
    for target in targets:
        (folder / target).write_text("".join(sorted(lines)))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
        if path.is_file() and path.suffix not in {".md", ".tsv", ".json"}:
            store_file(path)
    starter = (SOURCE / "policy" / "starter.toml").read_text()
    store("policy_file", starter.encode())
    store("policy_file", re.sub(r"(?m)^# ?(?=\[|[a-z-]+ = )", "", starter).encode())
    store("policy_file", (HERE.parent / "examples/postfix/policy.toml").read_bytes())
    store_dictionary(MESSAGES + WITH_CHOICE, words("mail"))
    store_dictionary(OBJECTS, identifiers())
    store_dictionary(["policy_file"], words("policy"))
    store_dictionary(["keystore_files"], [*words("policy"), *words("keystore")])
    for target in sorted((HERE / "corpus").iterdir()):
        print(f"{target.name}: {sum(1 for _ in target.iterdir())}")


main()
