"""Reads protected header fields by the algorithms of RFC 9788, independent of the program.

Usage: header_protection.py MESSAGE PAYLOAD

MESSAGE is the message as it was sent; PAYLOAD is its cryptographic payload, decrypted and verified
by somebody else. Prints a JSON object: the value of `hp`, the protected fields, for each of them
how it is protected (section 4.3), whether From outside is another, and the text of each main body
part without its legacy display element (section 4.5.3).
"""

import email
import email.policy
import json
import sys
from html.parser import HTMLParser

POLICY = email.policy.default.clone(refold_source="none")


def read(path):
    with open(path, "rb") as file:
        return email.message_from_binary_file(file, policy=POLICY)


def is_structural(name):
    return name.lower().startswith("content-") or name.lower() == "mime-version"


def fields(message):
    """The fields that are not structural, unfolded."""
    return [
        (name, " ".join(value.split()))
        for name, value in message.raw_items()
        if not is_structural(name)
    ]


def header_sets(outer, payload):
    """Section 4.2: the fields outside when the message was written, and the protected ones."""
    hp = payload.get_param("hp")
    if hp not in ("clear", "cipher"):
        return hp, fields(outer), []
    protected = [(n, v) for n, v in fields(payload) if n.lower() != "hp-outer"]
    if hp == "clear":
        return hp, protected, protected
    written = [
        tuple(part.strip() for part in value.split(":", 1))
        for name, value in fields(payload)
        if name.lower() == "hp-outer"
    ]
    return hp, written, protected


def protection(name, value, hp, written, is_encrypted, is_signed):
    """Section 4.3: whether a protected field was readable outside."""
    shown = (name.lower(), value) in [(n.lower(), v) for n, v in written]
    hidden = is_encrypted and hp == "cipher" and not shown
    if is_signed:
        return "signed-and-encrypted" if hidden else "signed-only"
    return "encrypted-only" if hidden else "unprotected"


class WithoutDisplay(HTMLParser):
    """Leaves out the first div of the class (section 4.5.3)."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.kept, self.depth, self.done = [], 0, False

    def handle_starttag(self, tag, attributes):
        if tag == "div":
            wanted = "header-protection-legacy-display" in (dict(attributes).get("class") or "")
            if self.depth or (wanted and not self.done):
                self.depth, self.done = self.depth + 1, True
        if not self.depth:
            self.kept.append(self.get_starttag_text())

    def handle_endtag(self, tag):
        if not self.depth:
            self.kept.append(f"</{tag}>")
        elif tag == "div":
            self.depth -= 1

    def handle_data(self, data):
        if not self.depth:
            self.kept.append(data)


def texts(payload, hp):
    shown = []
    for part in payload.walk():
        if part.get_content_type() not in ("text/plain", "text/html"):
            continue
        text = part.get_content()
        if hp == "cipher" and part.get_param("hp-legacy-display") == "1":
            if part.get_content_type() == "text/plain":
                lines = text.splitlines()
                text = "\n".join(lines[lines.index("") + 1 :]) + "\n"
            else:
                parser = WithoutDisplay()
                parser.feed(text)
                parser.close()
                text = "".join(parser.kept)
        shown.append([line.rstrip() for line in text.splitlines() if line.strip()])
    return shown


def main():
    outer, payload = read(sys.argv[1]), read(sys.argv[2])
    is_encrypted = "enveloped" in str(outer.get_param("smime-type")).lower()
    is_signed = len(sys.argv) > 3
    hp, written, protected = header_sets(outer, payload)
    same = {a.addr_spec for a in outer["From"].addresses} == {
        a.addr_spec for a in payload["From"].addresses
    }
    print(
        json.dumps(
            {
                "hp": hp,
                "protected": [[n, str(POLICY.header_fetch_parse(n, v))] for n, v in protected],
                "states": {
                    n: protection(n, v, hp, written, is_encrypted, is_signed)
                    for n, v in protected
                },
                "outside": [[n, v] for n, v in fields(outer)],
                "written": [list(pair) for pair in written],
                "same_author": same,
                "texts": texts(payload, hp),
            }
        )
    )


main()
