#!/usr/bin/env bash
# Get targets ready in a clone that actions/checkout made: a local branch, the stored results, a
# name for the machine. Reads CONFIG (a conf a line), BRANCH, RESULTS_BRANCH and MACHINE.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The checkout of a pull request has no local branches, and Unladen follows one.
if [[ -n $BRANCH ]] && ! git show-ref --verify --quiet "refs/heads/$BRANCH" &&
  git show-ref --verify --quiet "refs/remotes/origin/$BRANCH"; then
  git branch --quiet --no-track "$BRANCH" "refs/remotes/origin/$BRANCH"
fi

environments=()
digests=""
while IFS= read -r config; do
  [[ -n $config ]] || continue
  said=$(python "$here/conf.py" "$config")
  mapfile -t conf <<<"$said"
  project=${conf[0]} results=${conf[1]} lock=${conf[4]}
  environments+=("${conf[2]}")
  digests+=$(git hash-object "$lock")
  # Hosted runners are replaced daily, by others of the same kind: they count as one machine, whose
  # processor has no name here, since results of another processor's machine would be refused.
  unladen --config "$config" machine --yes --machine "$MACHINE" --os "$(uname -s)" --arch "$(uname -m)" \
    --cpu runner --num_cpu "$(getconf _NPROCESSORS_ONLN)" --ram runner
  stored="refs/remotes/origin/$RESULTS_BRANCH:$project"
  if git rev-parse --quiet --verify "$stored" >/dev/null; then
    mkdir -p "$results"
    # What people say of changes is in the commit, if it is tracked, and is not replaced by an older one.
    left_out=()
    if git ls-files --error-unmatch -- "$results/triage.json" >/dev/null 2>&1; then
      left_out=(--exclude=triage.json)
    fi
    git archive "$stored" | tar -x "${left_out[@]}" -C "$results"
    echo "$project: results of the branch $RESULTS_BRANCH are used"
  fi
done <<<"${CONFIG:?}"

{
  echo "environments<<end-of-environments"
  printf '%s\n' "${environments[@]}"
  echo "end-of-environments"
  echo "key=$(git hash-object --stdin <<<"$digests")"
} >>"$GITHUB_OUTPUT"
