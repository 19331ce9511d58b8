#!/bin/bash
# Memory that is not there: under traffic, in a reload, at the start.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
# shellcheck source=failing.sh
. "$OLDPWD/${BASH_SOURCE%/*}/failing.sh"
start_failing
run_failing memory "$daemon"
stop
start_tls_upstream
configure 'tls://10.53.0.3#dns.test' "tls_ca_file: $WORK/cert.pem"
start_failing
run_failing memory "$daemon"
stop
configure 10.53.0.2
run_failing start env "LD_PRELOAD=$BLACKBOX_TOOLS/failing.so" \
    "$RESOLVERD" -f -c resolverd.yaml
