#!/usr/bin/env bash
# Measure what has no results yet. Reads CONFIG (a conf a line), RANGE (may be empty), MINUTES.
# That benchmarks fail at some commit (exit code 3) is a result, and so is running out of time.
set -uo pipefail

end=$((SECONDS + MINUTES * 60))
status=0
while IFS= read -r config <&3; do
  [[ -n $config ]] || continue
  left=$((end - SECONDS))
  if ((left <= 0)); then
    echo "::notice title=Unladen nightly::no time left for $config: the next night measures it"
    continue
  fi
  range=()
  [[ -z $RANGE ]] || range=("$RANGE")
  # An interrupt is what unladen ends well on; in the foreground it reaches what unladen started.
  timeout --foreground --signal=INT --kill-after=120 "$left" \
    unladen --config "$config" run "${range[@]}" </dev/null
  code=$?
  case $code in
  0) ;;
  3) echo "::warning title=Unladen nightly::$config: some benchmarks fail; unladen table says why" ;;
  124) echo "::notice title=Unladen nightly::$config: out of time; the next night goes on" ;;
  *)
    echo "::error title=Unladen nightly::$config: unladen run ended with exit code $code"
    status=$code
    ;;
  esac
done 3<<<"${CONFIG:?}"
exit "$status"
