#!/usr/bin/env bash
# Inside the booted container: what the units did, into /srv/report, whose last line is "done" when all is well.
exec >/srv/report 2>&1
set -eu
for unit in oodml-coordinator oodml-worker; do
  for _ in $(seq 60); do systemctl is-active -q $unit && break; sleep 1; done
  systemctl is-active $unit || { journalctl -u $unit --no-pager; exit 1; }
done
systemctl show -p StatusText -p NotifyAccess -p WatchdogUSec -p User oodml-coordinator
systemctl show -p StatusText oodml-worker
systemctl show -p StatusText oodml-worker | grep -q 'worker here'

export OODML_COORDINATOR=localhost:7070 OODML_TLS_CA=/etc/oodml/ca.crt OODML_TOKEN_FILE=/etc/oodml/submitter.token
oodml submit /srv/tiny.yaml
timeout 200 oodml watch tiny --wait
oodml results tiny --metric e_recall@1 --strict

# Priorities, and no time of our own.
journalctl -u oodml-coordinator -o cat --no-pager | head -n 5
journalctl -u oodml-coordinator -o json --no-pager | grep '"listening\|listening on' | grep -q '"PRIORITY":"6"'
! journalctl -u oodml-coordinator -u oodml-worker -o cat --no-pager | grep -E '^(<[0-9]>|20[0-9][0-9]-)'

systemctl stop oodml-worker
systemctl show -p Result oodml-worker | grep -x Result=success
systemctl stop oodml-coordinator
systemctl show -p Result oodml-coordinator | grep -x Result=success
ls -ld /var/lib/private/oodml-coordinator
echo done
