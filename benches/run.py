#!/usr/bin/env python3
"""Measures `smime` beside `openssl cms`: whole processes, interleaved, medians.

    benches/run.py                       # builds, measures everything, prints the tables
    benches/run.py --sizes 10K,1M        # these sizes only
    benches/run.py --memory 2.5G         # peak memory of ours alone, from file and from pipe

Everything is made in a temporary directory: keys, certificates and messages. What a process writes
goes to /dev/null, so that no disk is measured that one of the two flushes and the other does not;
files for temporary content are written where they always are. Needs Python 3.8 and OpenSSL 3.
"""

import argparse
import base64
import functools
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
UNITS = {"K": 10**3, "M": 10**6, "G": 10**9}
USER = "user@example.com"


def size_of(text):
    """Octets of a size such as 10K or 2.5G."""
    unit = UNITS.get(text[-1:].upper())
    return int(float(text[:-1]) * unit) if unit else int(text)


class Use:
    """What one process took."""

    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory


def measure(command, stdin=None, status=0):
    """Runs a command to its end. `stdin` is a file that is fed through a pipe."""
    feeder = None
    if stdin:
        feeder = subprocess.Popen(["cat", stdin], stdout=subprocess.PIPE)
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryFile() as told:
        start = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=feeder.stdout if feeder else subprocess.DEVNULL,
            stdout=nowhere,
            stderr=told,
        )
        if feeder:
            feeder.stdout.close()
        _, state, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        # Reaped already; the object would wait for it again.
        child.returncode = os.waitstatus_to_exitcode(state)
        if child.returncode != status:
            told.seek(0)
            text = told.read().decode(errors="replace")
            sys.exit(f"{' '.join(map(str, command))}: status {child.returncode}\n{text}")
    if feeder:
        feeder.wait()
    # Linux tells kilobytes, and counts what the process was before it became this program: about
    # 16 MiB of Python, so less than that cannot be seen.
    return Use(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(uses):
    return Use(
        statistics.median(use.wall for use in uses),
        statistics.median(use.cpu for use in uses),
        max(use.memory for use in uses),
    )


def quietly(command, **options):
    """Runs a command that only prepares something."""
    words = [str(word) for word in command]
    nowhere = subprocess.DEVNULL
    subprocess.run(words, check=True, stdout=nowhere, stderr=nowhere, **options)


class Bench:
    """Keys, messages and commands in a directory."""

    def __init__(self, directory, smime, key):
        self.at, self.smime, self.key_type = Path(directory), smime, key
        store = self.at / "store"
        init = [smime, "-k", store, "ca", "init", "--no-passphrase", "--key-type", key]
        quietly(init)
        quietly([smime, "-k", store, "cert", "issue", USER, "--key-type", key])
        quietly([smime, "-k", store, "ca", "export", "-o", self.at / "ca.pem"])
        export = [smime, "-k", store, "cert", "export", USER, "--format", "pem"]
        quietly([*export, "-o", self.at / "cert.pem"])
        secret = self.at / "secret"
        secret.write_text("a passphrase for the way out\n")
        protected = self.at / "protected.pem"
        private = ["--with-private-key", "--file-passphrase-file", secret, "-o", protected]
        quietly([*export, *private])
        key_file = self.at / "key.pem"
        decrypt_key = ["openssl", "pkey", "-in", protected, "-passin", f"file:{secret}"]
        quietly([*decrypt_key, "-out", key_file])
        self.identity = self.at / "identity.pem"
        self.identity.write_bytes(key_file.read_bytes() + (self.at / "cert.pem").read_bytes())
        self.identity.chmod(0o600)

    def write_message(self, path, size):
        """A message with an attachment in base64: lines of 76, as mail programs send them."""
        head = (
            f"From: {USER}\r\nTo: {USER}\r\nSubject: A file\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="=_part"\r\n\r\n'
            "--=_part\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nHere it is.\r\n"
            "--=_part\r\nContent-Type: application/octet-stream\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        octets = base64.b64encode(os.urandom(57 * 2000))
        lines = b"".join(octets[at : at + 76] + b"\r\n" for at in range(0, len(octets), 76))
        tail = b"--=_part--\r\n"
        left = max(1, (size - len(head) - len(tail)) // 78) * 78
        with open(path, "wb") as message:
            message.write(head)
            while left:
                piece = lines[: min(left, len(lines))]
                message.write(piece)
                left -= len(piece)
            message.write(tail)

    def write_forms(self, size):
        """The message, and what becomes of it: all forms that the operations read."""
        for name in ["mail", "clear", "opaque", "encrypted", "signed-inside"]:
            self.write_form(f"{name}.eml", size)

    def write_form(self, name, size):
        """One form, and what it is made of if that is not there."""
        if name == "mail.eml":
            return self.write_message(self.at / name, size)
        base = "clear.eml" if name == "signed-inside.eml" else "mail.eml"
        if not (self.at / base).exists():
            self.write_form(base, size)
        sign = ["sign", "--identity", self.identity, self.at / "mail.eml"]
        encrypt = ["encrypt", "--cipher", "aes-256-cbc", "--certificate", self.at / "cert.pem"]
        command = {
            "clear.eml": sign,
            "opaque.eml": [*sign, "--opaque"],
            "encrypted.eml": [*encrypt, self.at / "mail.eml"],
            "signed-inside.eml": [*encrypt, self.at / "clear.eml"],
        }[name]
        quietly([self.smime, "--no-keystore", *command, "-o", self.at / name])

    def operations(self):
        """Name, the file that is read, our arguments and OpenSSL's."""
        keys = ["-signer", self.at / "cert.pem", "-inkey", self.at / "key.pem"]
        receiver = ["-recip", self.at / "cert.pem", "-inkey", self.at / "key.pem"]
        identity = ["--identity", self.identity]
        trust = ["--trust", self.at / "ca.pem"]
        theirs_trust = ["-CAfile", self.at / "ca.pem"]
        encrypt = ["--certificate", self.at / "cert.pem", "--cipher", "aes-256-cbc"]
        theirs_encrypt = ["-encrypt", "-stream", "-aes-256-cbc"]
        return [
            ("sign, clear", "mail.eml", ["sign", *identity], ["-sign", *keys]),
            (
                "sign, opaque",
                "mail.eml",
                ["sign", "--opaque", *identity],
                ["-sign", "-nodetach", "-stream", *keys],
            ),
            ("verify, clear", "clear.eml", ["verify", *trust], ["-verify", *theirs_trust]),
            ("verify, opaque", "opaque.eml", ["verify", *trust], ["-verify", *theirs_trust]),
            ("encrypt", "mail.eml", ["encrypt", *encrypt], theirs_encrypt),
            ("decrypt", "encrypted.eml", ["decrypt", *identity], ["-decrypt", *receiver]),
            (
                "decrypt, signed inside",
                "signed-inside.eml",
                ["decrypt", *identity],
                ["-decrypt", *receiver],
            ),
        ]

    def ours(self, arguments):
        return [self.smime, "-q", "--no-keystore", *arguments]

    def theirs(self, arguments):
        last = [self.at / "cert.pem"] if arguments[0] == "-encrypt" else []
        return ["openssl", "cms", *arguments, *last]

    def compare(self, size, runs, pipe):
        """Measures every operation at one size, ours and theirs in turn."""
        for name, file, ours, theirs in self.operations():
            path = self.at / file
            mine, others = [], []
            for _ in range(runs):
                if pipe:
                    mine.append(measure(self.ours(ours), path))
                    others.append(measure(self.theirs(theirs), path))
                else:
                    mine.append(measure([*self.ours(ours), path]))
                    others.append(measure(with_input(self.theirs(theirs), path)))
            way = "pipe" if pipe else "file"
            row(name, size, way, medians(mine), medians(others))

    def memory(self, size, text):
        """Peak memory of ours, from file and from pipe. Takes six times the size on the disk."""
        for name, file, ours, _ in self.operations():
            path = self.at / file
            if not path.exists():
                self.write_form(file, size)
            for other in self.at.glob("*.eml"):
                if other.name not in (file, "mail.eml"):
                    other.unlink()
            plain = measure([*self.ours(ours), path])
            piped = measure(self.ours(ours), path)
            print(
                f"| {name} | {text} | {plain.memory:.1f} | {piped.memory:.1f} "
                f"| {plain.wall:.2f} | {piped.wall:.2f} |",
                flush=True,
            )

    def batch(self, count):
        """Many small messages: one run of ours against a process of OpenSSL for each."""
        self.write_forms(10_000)
        for name, file, ours, theirs in self.operations():
            inbox, outbox = self.at / "inbox", self.at / "outbox"
            inbox.mkdir()
            paths = [inbox / f"{number}.eml" for number in range(count)]
            for path in paths:
                shutil.copy(self.at / file, path)
            mine = measure([*self.ours(ours), "--output-dir", outbox, *paths])
            start = time.perf_counter()
            cpu = 0
            for path in paths:
                place = ["-out", outbox / path.name]
                cpu += measure(with_input(self.theirs(theirs), path, place)).cpu
            wall = time.perf_counter() - start
            print(
                f"| {name} | {mine.wall:.2f} s | {wall:.2f} s | {wall / mine.wall:.1f} "
                f"| {mine.cpu:.2f} s | {cpu:.2f} s | {mine.memory:.0f} MiB |",
                flush=True,
            )
            shutil.rmtree(inbox)
            shutil.rmtree(outbox)


def with_input(command, path, more=()):
    """An `openssl cms` command that reads `path`; the recipient's certificate comes last."""
    return [*command[:3], "-in", path, *more, *command[3:]]


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def row(name, size, way, mine, others):
    print(
        f"| {name} | {size} | {way} | {seconds(mine.wall)} | {seconds(others.wall)} "
        f"| {mine.wall / others.wall:.2f} | {seconds(mine.cpu)} | {seconds(others.cpu)} "
        f"| {mine.memory:.1f} | {others.memory:.0f} |",
        flush=True,
    )


def heading(*cells):
    print(f"| {' | '.join(cells)} |")
    print(f"| {' | '.join(['---', *['--:'] * (len(cells) - 1)])} |", flush=True)


@functools.cache
def target():
    """The target of a static binary: musl if the toolchain has it, or can get it, else that of this
    machine."""
    musl = f"{platform.machine()}-unknown-linux-musl"
    if shutil.which("rustup"):
        added = subprocess.run(["rustup", "target", "add", musl], capture_output=True)
        if added.returncode == 0:
            return musl
    told = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in told.splitlines() if line.startswith("host:"))


def static():
    """The environment of a static build, by the release profile of Cargo.toml and no other."""
    kept = {name: value for name, value in os.environ.items() if "CARGO_PROFILE" not in name}
    return {**kept, "RUSTFLAGS": "-C target-feature=+crt-static"}


def build():
    """Builds what is released: a static binary, which starts faster."""
    command = ["cargo", "build", "--release", "--bin", "smime", "--target", target()]
    quietly(command, cwd=PROJECT, env=static())
    place = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target"))
    return place / target() / "release/smime"


def machine():
    """One line about where this was measured."""
    model = "unknown processor"
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    version = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True)
    load = os.getloadavg()[0]
    print(f"{model}, {os.cpu_count()} cores, load {load:.1f}; {platform.system()}", end=" ")
    print(f"{platform.release()}; {version.stdout.strip()}\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", default="10K,1M,100M,1G", help="which sizes")
    parser.add_argument("--pipe", default="100M", help="sizes that are read from a pipe as well")
    parser.add_argument("--runs", type=int, help="runs of each; else by size")
    parser.add_argument("--key", default="rsa-2048", help="key type of CA and user")
    parser.add_argument("--batch", type=int, default=1000, help="messages in the batch; 0 for none")
    parser.add_argument("--memory", help="only peak memory of ours, at these sizes")
    parser.add_argument("--smime", help="the binary; else it is built")
    parser.add_argument("--no-limits", action="store_true", help="leave out the raw limits")
    options = parser.parse_args()
    smime = Path(options.smime).resolve() if options.smime else build()
    machine()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as directory:
        bench = Bench(directory, smime, options.key)
        if options.memory:
            heading("operation", "size", "MiB from file", "MiB from pipe", "s", "s")
            for text in options.memory.split(","):
                bench.memory(size_of(text), text)
            return
        heading(
            "operation", "size", "from", "ours", "openssl", "ratio",
            "our CPU", "openssl CPU", "our MiB", "openssl MiB",
        )
        for text in filter(None, options.sizes.split(",")):
            size = size_of(text)
            bench.write_forms(size)
            by_size = 40 if size <= 10**5 else 15 if size <= 10**7 else 5 if size <= 10**8 else 3
            bench.compare(text, options.runs or by_size, False)
            if text in options.pipe.split(","):
                bench.compare(text, options.runs or by_size, True)
        if options.batch:
            print(f"\n{options.batch} messages of 10 KB: one run, and as many processes\n")
            heading("operation", "ours", "openssl", "times faster", "our CPU", "openssl CPU", "our memory")
            bench.batch(options.batch)
    if not options.no_limits:
        print("\nWhat one core of this machine can do\n", flush=True)
        command = ["cargo", "bench", "-q", "--bench", "limits", "--target", target()]
        subprocess.run(command, cwd=PROJECT, env=static(), check=True)


if __name__ == "__main__":
    main()
