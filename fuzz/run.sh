#!/bin/sh
# usage: run.sh SECONDS [TARGET...]     runs each target, or those named, for so many seconds
#
# Ends with 1 if any found something; what it was is in artifacts/TARGET.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${1:?seconds for each target}
shift
[ $# -gt 0 ] || set -- $(cargo fuzz list)
status=0
for target in "$@"; do
  if ! cargo fuzz run -s none "$target" -- -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=1024 -print_final_stats=1 >"fuzz/$target.log" 2>&1; then
    status=1
  fi
  grep -E "^stat::number_of_executed_units|cov:|SUMMARY|panicked" "fuzz/$target.log" |
    tail -n 3 | sed "s/^/$target: /"
done
exit $status
