#!/bin/bash
# A real Prometheus reads the metrics; alerts and dashboard ask for what it got.
folder=$(realpath "$(dirname "$0")")
# shellcheck source=../blackbox/lib.sh
. "$folder/../blackbox/lib.sh"
conf=$folder/../../conf
prometheus=http://127.0.0.1:9090

promtool check rules "$conf/prometheus-alerts.yaml" >rules.log 2>&1 ||
    die "the alert rules: $(cat rules.log)"
ok "the alert rules are sound"
promtool test rules "$folder/alerts.yaml" >alerts.log 2>&1 ||
    die "the alerts: $(cat alerts.log)"
ok "each alert comes when it should, and not before"

start_upstream
cat >resolverd.yaml <<END
listen: [127.0.0.1]
workers: 1
upstreams: [10.53.0.2]
http_listen: [127.0.0.1]
control_socket: $WORK/control
END
start -c resolverd.yaml
for name in x.run.app www.public.example www.public.example; do
	dig +short @127.0.0.1 "$name" >/dev/null
done
curl -s http://127.0.0.1:9153/metrics >metrics.txt
same "promtool has nothing to say of them" "" \
    "$(promtool check metrics <metrics.txt 2>&1)"

cat >prometheus.yml <<END
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: ["$conf/prometheus-alerts.yaml"]
scrape_configs:
  - job_name: resolverd
    static_configs: [{targets: ["127.0.0.1:9153"]}]
END
prometheus --config.file=prometheus.yml --storage.tsdb.path="$WORK/tsdb" \
    --web.listen-address=127.0.0.1:9090 --log.level=warn 2>prometheus.log &

# ask EXPRESSION: what Prometheus says, "METRIC VALUE" a line.
ask() {
	curl -s --get "$prometheus/api/v1/query" --data-urlencode "query=$1" |
	    python3 -c 'import json, sys
answer = json.load(sys.stdin)
if answer["status"] != "success":
    print(answer["error"])
for row in answer.get("data", {}).get("result", []):
    print(row["value"][1])'
}
scraped() {
	[ "$(ask 'sum(resolverd_dns_responses_total)')" = 3 ]
}
until_true "Prometheus reads them" scraped
same "Prometheus reads them" 1 "$(ask 'up{job="resolverd"}')"
same "the cache's answers are told from the others" 1 \
    "$(ask 'sum(resolverd_dns_responses_total{source="cache"})')"
same "the histogram has a median" 1 \
    "$(ask 'count(histogram_quantile(0.5, sum by (le) (resolverd_dns_request_duration_seconds_bucket)) > 0)')"
rate() {
	[ -n "$(ask 'rate(resolverd_queries_udp_total[10s])')" ]
}
until_true "there are two readings" rate

# Each expression of the dashboard is one, of metrics that there are.
python3 "$folder/dashboard.py" "$conf/grafana-dashboard.json" $prometheus \
    metrics.txt "$conf/prometheus-alerts.yaml" >dashboard.log 2>&1 ||
    die "the dashboard: $(cat dashboard.log)"
ok "dashboard and alerts ask for metrics that there are"

same "nothing alarms" "" "$(ask 'ALERTS{alertstate="firing"}')"
stop
down() {
	[ -n "$(ask 'ALERTS{alertname="ResolverdDown"}')" ]
}
until_true "an alert comes when the daemon is gone" down
ok "an alert comes when the daemon is gone"
