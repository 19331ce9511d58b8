#!/bin/bash
# The page in a real browser.  PICTURES=FOLDER keeps what it looks like.
folder=$(realpath "$(dirname "$0")")
pictures=$(realpath "${PICTURES:-$WORK}")
# shellcheck source=../blackbox/lib.sh
. "$folder/../blackbox/lib.sh"

start_upstream
cat >resolverd.yaml <<END
listen: [127.0.0.1]
workers: 1
upstreams: [10.53.0.2]
http_listen: [127.0.0.1]
control_socket: $WORK/control
networks:
  - name: default
  - name: other
response_policies:
  - response_policy_name: blocklist
    rules:
      - rule_name: no-ads
        dns_name: "*.ads.example."
        local_data:
          local_datas:
            - {name: "*.ads.example.", type: A, ttl: 60, rrdatas: [0.0.0.0]}
END
start -c resolverd.yaml
HOME=$WORK timeout 150 node "$folder/page.js" http://127.0.0.1:9153/ "$daemon" \
    "$pictures" || die "the page"
stop
