#!/usr/bin/env bash
# Add the results to the branch RESULTS_BRANCH of origin, a folder for each project, and push it,
# never by force. Reads CONFIG (a conf a line); TOKEN and SERVER, if set, say who pushes where.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tries=5

# In variables git is told who pushes without a trace on disk or in the list of processes.
if [[ -n ${TOKEN:-} ]]; then
  basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')
  echo "::add-mask::$basic"
  export GIT_CONFIG_COUNT=1
  export GIT_CONFIG_KEY_0="http.$SERVER/.extraheader"
  export GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic"
fi
export GIT_AUTHOR_NAME="github-actions[bot]" GIT_COMMITTER_NAME="github-actions[bot]"
export GIT_AUTHOR_EMAIL="41898282+github-actions[bot]@users.noreply.github.com"
export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_TERMINAL_PROMPT=0

origin=$(git remote get-url origin)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
branch=refs/heads/$RESULTS_BRANCH
upstream=refs/remotes/origin/$RESULTS_BRANCH

git init --quiet --initial-branch="$RESULTS_BRANCH" "$work"
git -C "$work" remote add origin "$origin"
# Two versions of a results file are never mixed line by line: one of them is taken as a whole.
echo "* -merge -text" >"$work/.git/info/attributes"

# Whether the branch is there; what else goes wrong ends the script.
fetch() {
  local found
  found=$(git -C "$work" ls-remote origin "$branch") || exit 1
  [[ -n $found ]] || return 1
  git -C "$work" fetch --quiet --depth=50 origin "+$branch:$upstream" || exit 1
}

# The one commit of this run, on top of what others pushed; of a file that both changed, this run's.
rebase() {
  git -C "$work" rebase --quiet "$upstream" >"$work/.git/rebase.log" 2>&1 && return
  {
    git -C "$work" checkout --quiet --theirs -- . && git -C "$work" add --all &&
      GIT_EDITOR=true git -C "$work" rebase --continue
  } >>"$work/.git/rebase.log" 2>&1 || {
    cat "$work/.git/rebase.log" >&2
    exit 1
  }
}

if fetch; then
  git -C "$work" reset --quiet --hard "$upstream"
fi
while IFS= read -r config; do
  [[ -n $config ]] || continue
  said=$(python "$here/../setup/conf.py" "$config")
  mapfile -t conf <<<"$said"
  [[ -d ${conf[1]} ]] || continue
  mkdir -p "$work/${conf[0]}"
  cp -R "${conf[1]}/." "$work/${conf[0]}/"
done <<<"${CONFIG:?}"

git -C "$work" add --all --force
if git -C "$work" diff --cached --quiet; then
  echo "there are no new results"
  exit 0
fi
git -C "$work" commit --quiet --message "Add results of $(git rev-parse --short HEAD)"
for ((try = 1; try <= tries; try++)); do
  if git -C "$work" push --quiet origin "HEAD:$branch"; then
    echo "pushed to $RESULTS_BRANCH"
    exit 0
  fi
  echo "somebody else pushed, or nobody may: try $try of $tries"
  sleep "$((try - 1))"
  if fetch; then
    rebase
  fi
done
echo "::error title=Unladen nightly::could not push to $RESULTS_BRANCH; does the job have contents: write?"
exit 1
