#!/bin/sh
# layers.sh: a layer sees itself and the layers listed after it, and a library
# is seen by the layers that exist to wrap it.
set -eu

bad=0

complain() {
	echo "layers: $1" >&2
	bad=1
}

# rule LAYER SEEN...
rule() {
	layer=$1
	seen=$(echo "$@" | tr ' ' '|')
	strangers=$(grep -nE '^#include "' resolverd/"$layer"/*.[ch] |
	    grep -vE "#include \"($seen)/") || return 0
	complain "$layer/ may include $* only
$strangers"
}

# only HEADER PATTERN: what includes <HEADER must match PATTERN.
only() {
	strangers=$(grep -lE "^#include <$1" resolverd/*.c resolverd/*/*.[ch] |
	    grep -vE "^resolverd/($2)") || return 0
	complain "<$1 belongs to $2
$strangers"
}

rule base
rule dns base
rule core dns base
rule model core dns base
rule config model core dns base
rule io core dns base
rule ctl io config model core dns base

only event 'io/|ctl/'
only yaml 'config/'
only ldns 'dns/late_ldns\.h$'
only openssl 'io/late_openssl\.h$|ctl/doctor_tls\.c$'
exit $bad
