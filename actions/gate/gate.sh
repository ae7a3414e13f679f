#!/usr/bin/env bash
# Compare HEAD with BASE and end with the gate's exit code. Reads CONFIG, BASE, HEAD, OPTIONS (a word
# a line), ACCEPT_UNDECIDED; leaves gate.md, gate.json, gate.xml and gate.log in OUTPUT.
set -uo pipefail

mkdir -p "$OUTPUT" || exit 2
rm -f "$OUTPUT"/gate.*
options=()
while IFS= read -r word; do
  [[ -z $word ]] || options+=("$word")
done <<<"${OPTIONS-}"
[[ $ACCEPT_UNDECIDED != true ]] || options+=(--accept-undecided)

unladen --config "$CONFIG" gate \
  --markdown "$OUTPUT/gate.md" --json "$OUTPUT/gate.json" --junit "$OUTPUT/gate.xml" \
  "${options[@]}" -- "$BASE" "$HEAD" 2>&1 | tee "$OUTPUT/gate.log"
code=${PIPESTATUS[0]}

case $code in
0) outcome=passed said="" ;;
1) outcome=regression said="worse than its base, beyond a threshold" ;;
3) outcome=broken said="something that worked at the base is broken" ;;
4) outcome="not measured" said="nothing was measured" ;;
5) outcome=undecided said="could not judge: some values scatter too much" ;;
*) outcome=error said="the gate could not run: the log says what to do" ;;
esac
printf 'exit-code=%s\noutcome=%s\n' "$code" "$outcome" >>"$GITHUB_OUTPUT"
[[ -z $said ]] || echo "::error title=Unladen gate::$said (exit code $code)"

if [[ -s $OUTPUT/gate.md ]]; then
  cat "$OUTPUT/gate.md" >>"$GITHUB_STEP_SUMMARY"
else
  # As an indented block the last lines of the log are text, whatever is in them.
  {
    printf '### ❌ %s\n\n' "${said:-there is no verdict}"
    tail -n 20 "$OUTPUT/gate.log" | sed 's/^/    /'
  } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
