#include "core/codegen/fill.h"
#include "core/codegen/parts.h"
#include "core/codegen/quote.h"

namespace iotman::codegen {

namespace {

constexpr std::string_view pythonTokenPart = R"py(
TOKEN_URL = @TOKEN_URL@
SCOPE = @SCOPE@


class Token(requests.auth.AuthBase):
    """Puts a valid token on each request to one server, and on none to another."""

    text, renew_at = "", 0.0

    def value(self):
        if time.monotonic() >= self.renew_at:
            answer = requests.post(
                TOKEN_URL,
                auth=(os.environ["IOTMAN_CLIENT_ID"], os.environ["IOTMAN_CLIENT_SECRET"]),
                data={"grant_type": "client_credentials", "scope": SCOPE},
                timeout=30,
            )
            answer.raise_for_status()
            token = answer.json()
            self.text, self.renew_at = token["access_token"], time.monotonic() + 0.8 * float(token["expires_in"])
        return self.text

    def __call__(self, request):
        if urlsplit(request.url)[:2] == urlsplit(URL)[:2]:
            request.headers["Authorization"] = "Bearer " + self.value()
        return request

)py";

constexpr std::string_view pythonPages = R"py("""@NAME@: all that is stored, newest first, one item a line."""
import json
@IMPORT_OS@
@IMPORT_TIME@
@IMPORT_SPLIT@

import requests

URL = @URL@
@TOKEN@


def items(**query):
    """Every item, page after page. query: from_, to (Unix seconds, both inclusive), limit."""
    with requests.Session() as session:
        @AUTH@
        params = {"limit": 1000, **{name.rstrip("_"): value for name, value in query.items()}}
        answer = session.get(URL, params=params, timeout=30)
        while True:
            answer.raise_for_status()
            page = answer.json()
            yield from page["data"]
            if page["next_page"] is None:
                return
            answer = session.get(page["next_page"], timeout=30)


for item in items():
    print(json.dumps(item, ensure_ascii=False))
)py";

constexpr std::string_view pythonEvents = R"py("""@NAME@: every new item as it comes, by Server-Sent Events, one a line.

After a lost connection it goes on where it stopped. To begin with what is stored since a time: URL + "?from=1700000000".
"""
@IMPORT_OS@
import sys
import time
@IMPORT_SPLIT@

import requests

URL = @URL@
@TOKEN@


def messages():
    """The JSON text of each item, for ever."""
    last = pending = None
    while True:
        try:
            # The server sends a comment every 20 s, so a minute of silence is a lost connection.
            with requests.get(URL, headers={"Last-Event-ID": last}, @AUTH_ARGUMENT@stream=True, timeout=60) as answer:
                if 400 <= answer.status_code < 500 and answer.status_code not in (401, 429):
                    sys.exit(f"{answer.status_code} {answer.text}")
                answer.raise_for_status()
                for line in answer.iter_lines(chunk_size=1):  # larger chunks are waited for
                    name, _, value = line.decode().partition(": ")
                    if name == "id":
                        pending = value
                    elif name == "data":
                        yield value
                        last = pending
        except requests.RequestException as lost:
            print(f"{lost}, next try in 2 s", file=sys.stderr)
        time.sleep(2)


for message in messages():
    print(message, flush=True)
)py";

constexpr std::string_view pythonStream = R"py("""@NAME@: every new item as it comes, by WebSocket, one a line.

@START@
"""
import asyncio
@IMPORT_JSON@
@IMPORT_OS@
import sys
@IMPORT_TIME@
@IMPORT_URL@

@IMPORT_REQUESTS@
import websockets

URL = @URL@
@TOKEN@
@HEADERS@


async def messages():
    """The JSON of each item, for ever."""
    @LAST@
    wait = 1
    while True:
        try:
            @ADDRESS@
            @OPTIONS@
            async with websockets.connect(@CONNECT@) as socket:
                async for text in socket:
                    wait = 1
                    @MESSAGE@
                    yield @SHOWN@
                    @KEEP@
        except (OSError, @TOKEN_ERROR@websockets.WebSocketException) as lost:
            if getattr(lost, "code", None) == 4404:
                sys.exit("The endpoint is gone or switched off.")
            print(f"{lost}, next try in {wait} s", file=sys.stderr)
        await asyncio.sleep(wait)
        wait = min(2 * wait, 60)


async def main():
    async for message in messages():
        print(message, flush=True)


asyncio.run(main())
)py";

/// A docstring's text: nothing of it ends the string.
std::string docText(std::string_view name)
{
    std::string text;
    for (const char c : commentText(name))
        text += c == '"' ? std::string("'") : c == '\\' ? std::string("\\\\") : std::string(1, c);
    return text;
}

} // namespace

std::string pythonText(const SnippetSubject& subject, Way way)
{
    const bool guarded = subject.scope.has_value();
    std::string token;
    if (guarded) {
        token = filled(pythonTokenPart, {{"TOKEN_URL", pythonQuoted(subject.tokenUrl)}, {"SCOPE", pythonQuoted(subject.scope->text)}});
        token = token.substr(1, token.find_last_not_of('\n'));
    }
    const std::string os = guarded ? "import os" : "", time = guarded ? "import time" : "";
    const std::string split = guarded ? "from urllib.parse import urlsplit" : "";
    if (way == Way::Pages)
        return filled(pythonPages, {{"NAME", docText(subject.name)},
                                    {"IMPORT_OS", os},
                                    {"IMPORT_TIME", time},
                                    {"IMPORT_SPLIT", split},
                                    {"URL", pythonQuoted(subject.page)},
                                    {"TOKEN", token},
                                    {"AUTH", guarded ? "session.auth = Token()" : ""}});
    if (way == Way::Events)
        return filled(pythonEvents, {{"NAME", docText(subject.name)},
                                     {"IMPORT_OS", os},
                                     {"IMPORT_SPLIT", split},
                                     {"URL", pythonQuoted(subject.events)},
                                     {"TOKEN", guarded ? token + "\n\n\nTOKEN = Token()" : ""},
                                     {"AUTH_ARGUMENT", guarded ? "auth=TOKEN, " : ""}});
    const bool resumes = subject.resumes;
    // A WebSocket of this program can send headers, so the token stays out of the URL; its origin is checked for ws as for http.
    const std::string headers =
        "\n\nTOKEN = Token()\n# The name of this argument changed with websockets 14.\n"
        "HEADERS = \"additional_headers\" if int(websockets.__version__.split(\".\")[0]) >= 14 else \"extra_headers\"";
    return filled(
        pythonStream,
        {{"NAME", docText(subject.name)},
         {"START", resumes
                       ? "After a lost connection it goes on where it stopped. To begin with what is stored since a time, add\n"
                         "\"from\": 1700000000 to the query."
                       : "What comes while the connection is lost is read by pages: ?from=1700000000"},
         {"IMPORT_JSON", resumes ? "import json" : ""},
         {"IMPORT_OS", os},
         {"IMPORT_TIME", time},
         {"IMPORT_URL", resumes && guarded ? "from urllib.parse import urlencode, urlsplit"
                        : resumes          ? "from urllib.parse import urlencode"
                                           : split},
         {"IMPORT_REQUESTS", guarded ? "import requests" : ""},
         {"URL", pythonQuoted(subject.stream)},
         {"TOKEN", token},
         {"HEADERS", guarded ? headers : ""},
         {"LAST", resumes ? "query = {\"times\": 1}  # messages are {\"time\", \"cursor\", \"item\"}" : ""},
         {"ADDRESS", resumes ? "address = URL + \"?\" + urlencode(query)" : ""},
         {"OPTIONS",
          guarded ? "options = {HEADERS: {\"Authorization\": \"Bearer \" + await asyncio.to_thread(TOKEN.value)}}" : ""},
         {"CONNECT", std::string(resumes ? "address" : "URL") + (guarded ? ", **options" : "")},
         {"MESSAGE", resumes ? "message = json.loads(text)" : ""},
         {"SHOWN", resumes ? "json.dumps(message[\"item\"], ensure_ascii=False)" : "text"},
         {"KEEP", resumes ? "query = {\"times\": 1, \"cursor\": message[\"cursor\"]}" : ""},
         {"TOKEN_ERROR", guarded ? "requests.RequestException, " : ""}});
}

} // namespace iotman::codegen
