#!/bin/sh
# budgets.sh OBJDIR: sizes and habits that clang-tidy does not know.
set -eu

bad=0

# none WHAT LINES: complains when there are lines.
none() {
	[ -n "$2" ] || return 0
	printf 'budgets: %s\n%s\n' "$1" "$2" >&2
	bad=1
}

too_long() {
	limit=$1
	shift
	wc -l "$@" | awk -v limit="$limit" \
	    '$1 > limit && $2 != "total" { print $2 ": " $1 }'
}

too_wide() {
	for file in "$@"; do
		expand "$file" | awk -v file="$file" \
		    'length > 80 { print file ":" NR ": " length }'
	done
}

# Exported functions are named for their file, 95 in 100 at least.
misnamed() {
	find "$1/resolverd" -name '*.o' | while read -r object; do
		nm -g --defined-only "$object" |
		    sed -n "s|.* T |$(basename "$object" .o) |p"
	done | awk '
		{ exported++ }
		$2 != "main" && index($2, $1 "_") != 1 {
			strangers = strangers "\n" $1 ".c: " $2
			misnamed++
		}
		END {
			if (misnamed * 20 > exported)
				print misnamed " of " exported strangers
		}'
}

unfinished() {
	grep -nwE 'TODO|FIXME|XXX' "$@" || :
}

jumps() {
	grep -nE '\<goto\>' resolverd/core/*.c resolverd/dns/*.c || :
}

code=$(ls resolverd/*.c resolverd/*/*.[ch])
tests=$(find tests -name '*.[ch]')

# shellcheck disable=SC2086 # lists of words
{
	none 'files of code over 600 lines' "$(too_long 600 $code)"
	none 'lines over 80 columns' "$(too_wide $code $tests Makefile)"
	none 'work left over' "$(unfinished $code $tests Makefile)"
}
none 'README.md over 120 lines' "$(too_long 120 README.md)"
none 'goto in core/ or dns/' "$(jumps)"
none 'exported functions not named for their file' "$(misnamed "$1")"
exit $bad
