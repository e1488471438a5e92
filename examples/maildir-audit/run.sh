#!/bin/sh
# Shows audit.sh at work: makes a Maildir of signed, encrypted, altered and other
# mail with a throw-away keystore, and audits it.
#
# SMIME names the program to run; without it the release binary is built.
set -eu
if ! command -v jq > /dev/null && [ "${CI:-}" != true ]; then
    echo "not run: jq is missing"
    exit
fi
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${SMIME:-}" ]; then
    cargo build --release --quiet --manifest-path "$here/../../Cargo.toml"
    SMIME=${CARGO_TARGET_DIR:-$here/../../target}/release/smime
fi
export SMIME
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
mkdir -p Maildir/cur Maildir/new Maildir/tmp Maildir/.Archive/cur

# The mailbox of Bob, whose server knows Alice's CA, and not Mallory's.
for name in bob mallory; do
    SMIME_KEYSTORE=$work/$name "$SMIME" ca init --no-passphrase --key-type ec-p256
done > /dev/null
export SMIME_KEYSTORE=$work/bob
"$SMIME" cert issue alice@example.com --key-type ec-p256 > /dev/null
"$SMIME" cert issue bob@example.com --key-type ec-p256 > /dev/null
SMIME_KEYSTORE=$work/mallory "$SMIME" cert issue alice@example.com --key-type ec-p256 > /dev/null

cat > plain <<'MESSAGE'
From: Alice <alice@example.com>
To: Bob <bob@example.com>
Subject: Figures
Date: Tue, 24 Nov 2026 08:00:00 +0000

The figures are in.
MESSAGE
"$SMIME" sign plain -o Maildir/cur/1.host:2,S
"$SMIME" encrypt --sign plain -o Maildir/cur/2.host:2,S
sed 's/figures are in/figures are out/' Maildir/cur/1.host:2,S > Maildir/cur/3.host:2,
SMIME_KEYSTORE=$work/mallory "$SMIME" sign plain -o Maildir/new/4.host
cp plain Maildir/.Archive/cur/5.host:2,S

status=0
sh "$here/audit.sh" Maildir > table || status=$?
cat table

# What the table has to say.
[ "$status" -eq 1 ]
grep -q 'rejected .* cms.message-digest-mismatch$' table
grep -q "rejected .* path.issuer-unknown$" table
grep -q '^5 messages: 2 accepted, 2 rejected, 1 not signed, 0 errors$' table

# What cannot be verified is told, and is no verdict.
status=0
SMIME_KEYSTORE=$work/nowhere sh "$here/audit.sh" Maildir 2> told || status=$?
[ "$status" -eq 2 ]
grep -q 'there is no keystore' told
