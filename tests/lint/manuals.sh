#!/bin/sh
# manuals.sh: what a person can write or see stands in a manual, and what
# stands there exists: keys of the configuration, flags, counters.
set -eu

daemon=resolverd/resolverd.8
file=resolverd/resolverd.yaml.5
control=resolverd/resolverctl.8
bad=0

# same WHAT SOURCE MANUAL: two lists, a line each.
same() {
	work=$(mktemp -d)
	echo "$2" | LC_ALL=C sort -u >"$work/source"
	echo "$3" | LC_ALL=C sort -u >"$work/manual"
	difference=$(diff -U 0 --label source --label manual \
	    "$work/source" "$work/manual") || {
		printf 'manuals: %s\n%s\n' "$1" "$difference" >&2
		bad=1
	}
	rm -r "$work"
	[ -n "$2" ] && return
	echo "manuals: the source has no $1 at all" >&2
	bad=1
}

keys() {
	sed -nE 's/.*\.key = "([A-Za-z_0-9]+)".*/\1/p' \
	    resolverd/config/*.c
}

described_keys() {
	sed -nE 's/^\.It Cm ([A-Za-z_0-9]+) :.*/\1/p' "$file"
}

flags() {
	sed -nE "s/^[[:space:]]*\{'([a-zA-Z])',.*/\1/p" \
	    resolverd/ctl/arguments.c
}

described_flags() {
	sed -nE 's/^\.It Fl ([a-zA-Z])( .*|$)/\1/p' "$daemon"
}

# The options of resolverctl's commands, and the commands.
options() {
	sed -nE "s/^[[:space:]]*\{?\"([a-z-]+)\", ('.*'), .*/\1/p" \
	    resolverd/ctl/*.[ch]
}

described_options() {
	sed -nE 's/^\.It Fl (. Ar [a-z]+ , Fl )?(. , Fl )?-([a-z-]+).*/\3/p' \
	    "$control" | grep -vE '^(help|version)$'
}

commands() {
	sed -nE 's/^[[:space:]]*\{"([a-z-]+)", ".*/\1/p' resolverd/resolverctl.c
}

described_commands() {
	sed -nE 's/^\.Ic ([a-z-]+)$/\1/p' "$control"
}

# Counters are described in the words of their table.
counters() {
	sed -nE 's/^[[:space:]]*X\(([a-z_]+), "(.*)"\).*/\1: \2/p' \
	    resolverd/core/counters.h
}

described_counters() {
	sed -nE '/^\.It Va /{s///;N;s/\n/: /;p;}' "$daemon"
}

same keys "$(keys)" "$(described_keys)"
same flags "$(flags)" "$(described_flags)"
same options "$(options)" "$(described_options)"
same commands "$(commands)" "$(described_commands)"
same counters "$(counters)" "$(described_counters)"
exit $bad
