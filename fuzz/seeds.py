#!/usr/bin/env python3
"""Makes first inputs for the fuzz targets from messages and certificates made elsewhere.

usage: seeds.py FOLDER        FOLDER: as the tests of `tests/corpora` read it

They go to `corpus/TARGET` beside this file, where cargo-fuzz looks for them. Nothing of it is a part of
the project.
"""

import base64
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
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


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
        if path.is_file() and path.suffix not in {".md", ".tsv", ".json"}:
            store_file(path)
    source = HERE.parent / "src" / "policy" / "starter.toml"
    starter = source.read_text()
    store("policy_file", starter.encode())
    store("policy_file", re.sub(r"(?m)^# ?(?=\[|[a-z-]+ = )", "", starter).encode())
    for choice in range(32):
        store("keystore_files", bytes([choice]) + b"origin = \"imported\"\n")
    for target in sorted((HERE / "corpus").iterdir()):
        print(f"{target.name}: {sum(1 for _ in target.iterdir())}")


main()
