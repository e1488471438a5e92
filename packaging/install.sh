#!/bin/sh
# Installs the man pages, the completions and the JSON Schema under PREFIX, /usr/local unless it is
# given; below DESTDIR, if that is set, for makers of packages. The binary is put in place by
# `cargo install --path .`.
#
#   sh packaging/install.sh [PREFIX]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
share=${DESTDIR:-}${1:-${PREFIX:-/usr/local}}/share

# put FILE NAME: the file as that name below share, readable by all.
put() {
    target=$share/$2
    mkdir -p "${target%/*}"
    cp "$1" "$target"
    chmod 644 "$target"
    printf '%s\n' "$target"
}

for page in "$here"/man/*.[157]; do
    put "$page" "man/man${page##*.}/${page##*/}"
done
put "$here/completions/smime.bash" bash-completion/completions/smime
put "$here/completions/_smime" zsh/site-functions/_smime
put "$here/completions/smime.fish" fish/vendor_completions.d/smime.fish
put "$here/schema/smime-report.schema.json" smime/smime-report.schema.json
