#!/usr/bin/env bash
# curl, with jq for what is JSON.
set -euo pipefail

url="$IOTMAN_URL/data/out/two-cities?limit=250"
while [[ $url != null ]]; do
  page=$(curl -sSf "$url")
  jq -r '.data[] | "record \(.at) \(.location)"' <<<"$page"
  url=$(jq -r .next_page <<<"$page")
done

restricted="$IOTMAN_URL/data/out/two-cities-restricted?limit=5"
echo "refused $(curl -s -o /dev/null -w '%{http_code}' "$restricted")"
token=$(curl -sSf -u "$IOTMAN_CLIENT_ID:$IOTMAN_CLIENT_SECRET" -d grant_type=client_credentials "$IOTMAN_URL/oauth/token" | jq -r .access_token)
echo "restricted $(curl -sSf -H "Authorization: Bearer $token" "$restricted" | jq '.data | length')"

# The first line is a comment: the stream is open.
last=
while true; do
  while IFS= read -r line; do
    case $line in
    :*) [[ $last ]] || echo open ;;
    id:*) last=${line#id: } ;;
    data:*)
      [[ $line =~ \"n\":\ ([0-9]+) ]]
      echo "item ${BASH_REMATCH[1]}"
      [[ $line != *'"last": true'* ]] || exit 0
      ;;
    esac
  done < <(curl -sN -H "Authorization: Bearer $token" ${last:+-H "Last-Event-ID: $last"} "$IOTMAN_URL/data/out/live/events")
  sleep 0.2
done
