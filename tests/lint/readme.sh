#!/bin/sh
# Holds README.md to what CI asks of it: each command that .ci/run names stands
# there as a line of its own, and the whole stays within 120 lines.
set -eu

bad=0
complain() {
	echo "$1" >&2
	bad=1
}

while read -r command; do
	grep -qxF "    $command" README.md ||
		complain "README.md does not say: $command"
done <<-EOF
	$(sed -n "s/^named '\(.*\)'\$/\1/p" .ci/run)
EOF
lines=$(wc -l <README.md)
[ "$lines" -le 120 ] || complain "README.md has $lines lines, 120 at most"
exit $bad
