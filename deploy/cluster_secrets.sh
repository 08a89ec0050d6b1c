#!/usr/bin/env bash
# Makes what a cluster needs to trust itself, in a new folder: an authority, a certificate for the coordinator's name,
# tokens of the four roles. The same as docs/cluster.md does by hand.
#
#   bash deploy/cluster_secrets.sh FOLDER HOST WORKER...
#
# HOST is the name by which all others will call the coordinator, or its address.
#
#   coordinator.crt, coordinator.key, tokens     for the coordinator (--tls-cert, --tls-key, --tokens)
#   ca.crt, WORKER.token                         for each worker (--tls-ca, --token-file)
#                                                A WORKER called `workers` stands for as many as share its token: jobs of
#                                                Slurm, pods of Kubernetes
#   ca.crt, operator.token                       for who looks after the cluster: changes everything
#   ca.crt, submitter.token                      for who submits sweeps, and changes those alone; its name is the owner's:
#                                                more people want lines of their own in tokens
#   ca.crt, viewer.token                         for who only looks
#   ca.key                                       for the next certificate; keep it elsewhere
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
FOLDER="$1" HOST="$2"
shift 2
[ ! -e "$FOLDER" ] || { echo "cluster_secrets: $FOLDER is there already" >&2; exit 1; }
umask 077
mkdir -p "$FOLDER"
cd "$FOLDER"

{
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=oodml lab" -keyout ca.key -out ca.crt
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$HOST" -keyout coordinator.key -out coordinator.csr
  KIND=DNS
  [[ "$HOST" =~ ^[0-9.]+$ || "$HOST" == *:* ]] && KIND=IP  # an address is no name: programs look for it as what it is
  openssl x509 -req -in coordinator.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 825 -out coordinator.crt \
    -extfile <(echo "subjectAltName=$KIND:$HOST")
} 2>openssl.log || { cat openssl.log >&2; exit 1; }
rm -f openssl.log coordinator.csr ca.srl
chmod 644 ca.crt coordinator.crt

add_token() { # KIND NAME
  local token
  token=$(openssl rand -hex 24)
  echo "$1 $token $2" >>tokens
  echo "$token" >"$2.token"
}
for role in operator submitter viewer; do add_token "$role" "$role"; done
for worker in "$@"; do
  if [ "$worker" = workers ]; then add_token workers workers; else add_token worker "$worker"; fi
done
