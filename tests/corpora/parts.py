"""Compares what Python's email package finds in messages and in what was made of them.

In the current directory are NUMBER.original, NUMBER.signed and NUMBER.verified, and the names of the
messages, one a line, in the file `names`. The signed part, and the content that verification wrote,
have to hold the parts of the original with the same types, file names and decoded contents.
"""

import email
import email.policy
import sys

POLICY = email.policy.compat32

# The parser of Python 3 takes the line end before the delimiter of the signature for content where
# the signed part is a multipart in which it finds no part: it does not unfold a boundary that is
# folded, and no part stands between two delimiters in a row. So the last content has one line end
# more there.
WITHOUT_PARTS = ("multi-badnames.msg", "multi-clen.msg", "multi-simple.msg", "multipartemptypart.msg")


def content(part):
    """The decoded content with line ends in LF, which stand for those of the canonical form."""
    octets = part.get_payload(decode=True)
    return octets.replace(b"\r\n", b"\n")


def parts(entity):
    """Type, file name and content of every part; composite ones have no content of their own."""
    found = []
    for part in entity.walk():
        leaf = None if part.is_multipart() else content(part)
        found.append((part.get_content_type(), part.get_filename(), leaf))
    return found


def read(index, kind):
    with open(f"{index}.{kind}", "rb") as file:
        return email.message_from_binary_file(file, policy=POLICY)


def main():
    with open("names", encoding="utf-8") as file:
        names = file.read().splitlines()
    wrong = 0
    for index, name in enumerate(names):
        expected = parts(read(index, "original"))
        signed = read(index, "signed")
        assert signed.get_content_type() == "multipart/signed", name
        signed_part, signature = signed.get_payload()
        assert signature.get_content_type() == "application/pkcs7-signature", name
        for kind, entity in (("signed", signed_part), ("verified", read(index, "verified"))):
            ours = parts(entity)
            if kind == "signed" and name.startswith(WITHOUT_PARTS):
                *others, (type_, file_name, last) = ours
                assert last.endswith(b"\n"), name
                ours = [*others, (type_, file_name, last[:-1])]
            if ours != expected:
                wrong += 1
                print(f"{name}, {kind}:\n  ours     {ours}\n  expected {expected}")
    if wrong:
        sys.exit(1)
    print(f"{len(names)} messages, all the same")


main()
