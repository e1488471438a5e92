#!/bin/sh
# Sign notification mail in a CI pipeline: the identity is a PKCS #12 file from a
# secret, there is no keystore, and nothing is left behind.
#
# A pipeline gives two secrets: NOTIFY_P12 (the file in base64) and
# SMIME_FILE_PASSPHRASE. To run anywhere, this example makes both itself when
# they are missing, with a throw-away keystore.
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
    unset SMIME_KEYSTORE
fi

# The pipeline: the secret becomes a file for as long as the job runs.
printf '%s\n' "$NOTIFY_P12" | base64 -d > "$work/identity.p12"

# Most notification mail is like this: a few header fields and 7-bit text.
cat > "$work/notification.eml" <<'MESSAGE'
From: Build notifications <ci@example.com>
To: team@example.com
Subject: Build 4711 failed

Stage "test" failed after 3 min 12 s.
MESSAGE

"$SMIME" sign --no-keystore --identity "$work/identity.p12" < "$work/notification.eml" \
    > "$work/signed.eml"
echo "signed; a pipeline would now hand signed.eml to sendmail -t"

# What the receiving side sees, with the CA certificate it was given.
if [ -e "$work/ca.pem" ]; then
    "$SMIME" verify --no-keystore --trust "$work/ca.pem" "$work/signed.eml" > /dev/null
    echo "the signature verifies against the CA certificate"
fi
