#include "core/browser/inquiry.h"

#include "core/browser/addressspace.h"
#include "core/browser/mending.h"
#include "core/model/ascii.h"

#include <algorithm>
#include <utility>

namespace iotman::browser {

namespace {

const char* shownToken = "…";

/// What a page of this way learns where the browser refuses.
Sentence refusalSeen(Way way)
{
    switch (way) {
    case Way::Fetch:
    case Way::FetchWithToken:
        return std::string("TypeError: Failed to fetch");
    case Way::EventSource:
        return Sentence::say("an error event, and readyState 2 (closed)");
    case Way::WebSocket:
        return Sentence::say("an error event, and close code 1006");
    }
    return {};
}

std::string withToken(std::string url, const std::string& token)
{
    if (!token.empty())
        url += (url.find('?') == std::string::npos ? "?" : "&") + std::string("access_token=") + token;
    return url;
}

std::vector<Line> requestLines(const Request& request, const std::string& token)
{
    std::string target(partsOf(request.url).target);
    if (const std::size_t at = token.empty() ? std::string::npos : target.find(token); at != std::string::npos)
        target.replace(at, token.size(), shownToken);
    std::vector<Line> lines{{request.method + " " + target, {}, false}};
    for (const auto& [name, value] : request.headers) {
        const bool secret = !token.empty() && value.find(token) != std::string::npos;
        lines.push_back({name + ": " + (secret ? std::string("Bearer ") + shownToken : value), {}, false});
    }
    return lines;
}

/// The answer's status and those of its headers that a browser's decision can turn on; the one of `failure` is marked.
std::vector<Line> answerLines(const Answer& answer, const std::optional<Failure>& failure)
{
    constexpr const char* telling[] = {"Location",
                                       "Vary",
                                       "Access-Control-Allow-Origin",
                                       "Access-Control-Allow-Methods",
                                       "Access-Control-Allow-Headers",
                                       "Access-Control-Allow-Private-Network",
                                       "WWW-Authenticate",
                                       "Content-Type",
                                       "Sec-WebSocket-Accept"};
    const Sentence thisDecides = Sentence::say("This line decides.");
    const auto line = [&](const std::string& name, const std::optional<std::string>& value) {
        const bool decides = failure && failure->header == name;
        return Line{value ? name + ": " + *value : name, decides ? Sentences{failure->why, thisDecides} : Sentences(), decides};
    };
    std::vector<Line> lines{{std::to_string(answer.status) + (answer.reason.empty() ? "" : " " + answer.reason), {}, false}};
    if (failure && failure->header == "status")
        lines.back() = {lines.back().text, {failure->why, thisDecides}, true};
    bool toTell = failure && failure->header != "status";
    for (const char* name : telling) {
        const bool decides = failure && failure->header == name;
        const std::optional<std::string> value = headerOf(answer.headers, name);
        if (value || decides)
            lines.push_back(line(name, value));
        toTell = toTell && !decides;
    }
    if (toTell)
        lines.push_back(line(failure->header, failure->value));
    return lines;
}

/// Where the page itself is. A file is on this computer; of a sandboxed frame nobody knows.
AddressSpace spaceOf(const Page& page)
{
    if (page.web)
        return addressSpace(originParts(page.origin).host);
    const bool isFile = page.typed.substr(0, 1) == "/" || sameWithoutCase(page.typed.substr(0, 5), "file:");
    return isFile ? AddressSpace::Loopback : AddressSpace::Public;
}

/// Local Network Access: asked of the person, and only for pages with https.
Sentence localNetworkNote(AddressSpace there, bool isEncrypted)
{
    if (there == AddressSpace::Loopback)
        return isEncrypted
                   ? Sentence::say(
                         "Chromium since 142 first asks its user whether the page may reach this computer; “Block” ends it here. "
                         "Other browsers do not ask.")
                   : Sentence::say(
                         "Chromium since 142 lets a page reach this computer only with https, unless it comes from there itself. "
                         "Other browsers do not mind.");
    return isEncrypted
               ? Sentence::say(
                     "Chromium since 142 first asks its user whether the page may reach the local network; “Block” ends it here. "
                     "Other browsers do not ask.")
               : Sentence::say(
                     "Chromium since 142 lets a page reach the local network only with https, unless it comes from there itself. "
                     "Other browsers do not mind.");
}

/// Fetch §2.2.6.
bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isStream(Way way)
{
    return way == Way::EventSource || way == Way::WebSocket;
}

} // namespace

Inquiry::Inquiry(Question question)
    : question_(std::move(question))
    , origin_(question_.page.origin)
    , sameOrigin_(origin_ == originOf(question_.url))
    , authorizes_(question_.way == Way::FetchWithToken)
{
    if (!question_.page.repair.empty())
        report_.steps.push_back({Mark::Note, question_.page.repair, {}});
    ask();
}

/// What is asked before anything is sent to this URL, then the sending.
void Inquiry::ask()
{
    const Page& page = question_.page;
    const UrlParts url = partsOf(question_.url);
    const AddressSpace there = addressSpace(url.host);

    // Mixed Content: an encrypted page may ask only what is encrypted, or this very computer (Secure Contexts §3.1).
    if (page.isEncrypted() && !url.isEncrypted() && there != AddressSpace::Loopback) {
        report_.verdict = Verdict::Blocked;
        report_.headline = {Sentence::say("A browser would refuse: mixed content.")};
        report_.detail = {Sentence::say("A page with https may not ask “%1”, which is not encrypted.",
                                        {std::string(url.scheme) + "://" + std::string(url.authority)}),
                          Sentence::say("Browsers exempt only this computer (127.0.0.1, localhost).")};
        report_.mend =
            Mend{Mend::Kind::UseEncryption, {}, Sentence::say("Put TLS in front of the server, or serve the page with http.")};
        if (there == AddressSpace::Local)
            report_.steps.push_back(
                {Mark::Note,
                 Sentence::say("Chromium since 142 asks its user instead, for an address of the local network; “Allow” lets "
                               "the page through. Other browsers refuse."),
                 {}});
        report_.steps.push_back({Mark::Refused,
                                 Sentence::say("The browser refuses by itself, before anything is sent."),
                                 {{Sentence::say("page: %1", {page.origin}), {}, false},
                                  {Sentence::say("asks: %1", {question_.url}),
                                   {Sentence::say("is not encrypted."), Sentence::say("This line decides.")},
                                   true}}});
        return notSent("GET " + std::string(url.target));
    }

    const AddressSpace here = spaceOf(page);
    if (!sameOrigin_ && there != AddressSpace::Public && here != AddressSpace::Loopback && here != there) {
        const Sentence note = localNetworkNote(there, page.isEncrypted());
        const bool told =
            std::any_of(report_.steps.begin(), report_.steps.end(), [&](const Step& step) { return step.sentence == note; });
        if (!told)
            report_.steps.push_back({Mark::Note, note, {}});
    }
    if (authorizes_ && !sameOrigin_)
        return askPreflight();
    askItself();
}

void Inquiry::askPreflight()
{
    preflighting_ = true;
    next_ = Request{
        "OPTIONS",
        question_.url,
        {{"Origin", origin_}, {"Access-Control-Request-Method", "GET"}, {"Access-Control-Request-Headers", "authorization"}}};
    report_.steps.push_back({Mark::Passed,
                             Sentence::say("The page sends a token, so the browser first asks for permission (preflight)."),
                             requestLines(*next_, {})});
}

void Inquiry::askItself()
{
    preflighting_ = false;
    const bool inQuery = question_.way != Way::FetchWithToken && redirects_ == 0;
    Request request{"GET", inQuery ? withToken(question_.url, question_.token) : question_.url, {}};
    const bool isSocket = question_.way == Way::WebSocket;
    // A GET of the page's own server has no Origin (Fetch §3.2); a WebSocket always has one.
    if (!sameOrigin_ || isSocket)
        request.headers.emplace_back("Origin", origin_);
    if (authorizes_)
        request.headers.emplace_back("Authorization", "Bearer " + question_.token);
    if (question_.way == Way::EventSource) {
        request.headers.emplace_back("Accept", "text/event-stream");
        request.headers.emplace_back("Cache-Control", "no-cache");
    }
    if (isSocket) {
        request.headers.emplace_back("Connection", "Upgrade");
        request.headers.emplace_back("Upgrade", "websocket");
        request.headers.emplace_back("Sec-WebSocket-Version", "13");
        request.headers.emplace_back("Sec-WebSocket-Key", question_.webSocketKey);
    }
    Sentence sentence = Sentence::say("The browser asks for the data.");
    if (sameOrigin_ && !isSocket)
        sentence = Sentence::say("The page is the server's own, so no permission is needed.");
    else if (isSocket)
        sentence = Sentence::say("A WebSocket has no preflight: the browser sends its origin, and the server decides.");
    else if (question_.way == Way::EventSource)
        sentence = Sentence::say("The browser asks for the stream. EventSource can send no Authorization.");
    else if (question_.way == Way::Fetch)
        sentence = Sentence::say("The browser asks at once: a GET without a token needs no preflight.");
    report_.steps.push_back({Mark::Passed, sentence, requestLines(request, question_.token)});
    next_ = std::move(request);
}

void Inquiry::answered(const Answer& answer)
{
    if (!next_)
        return;
    next_.reset();
    if (answer.status == 0) {
        report_.verdict = Verdict::NoAnswer;
        report_.headline = {Sentence::say("No answer.")};
        report_.detail = {answer.reason};
        report_.steps.push_back({Mark::Refused, Sentence::say("The server did not answer."), {{answer.reason, {}, true}}});
        return;
    }
    if (preflighting_)
        preflightAnswered(answer);
    else
        itselfAnswered(answer);
}

void Inquiry::preflightAnswered(const Answer& answer)
{
    if (const auto failure = preflightCheck(answer, origin_)) {
        Sentence sentence = Sentence::say("The server does not grant it.");
        if (redirects_ == 0 && failure->header == "Access-Control-Allow-Origin" && question_.list && !question_.list->any &&
            question_.page.web && !question_.list->allows(question_.page.origin))
            sentence = Sentence::say("The server does not grant it: this origin is not among the %1 in the list.",
                                     {std::to_string(question_.list->list.size())});
        refuse(*failure, answer, sentence);
        return notSent("GET " + std::string(partsOf(question_.url).target));
    }
    report_.steps.push_back({Mark::Passed, Sentence::say("The server grants it."), answerLines(answer, std::nullopt)});
    if (grantsByStarAlone(answer))
        report_.steps.push_back(
            {Mark::Note,
             Sentence::say("In “Access-Control-Allow-Headers”, the standard does not let “*” cover Authorization. Chromium does "
                           "so all the same, and warns; name it to be safe."),
             {}});
    askItself();
}

void Inquiry::itselfAnswered(const Answer& answer)
{
    const bool isSocket = question_.way == Way::WebSocket;
    if (!sameOrigin_ && !isSocket) {
        if (const auto failure = corsCheck(answer, origin_)) {
            refuse(*failure, answer, Sentence::say("The answer came, but the browser keeps it from the page."));
            return;
        }
    }
    const std::optional<std::string> location = headerOf(answer.headers, "Location");
    if (isRedirect(answer.status) && location && !isSocket)
        return follow(answer, *location);
    std::optional<Failure> failure;
    if (question_.way == Way::EventSource)
        failure = eventSourceCheck(answer);
    else if (isSocket)
        failure = webSocketCheck(answer, question_.webSocketAccept);
    if (failure) {
        refuse(*failure, answer,
               isSocket ? Sentence::say("The server refuses the connection.") : Sentence::say("The stream does not open."));
        return;
    }
    report_.steps.push_back({answer.status < 400 ? Mark::Passed : Mark::Refused,
                             isSocket                  ? Sentence::say("The connection is open.")
                             : isStream(question_.way) ? Sentence::say("The stream is open.")
                                                       : Sentence::say("The page may read the answer."),
                             answerLines(answer, std::nullopt)});
    if (answer.status < 400) {
        report_.verdict = Verdict::Reads;
        report_.headline = {isStream(question_.way) ? Sentence::say("A browser gets the stream.")
                                                    : Sentence::say("A browser gets the data.")};
        report_.detail = {
            sameOrigin_ ? Sentence::say("Pages at “%1” can read this endpoint: it is their own server.", {question_.page.origin})
                        : Sentence::say("Pages at “%1” can read this endpoint.", {question_.page.origin})};
        return;
    }
    report_.verdict = Verdict::SeesError;
    report_.headline = {Sentence::say("The page gets an error: %1.",
                                      {std::to_string(answer.status) + (answer.reason.empty() ? "" : " " + answer.reason)})};
    report_.detail = {Sentence::say("The origin is granted, so the page can read status and reason.")};
    if (answer.status == 401 && question_.token.empty())
        report_.mend = Mend{Mend::Kind::SendToken, {}, Sentence::say("This endpoint needs a token: ask with one.")};
}

/// Fetch §4.5: on to `location`, as far as a browser goes.
void Inquiry::follow(const Answer& answer, const std::string& location)
{
    constexpr int mostRedirects = 20;
    const std::string from = originOf(question_.url);
    const std::string url = redirectTarget(question_.url, location);
    report_.steps.push_back({Mark::Note, Sentence::say("The answer is a redirect; the browser goes on to “%1”.", {url}),
                             answerLines(answer, std::nullopt)});
    if (++redirects_ > mostRedirects)
        return refuse({"Location", location, Sentence::say("is one redirect more than browsers follow.")}, answer,
                      Sentence::say("The browser gives up."));
    question_.url = url;
    report_.mend = Mend{Mend::Kind::ReadElsewhere, {}, Sentence::say("Use the address that the redirect leads to.")};
    if (const std::string to = originOf(url); to != from) {
        if (from != question_.page.origin) {
            origin_ = "null";
            report_.steps.push_back(
                {Mark::Note, Sentence::say("From one server to another, browsers send “null” as the page's origin."), {}});
        }
        sameOrigin_ = false;
        authorizes_ = false;
    }
    ask();
}

/// The browser stops at `answer`.
void Inquiry::refuse(const Failure& failure, const Answer& answer, const Sentence& sentence)
{
    report_.verdict = Verdict::Blocked;
    report_.steps.push_back({Mark::Refused, sentence, answerLines(answer, failure)});
    const bool aboutOrigin = failure.header == "Access-Control-Allow-Origin" && !failure.value;
    const bool allowedInList = question_.list && question_.list->allows(question_.page.origin);
    const bool refusedSocket = question_.way == Way::WebSocket && answer.status == 403 && !allowedInList && !sameOrigin_;
    if (((aboutOrigin && !allowedInList) || refusedSocket) && redirects_ == 0) {
        explainForeignOrigin(question_, report_);
    } else {
        if (failure.header == "status")
            report_.headline = {Sentence::say("A browser would refuse: the status is %1.", {std::to_string(answer.status)})};
        else
            report_.headline = {Sentence::say("A browser would refuse: “%1”", {failure.header}), failure.why};
        if (aboutOrigin && redirects_ > 0)
            report_.detail = {Sentence::say("After a redirect, “%1” has to grant the origin, too.", {question_.url})};
        else if (aboutOrigin)
            report_.detail = {Sentence::say("The origin is in the list, but the answer does not say so."),
                              Sentence::say("Something between here and the server may have removed the header.")};
        if (isStream(question_.way) && answer.status == 401 && question_.token.empty())
            report_.mend = Mend{Mend::Kind::SendToken, {}, Sentence::say("This endpoint needs a token: ask with one.")};
        if (isStream(question_.way) && answer.status == 404)
            report_.detail = {Sentence::say("The endpoint is not there, or switched off, or the server has no such stream.")};
    }
    if (!preflighting_)
        report_.steps.push_back({Mark::NotReached,
                                 Sentence::say("This is all that the page's script learns."),
                                 {{refusalSeen(question_.way), {}, false}}});
}

/// What the browser then keeps from sending, and what the page sees.
void Inquiry::notSent(const std::string& what)
{
    report_.steps.push_back({Mark::NotReached,
                             Sentence::say("The browser stops here. The request for the data is never sent."),
                             {{what, {Sentence::say("not sent")}, false},
                              {refusalSeen(question_.way), {Sentence::say("is all that the page's script learns")}, false}}});
}

} // namespace iotman::browser
