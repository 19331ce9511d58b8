#!/bin/bash
# Calls of the C library fail, one at a time and many in a row, under a daemon
# that goes on answering.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
# shellcheck source=failing.sh
. "$OLDPWD/${BASH_SOURCE%/*}/failing.sh"
start_failing
run_failing calls "$daemon"
stop
