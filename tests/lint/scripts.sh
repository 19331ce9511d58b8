#!/bin/sh
# scripts.sh: shellcheck over everything that a shell reads.  Functions that
# take arguments or none (SC2119, SC2120) are no mistake.
set -eu

grep -rlE --exclude-dir=corpus '^#!/bin/(ba)?sh|^# shellcheck shell=' \
    tests .ci systemd conf | xargs shellcheck --external-sources \
    --source-path=SCRIPTDIR --exclude=SC2119,SC2120
