#!/bin/bash
# Memory that is not there: under traffic, in a reload, at the start.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
# shellcheck source=failing.sh
. "$OLDPWD/${BASH_SOURCE%/*}/failing.sh"
start_failing
run_failing memory "$daemon"
stop
run_failing start env "LD_PRELOAD=$BLACKBOX_TOOLS/failing.so" \
    "$RESOLVERD" -f -c resolverd.yaml
