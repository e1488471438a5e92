#!/bin/sh
# The main job from end to end, in a throw-away keystore: set up a CA and two
# users, then sign, encrypt, decrypt, verify and policy-check a real message.
#
# SMIME names the program to run; without it the release binary is built.
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
cd "$work"

# Everything lives in one directory. The passphrase protects the private keys;
# a script takes it from a secret, never from a command line.
export SMIME_KEYSTORE="$work/keystore"
umask 077
head -c 18 /dev/urandom | base64 > passphrase
export SMIME_PASSPHRASE_FILE="$work/passphrase"

say() { printf '\n-- %s\n' "$*"; }
smime() { printf '$ smime %s\n' "$*"; "$SMIME" "$@"; }
# Like smime, for output that goes to a file.
smime_to() { printf '$ smime %s\n' "$*" >&2; "$SMIME" "$@"; }

say "Create the keystore and its local CA; protection is on from now"
smime ca init --organization "Example" --country CH --email postmaster@example.com

say "Issue certificates for two users"
smime cert issue billing@example.com --name "Billing"
smime cert issue desk@example.com --name "Service Desk" --key-type ec-p256
smime cert list

say "Sign: the output is a complete message, ready for sendmail"
cp "$here/message.eml" message.eml
smime sign message.eml -o signed.eml
grep -i '^Content-Type: multipart/signed' signed.eml

say "Encrypt the signed message for the recipient in To"
smime encrypt signed.eml -o encrypted.eml
grep -i '^Content-Type:' encrypted.eml

say "Decrypt: what comes out is the signed message"
smime decrypt encrypted.eml -o decrypted.eml

say "Verify: decrypts, checks signature, certificate and From, and writes the content"
smime verify encrypted.eml -o content.eml
grep -q 'Please find the invoice attached' content.eml

say "A message that was changed on its way is rejected, and nothing is written"
sed 's/Please find/Please pay/' signed.eml > altered.eml
if smime verify altered.eml -o altered.out; then
    echo "an altered message was accepted" >&2
    exit 1
fi
test ! -e altered.out

say "Ask the policy what would happen to the message"
smime policy check --direction outbound message.eml

say "Done: the keystore was in $SMIME_KEYSTORE and is now removed"
