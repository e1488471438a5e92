#!/bin/sh
# Takes a Debian package apart below a new root, and uses it there from another directory and, where
# root runs this, as another user.
#
#   sh packaging/try.sh PACKAGE.deb
set -eu
package=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$work"
dpkg-deb -x "$package" "$work/root"
share=$work/root/usr/share

# What `packaging/install.sh` puts in place is there, and more.
DESTDIR=$work/by-script sh "$(dirname "$0")/install.sh" /usr > /dev/null
(cd "$work/by-script/usr/share" && find . -type f) | while read -r file; do
    case $file in
        ./man/*) file=$file.gz ;; # as Debian has them
        ./zsh/site-functions/*) file=./zsh/vendor-completions/${file##*/} ;;
    esac
    [ -s "$share/$file" ] || { echo "the package lacks share/$file" >&2; exit 1; }
done

if [ "$(id -u)" -eq 0 ]; then
    as_other() { runuser -u nobody -- "$@"; }
else
    as_other() { "$@"; }
fi
mkdir "$work/home"
chmod 777 "$work/home"
cd "$work/home"
smime=$work/root/usr/bin/smime
as_other env -i PATH=/usr/bin:/bin HOME="$work/home" "$smime" --version
as_other env -i PATH=/usr/bin:/bin HOME="$work/home" "$smime" reasons cert.expired > /dev/null
as_other env -i PATH=/usr/bin:/bin HOME="$work/home" SMIME="$smime" \
    sh "$share/doc/smime/examples/quickstart/run.sh" > quickstart.log 2>&1 ||
    { cat quickstart.log >&2; exit 1; }
zcat "$share/man/man1/smime.1.gz" | grep -q '^\.TH SMIME 1'
echo "the package works below another root, in another directory, as $(as_other id -un)"
