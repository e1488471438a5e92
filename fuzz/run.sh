#!/bin/sh
# usage: run.sh SECONDS [-OPTION=VALUE...] [TARGET...]
#
# Builds the targets, all or those named, and runs each for so many seconds. Options are the fuzzer's, and
# stand after those of this script, so that they count. Ends with 1 if any target found something; what
# it was is in artifacts/TARGET.
set -u
cd "$(dirname "$0")" || exit 1
seconds=${1:?seconds for each target}
shift
options="-timeout=20 -rss_limit_mb=1024"
while [ $# -gt 0 ]; do
  case $1 in
  -*) options="$options $1" ;;
  *) break ;;
  esac
  shift
done
if [ $# -eq 0 ]; then
  cargo fuzz build -s none --target-dir target || exit 1
  # shellcheck disable=SC2046
  set -- $(cargo fuzz list)
else
  for target in "$@"; do
    cargo fuzz build -s none --target-dir target "$target" || exit 1
  done
fi
built=target/$(rustc -vV | sed -n 's/^host: //p')/release
status=0
for target in "$@"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  known="corpus/$target"
  [ ! -d "regressions/$target" ] || known="$known regressions/$target"
  [ ! -s "dictionaries/$target" ] || known="$known -dict=dictionaries/$target"
  # shellcheck disable=SC2086
  if ! "$built/$target" $known "-artifact_prefix=artifacts/$target/" "-max_total_time=$seconds" \
    -print_final_stats=1 $options >"$target.log" 2>&1; then
    status=1
    tail -n 40 "$target.log"
  fi
  printf '%s: %s executions, ' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$target.log")"
  grep -o 'cov: [0-9]* ft: [0-9]*' "$target.log" | tail -n 1
done
exit $status
