#!/bin/sh
# Starts a server from workspace.json, seeds it, asks it like a dashboard would, stops it.
set -eu
cd "$(dirname "$0")"
export DASHBOARD_SECRET=only-for-this-test
scratch=$(mktemp -d)

"${IOTMAN_SERVER:-iotman-server}" serve --ephemeral --listen 127.0.0.1:0 --workspace workspace.json >"$scratch/out" 2>"$scratch/err" &
server=$!
trap 'kill $server; wait $server || true; rm -r "$scratch"' EXIT
until grep -q '^ready ' "$scratch/out"; do
    kill -0 $server || { cat "$scratch/err" >&2; exit 1; }
    sleep 0.05
done
url=$(sed -n 's/^ready //p' "$scratch/out" | head -n 1)

curl -fsS "$url/data/in/rooms" --data-binary '[{"at": 1, "room": "attic", "celsius": 24.50}, {"at": 2, "room": "cellar", "celsius": 11}]'
token=$(curl -fsS -u "dashboard:$DASHBOARD_SECRET" -d grant_type=client_credentials "$url/oauth/token" |
    sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
page=$(curl -fsS -H "Authorization: Bearer $token" "$url/data/out/warm?limit=10")

expected='{"data":[{"at":1,"room":"attic","celsius":24.50}],"next_page":null}'
[ "$page" = "$expected" ] || { echo "expected $expected, but got $page" >&2; exit 1; }
echo " passed"
