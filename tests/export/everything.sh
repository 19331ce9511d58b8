#!/bin/sh
# Made by resolverctl export.  Creates in Cloud DNS what resolverd holds;
# stops at the first command that fails.
# shellcheck disable=SC2016 # what looks like a variable is data
set -eu

PROJECT=my-project
NETWORK_PROD=projects/p1/global/networks/prod
NETWORK_DEFAULT=default
# the forwarding rule of the load balancer at 10.0.0.5:80
FORWARDING_RULE_10_0_0_5_80="${FORWARDING_RULE_10_0_0_5_80:?must be set to NAME@REGION or NAME@global}"
# the forwarding rule of the load balancer at 10.0.0.6:443
FORWARDING_RULE_10_0_0_6_443="${FORWARDING_RULE_10_0_0_6_443:?must be set to NAME@REGION or NAME@global}"
NETWORK_HUB=hub
CLUSTER_BLUE=projects/p1/locations/l/clusters/blue
# the cluster green, with where it is
CLUSTER_GREEN="${CLUSTER_GREEN:?must be set to projects/P/locations/L/clusters/C}"

# instance vm1 is left out: Compute Engine names its VMs itself
# endpoint vialink1 is left out: who makes it in Private Service Connect gets its names at p.googleapis.com too
# entry point 10.1.0.2 is left out: Cloud DNS chooses an address in each subnet

gcloud dns managed-zones create example \
    --project="$PROJECT" \
    --description='it'\''s "$(reboot)"
and `more`' \
    --dns-name=example.com. \
    --visibility=private \
    --networks="$NETWORK_PROD,$NETWORK_DEFAULT"

gcloud dns record-sets update example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=SOA \
    --ttl=300 \
    --rrdatas='ns.example.com. me.example.com. 7 3600 600 86400 60'

gcloud dns record-sets create Example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=A \
    --ttl=300 \
    --rrdatas=192.0.2.1,192.0.2.2

gcloud dns record-sets create example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=TXT \
    --ttl=300 \
    --rrdatas='^{1}^"a,b|c;d {0} '\''$HOME'\'' `id` $(id) ${x} %{y} \" \\ \010 \200"{1}"v=spf1 -all"'

gcloud dns record-sets create '*.example.com.' \
    --project="$PROJECT" \
    --zone=example \
    --type=CNAME \
    --ttl=300 \
    --rrdatas=example.com.

gcloud dns record-sets create \
    --project="$PROJECT" \
    --zone=example \
    --type=AAAA \
    --ttl=300 \
    --rrdatas=2001:db8::1 \
    -- -dash.example.com.

gcloud dns record-sets create '\$x'\''y.example.com.' \
    --project="$PROJECT" \
    --zone=example \
    --type=MX \
    --ttl=300 \
    --rrdatas='10 m.example.com.'

gcloud dns record-sets create x_y.example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=A \
    --ttl=300 \
    --rrdatas=192.0.2.3

gcloud dns record-sets create x-y.example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=A \
    --ttl=300 \
    --rrdatas=192.0.2.4

gcloud dns record-sets create w.example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=A \
    --ttl=60 \
    --routing-policy-type=WRR \
    --routing-policy-item='weight=0.25,rrdatas=10.0.0.1;10.0.0.2' \
    --routing-policy-item=weight=3",internal_load_balancers=$FORWARDING_RULE_10_0_0_5_80;$FORWARDING_RULE_10_0_0_6_443" \
    --enable-health-checking

gcloud dns record-sets create g.example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=TXT \
    --ttl=60 \
    --routing-policy-type=GEO \
    --routing-policy-item='^{0}^location=europe-west1{0}rrdatas="here\059 there, and | so"' \
    --routing-policy-item='^{0}^location=us-east1{0}rrdatas="here\059 there, and | so"' \
    --enable-geo-fencing

gcloud dns record-sets create f.example.com. \
    --project="$PROJECT" \
    --zone=example \
    --type=A \
    --ttl=60 \
    --routing-policy-type=FAILOVER \
    --routing-policy-primary-data="$FORWARDING_RULE_10_0_0_5_80,$FORWARDING_RULE_10_0_0_6_443" \
    --routing-policy-backup-data-type=GEO \
    --backup-data-trickle-ratio=0.1 \
    --routing-policy-backup-item='location=us-east1,rrdatas=10.0.0.1;10.0.0.2' \
    --enable-health-checking

# Cloud DNS asks 10.9.0.1 at port 53, not 5353
gcloud dns managed-zones create corp \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --dns-name=corp.test. \
    --visibility=private \
    --networks="$NETWORK_PROD" \
    --forwarding-targets=10.9.0.1,ns.corp.test. \
    --private-forwarding-targets=fd00::1

gcloud dns managed-zones create shared \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --dns-name=shared.test. \
    --visibility=private \
    --networks="$NETWORK_PROD" \
    --target-network="${NETWORK_HUB##*/}" \
    --target-project="$PROJECT"

gcloud dns managed-zones create reverse \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --dns-name=10.in-addr.arpa. \
    --visibility=private \
    --networks="" \
    --managed-reverse-lookup

gcloud dns managed-zones create cluster \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --dns-name=cluster.test. \
    --visibility=private \
    --gkeclusters="$CLUSTER_BLUE,$CLUSTER_GREEN"

gcloud dns record-sets create svc.cluster.test. \
    --project="$PROJECT" \
    --zone=cluster \
    --type=SRV \
    --ttl=300 \
    --rrdatas='0 5 80 a.cluster.test.'

gcloud dns managed-zones create run-app \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --dns-name=run.app. \
    --visibility=private \
    --networks="$NETWORK_HUB,$NETWORK_DEFAULT"

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

gcloud dns response-policies create rp \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --networks="$NETWORK_DEFAULT"

gcloud dns response-policies rules create all-apis \
    --project="$PROJECT" \
    --response-policy=rp \
    --dns-name='*.googleapis.com.' \
    --local-data='name=*.googleapis.com.,type=A,ttl=300,rrdatas=10.10.10.10|10.10.10.11' \
    --local-data='^{0}^name=*.googleapis.com.{0}type=TXT{0}ttl=300{0}rrdatas="a\124b,c=d"'

gcloud dns response-policies rules create www \
    --project="$PROJECT" \
    --response-policy=rp \
    --dns-name=www.googleapis.com. \
    --behavior=bypassResponsePolicy

gcloud dns response-policies rules create alias-test \
    --project="$PROJECT" \
    --response-policy=rp \
    --dns-name=alias.test. \
    --local-data=name=alias.test.,type=CNAME,ttl=300,rrdatas=example.com.

gcloud dns policies create sp \
    --project="$PROJECT" \
    --description='Exported by resolverctl' \
    --networks="$NETWORK_PROD" \
    --alternative-name-servers=192.0.2.53,2001:db8::53 \
    --private-alternative-name-servers=10.9.0.2 \
    --enable-inbound-forwarding \
    --enable-logging \
    --enable-dns64-all-queries
