#!/usr/bin/env bash
# Publish each target of CONFIG (a conf a line) and say which folder holds the whole site: that with
# the portal where a target's pages lie in a folder of its name, as the confs of unladen init do.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

site=""
while IFS= read -r config <&3; do
  [[ -n $config ]] || continue
  said=$(python "$here/../setup/conf.py" "$config")
  mapfile -t conf <<<"$said"
  unladen --config "$config" publish </dev/null
  pages=${conf[3]}
  [[ $(basename "$pages") != "${conf[0]}" ]] || pages=$(dirname "$pages")
  if [[ -n $site && $site != "$pages" ]]; then
    echo "::error title=Unladen site::$config: its pages are not beside the others; set html_dir"
    exit 2
  fi
  site=$pages
done 3<<<"${CONFIG:?}"
if [[ ! -f $site/index.html ]]; then
  echo "::error title=Unladen site::there is no ${site:-site}/index.html"
  exit 2
fi
echo "path=$site" >>"$GITHUB_OUTPUT"
