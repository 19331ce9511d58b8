#!/bin/sh
# configuration.sh FORM: a large configuration on standard output; the same
# 100,000 addresses, host-0 to host-9 of team-0 to team-9999 under
# example.internal, in each form:
#
#   zones    10,000 zones of 10 records
#   zone     one zone of 100,000 records
#   gcloud   the records alone, as gcloud dns record-sets list prints them
#   bind     the same as a master file
set -eu

case $1 in
zones)
	printf 'zones:\n'
	zone='  - name: team-%d
    dns_name: team-%d.example.internal.
    record_sets:\n'
	;;
zone)
	printf 'zones:
  - name: all-teams
    dns_name: example.internal.
    record_sets:\n'
	zone=
	;;
gcloud | bind)
	zone=
	;;
*)
	echo "configuration.sh: no form \"$1\"" >&2
	exit 2
	;;
esac
case $1 in
gcloud)
	record='---
kind: dns#resourceRecordSet
name: host-%d.team-%d.example.internal.
rrdatas:
- 10.%d.%d.%d
ttl: 300
type: A\n'
	;;
bind)
	record='host-%d.team-%d.example.internal. 300 IN A 10.%d.%d.%d\n'
	;;
*)
	record='      - name: host-%d.team-%d.example.internal.
        type: A
        ttl: 300
        rrdatas:
          - 10.%d.%d.%d\n'
	;;
esac
exec awk -v zone="$zone" -v record="$record" 'BEGIN {
	for (team = 0; team < 10000; team++) {
		if (zone != "")
			printf zone, team, team
		for (host = 0; host < 10; host++) {
			printf record, host, team, int(team / 256),
			    team % 256, host + 1
		}
	}
}'
