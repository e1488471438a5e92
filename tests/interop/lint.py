"""Lints certificates and CRLs with pkilint: prints `file<TAB>finding` for what is an error or worse.

Takes the names of PEM files. A file whose name begins with `ca` is held to RFC 5280, one that
begins with `crl` to its section 5, and any other to the S/MIME Baseline Requirements, at the level
that its certificate policy names. The last line is `linted<TAB>N`.
"""

import contextlib
import csv
import io
import sys

from pkilint.bin import lint_cabf_smime_cert, lint_crl, lint_pkix_cert


def lint(name):
    options = ["--severity", "ERROR", "--format", "CSV", name]
    if name.startswith("crl"):
        run = lambda: lint_crl.main(["--type", "CRL", "--profile", "PKIX", "lint", *options])
    elif name.startswith("ca"):
        run = lambda: lint_pkix_cert.main(["lint", *options])
    else:
        run = lambda: lint_cabf_smime_cert.main(["lint", "--detect", *options])
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = run()
    rows = list(csv.DictReader(io.StringIO(output.getvalue())))
    # A status without a row is a file that was not linted at all.
    if status and not rows:
        sys.exit(f"{name} was not linted")
    return [row["code"] for row in rows]


def main():
    for name in sys.argv[1:]:
        for code in lint(name):
            print(name, code, sep="\t")
    print("linted", len(sys.argv) - 1, sep="\t")


main()
