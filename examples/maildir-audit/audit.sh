#!/bin/sh
# Verifies every message of a Maildir and prints a table of what is wrong with which:
#
#     audit.sh MAILDIR [OPTION of smime verify]...
#
# Old mail is best judged at the time when it came: `audit.sh MAILDIR --time received`. Nothing is
# changed, and no certificate is extracted. It needs jq.
#
# Exit status: 0, 1 (a signature was rejected) or 2 (something could not be verified at all).
set -eu
maildir=${1:?name a Maildir}
shift
if ! command -v jq > /dev/null; then
    echo "audit.sh needs jq" >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

find "$maildir" -type f \( -path '*/cur/*' -o -path '*/new/*' \) -print0 | sort -z > "$work/files"
if [ ! -s "$work/files" ]; then
    echo "there is no message in $maildir" >&2
    exit 2
fi

# As many messages in one run as fit on a command line: thousands. A run opens the keystore once and
# uses all cores. Its status tells nothing beyond its documents, one for each message in one line.
xargs -0 "${SMIME:-smime}" verify --json --no-extract --no-progress "$@" \
    < "$work/files" > "$work/reports" 2> "$work/told" || true

# The first reason to reject says it; mail that is merely not signed is no failure.
jq -r '
    def plain: tostring | gsub("[[:cntrl:]]"; "?");
    ([.findings[] | select(.severity == "reject") | .code]) as $codes
    | (if .verdict == "error" then ["error", .error.summary]
       elif .verdict == "accepted" then ["accepted", ""]
       elif .layers == [] and any($codes[]; . == "smime.not-signed") then ["not signed", ""]
       else ["rejected", $codes[0]] end) as [$verdict, $reason]
    | [$verdict, (.message.date // "" | .[:10]), (.message.header_from[0] // ""), $reason, .file]
    | map(plain) | join("\t")' "$work/reports" > "$work/table"

# Without a document for each message there was no keystore, or the like, and smime told why.
if [ "$(wc -l < "$work/table")" -ne "$(tr -cd '\0' < "$work/files" | wc -c)" ]; then
    cat "$work/told" >&2
    exit 2
fi

awk -F '\t' '
    BEGIN { print "VERDICT     DATE        FROM                            REASON" }
    { count[$1]++; printf "%-10s  %-10s  %-30s  %s\n", $1, $2, $3, $4; if ($4 != "") print "            " $5 }
    END {
        print ""
        printf "%d messages: %d accepted, %d rejected, %d not signed, %d errors\n", NR,
            count["accepted"], count["rejected"], count["not signed"], count["error"]
        exit count["error"] ? 2 : count["rejected"] ? 1 : 0
    }' "$work/table"
