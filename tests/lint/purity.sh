#!/bin/sh
# purity.sh OBJDIR: the core computes; it does not allocate, do I/O, read the
# clock or log.  This is the linker's view, so no macro or wrapper hides a
# call, and a list of what is allowed, so that nothing new slips in.
set -eu

cd "$1/resolverd"

# The half of dns/ that sees queries; the rest is for load time, and a call
# into it from here is found as a call to a stranger.
hot=$(find core dns -name '*.o' |
    grep -E '^(core/|dns/(answer|edns|frame|message|name|reply|request|rrset|scan|wire)\.o$)')
# Of base/, all but what logs, prints, loads or takes from the heap.
helpers=$(find base -name '*.o' | grep -vE '^base/(diag|late|log)\.o$')

allowed='mem(cpy|move|set|cmp|chr)|bcmp|str(len|n?cmp)'
allowed="$allowed|abort|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
# shellcheck disable=SC2086 # lists of words
ours=$(nm -g --defined-only $hot $helpers | awk 'NF == 3 { print $3 }' |
    grep -vxE 'arena_(init_heap|fini|printf)' | paste -sd '|')

# shellcheck disable=SC2086
strangers=$(nm -u --print-file-name $hot |
    grep -vE " [Uw] (($allowed)(_chk)?|__($allowed)_chk|$ours)\$") || exit 0
echo "purity: the core may not call
$strangers" >&2
exit 1
