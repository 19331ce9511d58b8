#!/bin/bash
# The query log: Cloud Logging's entries and text, to a file that is rotated.
here=$(realpath "${BASH_SOURCE%/*}")
# shellcheck source=query_log.sh
. "$here/query_log.sh"

configure "to: $WORK/logs/cloud, project_number: 694119234537"
start -l 127.0.0.1 -u 10.53.0.2 -c resolverd.yaml
ask X.a.run.app A
logs "a zone's answer" 1 logs/cloud jsonPayload.queryName=X.a.run.app. \
    jsonPayload.queryType=A jsonPayload.responseCode=NOERROR \
    jsonPayload.protocol=UDP resource.labels.target_type=private-zone \
    resource.labels.target_name=run-app severity=INFO \
    jsonPayload.sourceIP=127.0.0.1 jsonPayload.authAnswer=True \
    jsonPayload.vmInstanceName=694119234537.web \
    jsonPayload.vmInstanceIdString=2838092002611613780 \
    resource.labels.project_id=my-project \
    resource.labels.location=europe-west2 \
    "jsonPayload.rdata=$(printf 'X.a.run.app.\t60\tIN\tcname\trun.app.'
	printf '\nrun.app.\t60\tIN\ta\t199.36.153.%s' 4 5 6 7)"
ask +tcp www.public.example AAAA
logs "a server's answer" 1 logs/cloud jsonPayload.queryType=AAAA \
    resource.labels.target_type=external jsonPayload.protocol=TCP \
    "jsonPayload.rdata=$(printf \
	'www.public.example.\t200\tIN\taaaa\t2001:db8:0:0:0:0:0:5')"
ask nothing.example A
logs "a name that does not exist" 1 logs/cloud severity=NOTICE \
    jsonPayload.responseCode=NXDOMAIN jsonPayload.rdata=
ask x.corp.test A
logs "a forwarding zone" 1 logs/cloud jsonPayload.destinationIP=10.53.0.2 \
    resource.labels.target_type=forwarding-zone \
    resource.labels.target_name=corp
ask x.dead.test A
logs "a forward that failed" 1 logs/cloud severity=ERROR \
    jsonPayload.responseCode=SERVFAIL resource.labels.target_name=dead \
    'jsonPayload.egressError=forwarding target 10.53.0.9 of zone "dead" could not be reached'
ask -b 127.0.2.1 x.run.app A
logs "a consumer's side of a peering zone" 1 logs/cloud \
    resource.labels.target_type=peering-zone \
    resource.labels.target_name=to-default \
    resource.labels.project_id=other jsonPayload.sourceNetwork=spoke
logs "and the producer's" 1 logs/cloud \
    resource.labels.source_type=peering-zone \
    resource.labels.target_name=run-app \
    resource.labels.project_id=my-project
same "of mode 0640" 640 "$(stat -c %a logs/cloud)"
before=$(wc -l <logs/cloud)
for octet in $(seq 0 255); do
	printf 'a\\%03db.a.run.app A\n' "$octet"
done >odd
dig +time=6 +tries=1 @127.0.0.1 -f odd >/dev/null
logs "every octet in a name, and still a line each" $((before + 256)) logs/cloud

# What is asked for while nobody reads is all there in the end.
flood y.a.run.app 20000
logs "twenty thousand in a moment" 20000 logs/cloud \
    jsonPayload.queryName=y.a.run.app.

# The control thread stands still, as if it waited for a disk.
"$here/stop_thread.py" "$daemon" >stopped 2>&1 &
stopper=$!
until_true "the control thread stops" grep -q stopped stopped
flood z.a.run.app 60000
same "answers go on without it" "60000 (100.00%)" \
    "$(sed -n 's/.*Queries completed: *//p' dnsperf.txt)"
kill -TERM "$stopper"
wait "$stopper"
until_true "it goes on" test "$(counter query_log_dropped)" -gt 0
dropped=$(counter query_log_dropped)
logs "what there is no room for is dropped, and counted" $((60000 - dropped)) \
    logs/cloud jsonPayload.queryName=z.a.run.app.
same "what was written is counted" "$(wc -l <logs/cloud)" \
    "$(counter query_log_written)"

# Moved and removed files.
mv logs/cloud logs/moved
kill -USR2 "$daemon"
ask a.a.run.app A
logs "SIGUSR2 begins another file" 1 logs/cloud
rm logs/cloud
ask b.a.run.app A
sleep 1.1
ask c.a.run.app A
logs "a file that somebody removed is begun anew" 1 logs/cloud \
    jsonPayload.queryName=c.a.run.app.
cat >logrotate.conf <<END
$WORK/logs/cloud {
	rotate 2
	size 1
	nocreate
	missingok
	postrotate
		kill -USR2 $daemon
	endscript
}
END
chmod 644 logrotate.conf
logrotate -s "$WORK/logrotate.state" logrotate.conf 2>logrotate.err ||
    die "logrotate: $(cat logrotate.err)"
ask d.a.run.app A
logs "logrotate's way" 1 logs/cloud jsonPayload.queryName=d.a.run.app.
logs "which keeps the old one" 1 logs/cloud.1 \
    jsonPayload.queryName=c.a.run.app.

# Text, and rotation by size.
configure "to: $WORK/logs/text, format: text, max_size: 64k, keep: 2"
reload
ask x.a.run.app A
text "a zone's line" \
    '127\.0\.0\.1 default udp x\.a\.run\.app\. A NOERROR 5 zone:run-app 60s [0-9]+us'
ask www.public.example A
text "a server's" \
    '127\.0\.0\.1 default udp www\.public\.example\. A NOERROR 1 upstream:10\.53\.0\.2 [0-9]+s [0-9]+us'
ask www.public.example A
text "the cache's" \
    '127\.0\.0\.1 default udp www\.public\.example\. A NOERROR 1 cache [0-9]+s [0-9]+us'
ask y.corp.test A
text "a zone's that forwards" \
    '127\.0\.0\.1 default udp y\.corp\.test\. A NXDOMAIN 0 zone:corp,upstream:10\.53\.0\.2 - [0-9]+us'
flood t.a.run.app 4000
until_true "a full file is moved" test -s logs/text.2
same "as often as is kept" "logs/text logs/text.1 logs/text.2" "$(echo logs/text*)"
same "none is larger than it may be" "" \
    "$(find logs -name 'text*' -size +65536c)"
same "each line is whole" 0 "$(cat logs/text* | grep -Evc 'us$|: ')"
stop
