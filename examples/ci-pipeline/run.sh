#!/bin/sh
# Sign notification mail in a CI pipeline: the identity is a PKCS #12 file from a
# secret, there is no keystore, and nothing is left behind.
#
# A pipeline gives two secrets: NOTIFY_P12 (the file in base64) and
# SMIME_FILE_PASSPHRASE, and in a file of the project, NOTIFY_CA, the certificate of
# the CA. To run anywhere, this example makes all of them itself when they are
# missing, with a throw-away keystore.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${SMIME:-}" ]; then
    cargo build --release --quiet --manifest-path "$here/../../Cargo.toml"
    target=${CARGO_TARGET_DIR:-$here/../../target}
    SMIME=$target/release/smime
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
umask 077

if [ -z "${NOTIFY_P12:-}" ]; then
    # What an administrator does once, elsewhere.
    SMIME_FILE_PASSPHRASE=$(head -c 18 /dev/urandom | base64)
    export SMIME_FILE_PASSPHRASE
    export SMIME_KEYSTORE="$work/administrator"
    "$SMIME" ca init --organization "Example" --no-passphrase > /dev/null
    "$SMIME" cert issue ci@example.com --name "Build notifications" > /dev/null
    "$SMIME" cert export ci@example.com --with-private-key -o "$work/ci.p12"
    "$SMIME" ca export -o "$work/ca.pem"
    NOTIFY_P12=$(base64 < "$work/ci.p12")
    NOTIFY_CA=$work/ca.pem
    unset SMIME_KEYSTORE
fi

# The pipeline: the secret becomes a file for as long as the job runs.
printf '%s\n' "$NOTIFY_P12" | base64 -d > "$work/identity.p12"

# Will the certificate still be good in two weeks? If not, the job says so in time,
# and goes on.
soon=$(( $(date +%s) + 14 * 24 * 60 * 60 ))
soon=$(date -u -d "@$soon" +%Y-%m-%dT%H:%M:%SZ 2> /dev/null || date -u -r "$soon" +%Y-%m-%dT%H:%M:%SZ)
"$SMIME" cert check --no-keystore --trust "$NOTIFY_CA" --purpose sign --address ci@example.com \
    --time "$soon" "$work/identity.p12" > /dev/null ||
    echo "the certificate of ci@example.com will not be accepted in two weeks"

# Most notification mail is like this: a few header fields and 7-bit text.
mkdir "$work/outbox"
for stage in build test; do
    cat > "$work/outbox/$stage.eml" << MESSAGE
From: Build notifications <ci@example.com>
To: team@example.com
Subject: Build 4711: stage $stage failed

Stage "$stage" failed after 3 min 12 s.
MESSAGE
done

# All of them in one run, so that the secret is opened once. People go by the subject,
# so it is signed too.
"$SMIME" sign --quiet --no-keystore --identity "$work/identity.p12" --protect-headers \
    --output-dir "$work/signed" "$work/outbox"/*.eml

# What the receiving side sees, with the CA certificate that it was given.
"$SMIME" verify --quiet --no-keystore --trust "$NOTIFY_CA" "$work/signed"/*.eml

for message in "$work/signed"/*.eml; do
    echo "a pipeline would now run: sendmail -t < ${message##*/}"
done

# Without the secret nothing is sent, and the job fails: an unset variable is no passphrase.
if SMIME_FILE_PASSPHRASE='' "$SMIME" sign --quiet --no-keystore \
    --identity "$work/identity.p12" "$work/outbox/test.eml" > "$work/none" 2> /dev/null; then
    echo "signed without the passphrase" >&2
    exit 1
fi
