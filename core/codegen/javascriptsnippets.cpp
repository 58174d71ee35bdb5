#include "core/codegen/fill.h"
#include "core/codegen/parts.h"
#include "core/codegen/quote.h"

namespace iotman::codegen {

namespace {

constexpr std::string_view javaScriptTokenPart = R"js(
// In a web page let your own server do this part: a secret in a page is everyone's.
const token = { text: "", renewAt: 0 };
async function accessToken() {
  if (Date.now() < token.renewAt) return token.text;
  const { IOTMAN_CLIENT_ID: id, IOTMAN_CLIENT_SECRET: secret } = process.env;
  const answer = await fetch(@TOKEN_URL@, {
    method: "POST",
    headers: { Authorization: "Basic " + btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`) },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: @SCOPE@ }),
  });
  if (!answer.ok) throw new Error(`No token: ${answer.status} ${await answer.text()}`);
  const { access_token, expires_in } = await answer.json();
  token.text = access_token;
  token.renewAt = Date.now() + expires_in * 800; // milliseconds: at 80 % of its life
  return token.text;
}
)js";

constexpr std::string_view javaScriptPages = R"js(// @NAME@: all that is stored, newest first. For Node.js 18 or newer@BROWSERS@.
const url = @URL@;
@TOKEN@

/** Every item from `from` to `to` (Unix seconds, both inclusive and optional), page after page. */
async function* items({ from, to } = {}) {
  const first = new URL(url);
  first.searchParams.set("limit", "1000");
  if (from !== undefined) first.searchParams.set("from", from);
  if (to !== undefined) first.searchParams.set("to", to);
  for (let next = first.href; next; ) {
    @SAME_ORIGIN@
    const answer = await fetch(next@INIT@);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const page = await answer.json();
    yield* page.data;
    next = page.next_page;
  }
}

for await (const item of items()) console.log(JSON.stringify(item));
)js";

constexpr std::string_view javaScriptEvents =
    R"js(// @NAME@: every new item as it comes, by Server-Sent Events. For browsers, and for Node.js with an EventSource.
// To begin with what is stored since a time, add ?from=1700000000 to the URL.
const url = @URL@;
@TOKEN@

let last = ""; // where to go on
async function listen() {
  const address = new URL(url);
  if (last) address.searchParams.set("cursor", last);
  @QUERY_TOKEN@
  const events = new EventSource(address.href);
  events.onmessage = (event) => {
    last = event.lastEventId;
    console.log(event.data); // JSON.parse(event.data) is the item
  };
  events.onerror = () => {
    // A new one@EXPIRED@ goes on where this one stopped.
    events.onerror = events.onmessage = null;
    events.close();
    again();
  };
}
const again = () => setTimeout(() => listen().catch((error) => { console.error(error.message); again(); }), 2000);
listen().catch((error) => { console.error(error.message); again(); });
)js";

constexpr std::string_view javaScriptStream =
    R"js(// @NAME@: every new item as it comes, by WebSocket. For browsers and Node.js 22 or newer.
@START@
const url = @URL@;
@TOKEN@

@LAST@
let wait = 1000; // ms until the next try
async function listen() {
  const address = new URL(url);
  @TIMES@
  @CURSOR@
  @QUERY_TOKEN@
  const socket = new WebSocket(address.href);
  socket.onmessage = ({ data }) => {
    wait = 1000;
    @MESSAGE@
    @KEEP@
    console.log(@SHOWN@);
  };
  socket.onerror = socket.onclose = ({ code, reason }) => {
    socket.onerror = socket.onclose = null; // one of them is enough
    if (code === 4404) console.error("The endpoint is gone or switched off.");
    else again(reason || (code ? `closed with ${code}` : "no connection"));
  };
}
function again(why) {
  console.error(`${why}, next try in ${wait / 1000} s`);
  setTimeout(() => listen().catch((error) => again(error.message)), wait);
  wait = Math.min(2 * wait, 60_000);
}
listen().catch((error) => again(error.message));
)js";

} // namespace

std::string javaScriptText(const SnippetSubject& subject, Way way)
{
    std::string token, queryToken;
    if (subject.scope) {
        token = filled(javaScriptTokenPart,
                       {{"TOKEN_URL", javaScriptQuoted(subject.tokenUrl)}, {"SCOPE", javaScriptQuoted(subject.scope->text)}});
        token.pop_back();
        queryToken = "address.searchParams.set(\"access_token\", await accessToken()); // it can send no header";
    }
    if (way == Way::Pages)
        return filled(javaScriptPages,
                      {{"NAME", commentText(subject.name)},
                       {"BROWSERS", subject.scope ? "" : " and browsers"},
                       {"URL", javaScriptQuoted(subject.page)},
                       {"TOKEN", token},
                       {"SAME_ORIGIN",
                        subject.scope ? "// The token goes to this server and nowhere else.\n"
                                        "    if (new URL(next).origin !== first.origin) throw new Error(`${next} is elsewhere`);"
                                      : ""},
                       {"INIT", subject.scope ? ", { headers: { Authorization: `Bearer ${await accessToken()}` } }" : ""}});
    if (way == Way::Events)
        return filled(javaScriptEvents, {{"NAME", commentText(subject.name)},
                                         {"URL", javaScriptQuoted(subject.events)},
                                         {"TOKEN", token},
                                         {"QUERY_TOKEN", queryToken},
                                         {"EXPIRED", subject.scope ? ", with a token that has not expired," : ""}});
    const bool resumes = subject.resumes;
    return filled(
        javaScriptStream,
        {{"NAME", commentText(subject.name)},
         {"START", resumes ? "// To begin with what is stored since a time, add ?from=1700000000 to the URL."
                           : "// What comes while the connection is lost is read by pages: ?from=1700000000"},
         {"URL", javaScriptQuoted(subject.stream)},
         {"TOKEN", token},
         {"LAST", resumes ? "let last = \"\"; // where to go on" : ""},
         {"TIMES", resumes ? "address.searchParams.set(\"times\", \"1\"); // messages are {\"time\", \"cursor\", \"item\"}" : ""},
         {"CURSOR", resumes ? "if (last) address.searchParams.set(\"cursor\", last);" : ""},
         {"QUERY_TOKEN", queryToken},
         {"MESSAGE", resumes ? "const message = JSON.parse(data);" : ""},
         {"KEEP", resumes ? "last = message.cursor;" : ""},
         {"SHOWN", resumes ? "JSON.stringify(message.item)" : "data"}});
}

} // namespace iotman::codegen
