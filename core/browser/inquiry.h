// One question, “could a page of this origin read this endpoint?”, answered as a browser answers it: what it sends, what comes
// back, which line decides, and what the page would see.
#pragma once

#include "core/browser/corscheck.h"
#include "core/browser/page.h"

#include <optional>
#include <string>
#include <vector>

namespace iotman::browser {

enum class Way {
    Fetch,          ///< fetch(url)
    FetchWithToken, ///< fetch(url, { headers: { Authorization } })
    EventSource,
    WebSocket,
};

struct Question {
    Page page;
    Way way = Way::Fetch;
    std::string url;                 ///< of the page, the events or the stream, without a token
    std::string token;               ///< for FetchWithToken in a header, for the others in the query; empty: none
    std::string webSocketKey;        ///< `Sec-WebSocket-Key`, made by who asks
    std::string webSocketAccept;     ///< what a server has to answer to it (RFC 6455 §4.2.2)
    std::optional<CorsOrigins> list; ///< the workspace's, where it is known
};

/// What is to be sent, byte for byte as far as the answer can depend on it.
struct Request {
    std::string method;
    std::string url;
    Headers headers;
};

enum class Mark { Passed, Refused, NotReached, Note };

/// A line of an exchange as it is shown: secrets are “…”.
struct Line {
    Sentence text;
    Sentences notes; ///< “is missing. This line decides.”
    bool decides = false;

    bool operator==(const Line&) const = default;
};

struct Step {
    Mark mark = Mark::Note;
    Sentence sentence;
    std::vector<Line> lines;
};

/// What would make it work.
struct Mend {
    enum class Kind { AddOrigin, SendToken, UseEncryption, ReadElsewhere } kind = Kind::AddOrigin;
    std::string origin; ///< to add
    Sentence sentence;
};

enum class Verdict {
    Reads,     ///< the page gets the data
    SeesError, ///< the page gets an answer, and can read that it is an error
    Blocked,   ///< the page learns nothing
    NoAnswer,  ///< nothing can be said: the server did not answer
};

struct Report {
    Verdict verdict = Verdict::NoAnswer;
    Sentences headline; ///< “A browser would refuse: the port is not in the list.”
    Sentences detail;
    std::vector<Step> steps;
    std::optional<Mend> mend;
};

/// Ask `next` what to send, send it, tell `answered`; repeat until there is nothing to send. Then `report` is complete.
class Inquiry {
public:
    explicit Inquiry(Question question);

    const std::optional<Request>& next() const { return next_; }
    /// The answer to `next`.
    void answered(const Answer& answer);
    const Report& report() const { return report_; }

private:
    void ask();
    void askPreflight();
    void askItself();
    void preflightAnswered(const Answer& answer);
    void itselfAnswered(const Answer& answer);
    void follow(const Answer& answer, const std::string& location);
    void refuse(const Failure& failure, const Answer& answer, const Sentence& sentence);
    void notSent(const std::string& what);

    Question question_;  ///< its URL is where the latest redirect led
    std::string origin_; ///< what the browser sends as `Origin`: “null” after a redirect from one foreign server to another
    bool sameOrigin_ = false; ///< all servers so far were the page's own
    bool authorizes_ = false; ///< with `Authorization`, which no other server gets
    int redirects_ = 0;
    bool preflighting_ = false;
    std::optional<Request> next_;
    Report report_;
};

} // namespace iotman::browser
