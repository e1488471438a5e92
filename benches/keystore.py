#!/usr/bin/env python3
"""Measures what a keystore of many correspondents costs: importing them, and finding one of them.

    benches/keystore.py                     # builds, 10 and 10,000 certificates
    benches/keystore.py --counts 10,1000 --smime target/debug/smime

A lookup has to cost the same however many certificates there are. The certificates are one, with
other digits in its address; their signatures are void, which an import by hand does not judge.
"""

import argparse
import base64
import os
import tempfile
from pathlib import Path

from run import build, heading, machine, measure, medians, quietly, seconds

TEMPLATE = b"user000000@example.com"


def bundle(der, count):
    """Certificates in PEM."""
    frames = []
    for number in range(count):
        octets = der.replace(TEMPLATE, b"user%06d@example.com" % number)
        data = base64.b64encode(octets).decode()
        frames.append(f"-----BEGIN CERTIFICATE-----\n{data}\n-----END CERTIFICATE-----\n")
    return "".join(frames)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--counts", default="10,10000", help="numbers of certificates")
    parser.add_argument("--runs", type=int, default=40, help="lookups of each kind")
    parser.add_argument("--smime", help="the binary; else it is built")
    options = parser.parse_args()
    smime = Path(options.smime).resolve() if options.smime else build()
    machine()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as directory:
        at = Path(directory)

        def keystore(name):
            quietly([smime, "-k", at / name, "ca", "init", "--no-passphrase", "--key-type", "ec-p256"])
            return [smime, "-q", "-k", at / name]

        partner = keystore("partner")
        address = TEMPLATE.decode()
        quietly([*partner, "cert", "issue", address, "--key-type", "ec-p256"])
        quietly([*partner, "cert", "export", address, "--format", "der", "-o", at / "one.der"])
        der = (at / "one.der").read_bytes()
        message = at / "message"
        message.write_text("From: x@example.com\nTo: user000007@example.com\nSubject: x\n\nx\n")
        stores = {}
        heading("certificates", "import", "MiB")
        for count in map(int, options.counts.split(",")):
            stores[count] = keystore(str(count))
            (at / "bundle.pem").write_text(bundle(der, count))
            use = measure([*stores[count], "cert", "import", at / "bundle.pem"])
            print(f"| {count:,} | {seconds(use.wall)} | {use.memory:.0f} |", flush=True)
        print()
        heading("one process", "certificates", "time", "CPU", "MiB")
        for name, command in [
            ("cert list --address", ["cert", "list", "--address", "user000007@example.com"]),
            ("encrypt", ["encrypt", message]),
        ]:
            # In turn, so that what else the machine does weighs on all alike.
            uses = {count: [] for count in stores}
            for _ in range(options.runs):
                for count, store in stores.items():
                    uses[count].append(measure([*store, *command]))
            for count, all_uses in uses.items():
                use = medians(all_uses)
                cells = [name, f"{count:,}", seconds(use.wall), seconds(use.cpu)]
                print(f"| {' | '.join(cells)} | {use.memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
