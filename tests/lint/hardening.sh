#!/bin/sh
# hardening.sh PROGRAM: what the release flags promise, seen in the file.
set -eu

program=$1
bad=0

# expect WHAT PATTERN COMMAND...
expect() {
	what=$1
	pattern=$2
	shift 2
	"$@" "$program" 2>/dev/null | grep -qE "$pattern" && return
	echo "hardening: $program: $what" >&2
	bad=1
}

# refuse WHAT PATTERN COMMAND...
refuse() {
	what=$1
	pattern=$2
	shift 2
	"$@" "$program" 2>/dev/null | grep -qE "$pattern" || return 0
	echo "hardening: $program: $what" >&2
	bad=1
}

expect 'not position-independent' 'FLAGS_1.*PIE' readelf -Wd
expect 'relocations stay writable' 'GNU_RELRO' readelf -Wl
expect 'symbols are bound late' 'BIND_NOW|FLAGS_1.*NOW' readelf -Wd
expect 'no stack protector' '__stack_chk_fail' nm -D -u
expect 'not fortified' '_chk(@|$)' nm -D -u
refuse 'executable stack' 'GNU_STACK.*RWE' readelf -Wl
refuse 'text relocations' 'TEXTREL' readelf -Wd
refuse 'library path built in' 'R(UN)?PATH' readelf -Wd
if readelf -h "$program" | grep -q 'X86-64'; then
	expect 'branches unprotected' endbr64 objdump --disassemble=main
fi
exit $bad
