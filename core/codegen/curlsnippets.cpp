#include "core/codegen/fill.h"
#include "core/codegen/parts.h"
#include "core/codegen/quote.h"

namespace iotman::codegen {

namespace {

// Secrets and tokens go through files and pipes, never through arguments, which everyone on the computer can list.
constexpr std::string_view curlTokenPart = R"sh(: "${IOTMAN_CLIENT_ID:?set it to the id of a client with the scope @SCOPE@}"
: "${IOTMAN_CLIENT_SECRET:?set it to the secret of that client}"

renew=0
authorize() {
  ((SECONDS < renew)) && return
  local answer lifetime
  answer=$(curl --silent --show-error --fail --config - --data grant_type=client_credentials --data-urlencode scope=@SCOPE@ \
    @TOKEN_URL@ <<<"user = \"$IOTMAN_CLIENT_ID:$IOTMAN_CLIENT_SECRET\"") || exit 1
  access=$(jq --raw-output .access_token <<<"$answer")
  lifetime=$(jq '.expires_in | floor' <<<"$answer")
  renew=$((SECONDS + lifetime * 8 / 10))
}
)sh";

constexpr std::string_view curlPages = R"sh(#!/usr/bin/env bash
# @NAME@: all that is stored, newest first, one item a line.
# Needs curl and jq. For a range add from and to, in Unix seconds: ?limit=1000&from=1700000000&to=1700086400
set -euo pipefail
@TOKEN@
next=@URL@
while [[ -n $next ]]; do
  @AUTHORIZE@
  page=$(curl --silent --show-error --fail-with-body@HEADER@ "$next")
  jq --compact-output '.data[]' <<<"$page"
  next=$(jq --raw-output '.next_page // empty' <<<"$page")
done
)sh";

constexpr std::string_view curlEvents = R"sh(#!/usr/bin/env bash
# @NAME@: every new item as it comes, one a line. After a lost connection it goes on where it stopped.
# Needs curl@JQ@. To begin with what is stored since a time, add ?from=1700000000 to the URL.
set -uo pipefail
@TOKEN@
url=@URL@
last=
while true; do
  @AUTHORIZE@
  resume=()
  [[ -n $last ]] && resume=(--header "Last-Event-ID: $last")
  while IFS= read -r line; do
    case $line in
      'id: '*) id=${line#id: } ;;
      'data: '*) printf '%s\n' "${line#data: }"; last=$id ;;
    esac
  done < <(curl --silent --show-error --fail --no-buffer ${resume[@]+"${resume[@]}"}@HEADER@ "$url")
  # 22: the server refused, so asking again is of no use.
  wait $!
  [[ $? -eq 22 ]] && exit 1
  sleep 2
done
)sh";

} // namespace

std::string curlText(const SnippetSubject& subject, Way way)
{
    if (way == Way::Stream)
        return {};
    std::string token, header;
    const std::string authorize = subject.scope ? "authorize" : "";
    if (subject.scope) {
        token = filled(curlTokenPart, {{"SCOPE", subject.scope->text}, {"TOKEN_URL", shellQuoted(subject.tokenUrl)}});
        header = " --header @<(printf 'Authorization: Bearer %s' \"$access\")";
    }
    if (way == Way::Events)
        return filled(curlEvents, {{"NAME", commentText(subject.name)},
                                   {"JQ", subject.scope ? " and jq" : ""},
                                   {"TOKEN", token},
                                   {"AUTHORIZE", authorize},
                                   {"URL", shellQuoted(subject.events)},
                                   {"HEADER", header}});
    return filled(curlPages, {{"NAME", commentText(subject.name)},
                              {"TOKEN", token},
                              {"AUTHORIZE", authorize},
                              {"URL", shellQuoted(subject.page + "?limit=1000")},
                              {"HEADER", header}});
}

} // namespace iotman::codegen
