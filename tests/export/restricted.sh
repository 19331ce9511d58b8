#!/bin/sh
# Made by resolverctl export.  Creates in Cloud DNS what resolverd holds;
# stops at the first command that fails.
# shellcheck disable=SC2016 # what looks like a variable is data
set -eu

PROJECT="${PROJECT:?must be set to the project that gets all this}"
NETWORK_DEFAULT=default

gcloud dns managed-zones create run-app \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --dns-name=run.app. \
    --visibility=private \
    --networks="$NETWORK_DEFAULT"

gcloud dns record-sets create run.app. \
    --project="$PROJECT" \
    --zone=run-app \
    --type=A \
    --ttl=60 \
    --rrdatas=199.36.153.4,199.36.153.5,199.36.153.6,199.36.153.7

gcloud dns record-sets create '*.run.app.' \
    --project="$PROJECT" \
    --zone=run-app \
    --type=CNAME \
    --ttl=60 \
    --rrdatas=run.app.
