#!/bin/sh
# tidy.sh FILE STAMP FLAG...: clang-tidy with the compiler's flags; leaves STAMP
# when there is nothing to say.  What it counts and does not show is noise.
set -eu

file=$1
stamp=$2
shift 2
if ! noise=$(clang-tidy-14 --quiet "$file" -- "$@" 2>&1); then
	echo "$noise" | grep -avE '^[0-9]+ warnings? (and [0-9]+ errors? )?generated'
	exit 1
fi
mkdir -p "$(dirname "$stamp")"
touch "$stamp"
