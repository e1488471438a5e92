#!/usr/bin/env python3
"""Works on messages with several processes over one keystore for a while, and looks at what is left.

    benches/soak.py                                    # builds, twenty minutes, eight processes
    benches/soak.py --minutes 0.3 --smime target/debug/smime

Messages come from ../shared/corpora/mime, or from where SMIME_CORPORA points, and some are made here.
First everything is done once with nobody else at work; then it has to end in the same way every time: the
same status, and the same content of every message that was signed or encrypted and read again. At the end the
keystore has to be whole, with just the certificates that were reported and no leftovers, and the
directory for temporary files empty. No process may take more memory than --memory. Ends with 1 if
anything was otherwise.
"""

import argparse
import collections
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from run import PROJECT, build, heading, machine, seconds

ALICE, BOB, CAROL = "alice@example.com", "bob@example.com", "carol@example.net"
LARGEST = 1 << 20
# The keystore is locked by another process: try again.
LOCKED = 75
# Done, rejected, not a message, and nobody to sign or encrypt for.
STATUSES = {0, 1, 65, 67}
POLICY = """
[[rule]]
name = "outbound"
direction = "outbound"
sign = "required"
encrypt = "others-plain"

[[rule]]
name = "inbound"
direction = "inbound"
on-failure = "mark"
signature = "strip"
"""


def mail(author, recipient, subject, body):
    return (
        f"From: {author}\r\nTo: {recipient}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=us-ascii\r\n\r\n{body}\r\n"
    ).encode()


class Watch:
    """How many files the running processes have open, and how much memory they have taken, looked at
    now and then: what the kernel tells at the end counts in this program, which they were before."""

    def __init__(self):
        self.running, self.files, self.memory = set(), [], []
        threading.Thread(target=self.look, daemon=True).start()

    def look(self):
        while True:
            time.sleep(0.02)
            for process in list(self.running):
                at = Path("/proc") / str(process)
                try:
                    files = len(os.listdir(at / "fd"))
                    lines = (at / "status").read_text().splitlines()
                except OSError:
                    continue  # It has ended.
                peak = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")]
                if peak:
                    self.files.append(files)
                    self.memory.append(peak[0])


def most(seen):
    """The most of all, and of each fifth of the time."""
    if not seen:
        return "not seen"
    fifth = max(1, len(seen) // 5)
    parts = [max(seen[at : at + fifth]) for at in range(0, fifth * 5, fifth) if seen[at:]]
    return f"{max(seen):.0f} (in turn {', '.join(f'{part:.0f}' for part in parts)})"


class Soak:
    """A keystore, a partner's, messages, and what was done with them."""

    def __init__(self, directory, smime):
        self.at, self.smime = Path(directory), smime
        self.scratch = self.at / "scratch"
        self.scratch.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SMIME_")}
        self.environment = {**kept, "TMPDIR": str(self.scratch)}
        self.watch = Watch()
        self.lock = threading.Lock()
        self.walls = collections.defaultdict(list)
        self.failures, self.locked = [], 0
        self.stored, self.removed, self.issued, self.numbers = [], 0, 0, 0
        self.alone = {}

    def run(self, name, words, read=None):
        """Runs `smime`; its status, what it wrote, and what it said."""
        command = [str(word) for word in [self.smime, *words]]
        while True:
            start = time.perf_counter()
            with open(read or os.devnull, "rb") as stdin, tempfile.TemporaryFile(dir=self.at) as said:
                with tempfile.TemporaryFile(dir=self.at) as written:
                    child = subprocess.Popen(
                        command, stdin=stdin, stdout=written, stderr=said, env=self.environment
                    )
                    self.watch.running.add(child.pid)
                    status = child.wait()
                    self.watch.running.discard(child.pid)
                    wall = time.perf_counter() - start
                    written.seek(0)
                    said.seek(0)
                    output, text = written.read(), said.read().decode(errors="replace")
            with self.lock:
                self.walls[name].append(wall)
                if status < 0:
                    self.fail(command, f"signal {-status}", text)
            if status != LOCKED:
                return status, output, text
            with self.lock:
                self.locked += 1

    def fail(self, command, what, text):
        self.failures.append(f"{' '.join(map(str, command))}: {what}\n{text}")

    def done(self, name, words, read=None):
        """The output of what has to be done."""
        status, output, text = self.run(name, words, read)
        if status != 0:
            with self.lock:
                self.fail(words, f"status {status}", text)
        return output

    def same(self, key, status, output):
        """Holds that something ended as it did alone."""
        told = (status, hashlib.sha256(output).hexdigest())
        with self.lock:
            before = self.alone.setdefault(key, told)
            if before != told or status not in STATUSES:
                self.fail(key, f"{before} alone and {told} now", "")

    def prepare(self, corpora):
        for store, people in [("store", [ALICE, BOB]), ("partner", [CAROL])]:
            keystore = ["-k", self.at / store]
            self.done("prepare", [*keystore, "ca", "init", "--no-passphrase", "--key-type", "ec-p256"])
            for person in people:
                kind = "rsa-2048" if person == ALICE else "ec-p256"
                self.done("prepare", [*keystore, "cert", "issue", person, "--key-type", kind])
        self.ours = ["-q", "-k", self.at / "store"]
        self.partner = ["-q", "-k", self.at / "partner"]
        authority = self.at / "partner.pem"
        self.done("prepare", [*self.partner, "ca", "export", "-o", authority])
        self.done("prepare", [*self.ours, "trust", "add", authority])
        (self.at / "store" / "policy.toml").write_text(POLICY)
        made = self.at / "made"
        made.mkdir()
        (made / "short.eml").write_bytes(mail(ALICE, BOB, "Short", "Hello."))
        (made / "long.eml").write_bytes(mail(ALICE, BOB, "Long", "A line of text.\r\n" * 50_000))
        (made / "large.eml").write_bytes(mail(ALICE, BOB, "Large", "A line of text.\r\n" * 500_000))
        self.made = sorted(made.iterdir())
        files = sorted(path for path in corpora.rglob("*") if path.suffix in (".msg", ".txt"))
        files = [path for path in files if 0 < path.stat().st_size <= LARGEST]
        for path in [*self.made, *files]:
            for kind in ["sign", "opaque", "encrypt", "outbound"]:
                self.work(kind, path)
        for path in self.made:
            self.work("both", path)
        self.accepted = [path for path in files if self.alone[("encrypt", path)][0] == 0]
        self.refused = [path for path in files if path not in self.accepted]
        if len(self.accepted) < 20:
            sys.exit(f"only {len(self.accepted)} messages can be encrypted\n" + self.report())
        # What only a partner makes.
        self.inbound = made / "inbound.signed"
        from_carol = made / "carol.eml"
        from_carol.write_bytes(mail(CAROL, ALICE, "Figures", "They are in."))
        self.inbound.write_bytes(self.done("prepare", [*self.partner, "sign", from_carol]))
        self.work("inbound", self.inbound)
        # That stored Carol's certificate, and now she is known.
        self.done("prepare", [*self.ours, "verify", self.inbound])
        self.certificates = self.count()

    def work(self, kind, path):
        """One thing done with one message; where it can be undone, it is."""
        if kind == "inbound":
            words = ["policy", "apply", "--direction", "inbound", path]
            return self.same((kind, path), *self.run(kind, [*self.ours, *words])[:2])
        making, reading = {
            "sign": (["sign", "--signer", ALICE], ["verify", "--expect", ALICE]),
            "opaque": (["sign", "--opaque", "--signer", ALICE], ["verify", "--expect", ALICE]),
            "encrypt": (["encrypt", "--recipient", BOB], ["decrypt"]),
            "both": (
                ["encrypt", "--sign", "--to-self", "--recipient", BOB],
                ["verify", "--no-extract"],
            ),
            "outbound": (
                ["policy", "apply", "--direction", "outbound", "--envelope-from", ALICE,
                 "--envelope-to", BOB],
                ["verify", "--no-extract", "--expect", ALICE],
            ),
        }[kind]
        status, output, _ = self.run(kind, [*self.ours, *making], path)
        self.same((kind, path), status, b"")
        if status != 0:
            return self.same((kind, path, "refused"), status, output)
        with tempfile.NamedTemporaryFile(dir=self.at, suffix=".eml") as message:
            message.write(output)
            message.flush()
            status, output, _ = self.run(f"{reading[0]}, {kind}", [*self.ours, *reading, message.name])
        self.same((kind, path, "read"), status, output)

    def number(self):
        with self.lock:
            self.numbers += 1
            return self.numbers

    def extract(self):
        """A first message of somebody new."""
        address = f"author{self.number()}@example.net"
        issue = ["cert", "issue", address, "--key-type", "ec-p256"]
        self.done("issue, partner", [*self.partner, *issue])
        with tempfile.NamedTemporaryFile(dir=self.at, suffix=".eml") as message:
            message.write(mail(address, ALICE, "Hello", "I am new here."))
            message.flush()
            signed = self.done("sign, partner", [*self.partner, "sign", message.name])
            message.seek(0)
            message.truncate()
            message.write(signed)
            message.flush()
            told = self.done("verify, extract", [*self.ours, "verify", "--json", message.name])
        taken = json.loads(told or b"{}").get("extracted", [])
        with self.lock:
            if [one["outcome"] for one in taken] == ["stored"]:
                self.stored.append(address)
            else:
                self.fail(["extract", address], taken, "")

    def issue(self):
        address = f"user{self.number()}@example.com"
        self.done("issue", [*self.ours, "cert", "issue", address, "--key-type", "ec-p256"])
        with self.lock:
            self.issued += 1

    def remove(self):
        """Somebody is forgotten again."""
        with self.lock:
            address = self.stored.pop(0) if self.stored else None
        if address:
            self.done("remove", [*self.ours, "cert", "remove", address])
            with self.lock:
                self.removed += 1

    def batch(self, chance):
        """Several messages in one run."""
        paths = chance.sample(self.accepted, 8)
        with tempfile.TemporaryDirectory(dir=self.at) as out:
            named = Path(out) / "in"
            named.mkdir()
            copies = [shutil.copy(path, named / f"{n}.eml") for n, path in enumerate(paths)]
            words = ["encrypt", "--recipient", BOB, "--output-dir", f"{out}/to", *copies]
            self.done("encrypt, batch", [*self.ours, *words])
            written = len(list((Path(out) / "to").iterdir()))
            if written != len(paths):
                with self.lock:
                    self.fail(words, f"{written} files of {len(paths)}", "")

    def until(self, end, seed):
        chance = random.Random(seed)
        kinds = ["sign", "opaque", "encrypt", "both", "outbound", "inbound"] * 6
        kinds += ["extract"] * 4 + ["issue", "remove", "remove", "check", "list", "crl", "batch", "status"]
        while time.monotonic() < end and len(self.failures) < 10:
            kind = chance.choice(kinds)
            if kind == "extract":
                self.extract()
            elif kind == "issue":
                self.issue()
            elif kind == "remove":
                self.remove()
            elif kind == "batch":
                self.batch(chance)
            elif kind == "check":
                told = self.done("keystore check", [*self.ours, "keystore", "check", "--json"])
                if json.loads(told or b"{}").get("damages") != []:
                    with self.lock:
                        self.fail(["keystore", "check"], told, "")
            elif kind == "list":
                self.done("cert list", [*self.ours, "cert", "list"])
            elif kind == "status":
                self.done("status", [*self.ours, "status"])
            elif kind == "crl":
                self.done("ca crl", [*self.ours, "ca", "crl"])
            elif kind == "inbound":
                self.work(kind, self.inbound)
            else:
                # Who signs is the author, who has to be Alice, unless a signer is named.
                made = {"both": 1, "outbound": 0.7}.get(kind, 0.2)
                others = self.refused if chance.random() < 0.2 else self.accepted
                self.work(kind, chance.choice(self.made if chance.random() < made else others))

    def count(self):
        told = self.done("cert list", [*self.ours, "cert", "list", "--json"])
        return len(json.loads(told)["certificates"])

    def settle(self, memory):
        """What has to hold once everybody has gone home."""
        told = json.loads(self.done("keystore check", [*self.ours, "keystore", "check", "--json"]))
        if (told["verdict"], told["leftovers"], told["damages"]) != ("whole", 0, []):
            self.fail(["keystore", "check"], told, "")
        expected = self.certificates + len(self.stored) + self.issued
        if (found := self.count()) != expected:
            self.fail(["cert", "list"], f"{found} certificates instead of {expected}", "")
        if left := sorted(path.name for path in self.scratch.iterdir()):
            self.fail(["temporary files"], left, "")
        known = {"store", "partner", "partner.pem", "made", "scratch"}
        if left := sorted({path.name for path in self.at.iterdir()} - known):
            self.fail(["other files"], left, "")
        if (peak := max(self.watch.memory, default=0)) > memory:
            self.fail(["memory"], f"{peak:.0f} MiB", "")
        return told

    def report(self):
        return "\n".join(self.failures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=20, help="how long")
    parser.add_argument("--processes", type=int, default=8, help="how many at once")
    parser.add_argument("--memory", type=float, default=64, help="the most MiB of one process")
    parser.add_argument("--seed", type=int, default=1, help="of what is done when")
    parser.add_argument("--smime", help="the binary; else it is built")
    options = parser.parse_args()
    smime = Path(options.smime).resolve() if options.smime else build()
    corpora = Path(os.environ.get("SMIME_CORPORA", PROJECT.parent / "shared" / "corpora")) / "mime"
    machine()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as directory:
        soak = Soak(directory, smime)
        soak.prepare(corpora)
        soak.walls.clear()
        soak.watch.files.clear()
        soak.watch.memory.clear()
        end = time.monotonic() + options.minutes * 60
        workers = [
            threading.Thread(target=soak.until, args=(end, options.seed * 1000 + number))
            for number in range(options.processes)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        told = soak.settle(options.memory)
    heading("operation", "times", "median", "longest")
    for name, walls in sorted(soak.walls.items()):
        print(f"| {name} | {len(walls):,} | {seconds(statistics.median(walls))} | {seconds(max(walls))} |")
    messages = len(soak.made) + len(soak.accepted) + len(soak.refused)
    print(
        f"\n{sum(map(len, soak.walls.values())):,} processes, {options.processes} at once, on "
        f"{messages} messages: {len(soak.stored) + soak.removed:,} certificates extracted, "
        f"{soak.issued:,} issued, {soak.removed:,} removed; {soak.locked:,} times told to try again\n"
        f"most memory of one in MiB: {most(soak.watch.memory)}; most open files: "
        f"{most(soak.watch.files)}\n"
        f"the keystore at the end: {told['verdict']}, {told['files']:,} files, "
        f"{told['certificates']:,} certificates, {told['leftovers']} leftovers"
    )
    if soak.failures:
        sys.exit(f"\n{soak.report()}")


if __name__ == "__main__":
    main()
