#include "core/codegen/fill.h"
#include "core/codegen/parts.h"
#include "core/codegen/quote.h"

namespace iotman::codegen {

namespace {

constexpr std::string_view build = R"cpp(// Build: c++ -std=c++17 -fPIC @FILE@ $(pkg-config --cflags --libs @PACKAGES@))cpp";

constexpr std::string_view cppTokenPart = R"cpp(
const QUrl tokenUrl(QStringLiteral(@TOKEN_URL@));

/// Asks for tokens and keeps each until 80 % of its life.
class Token {
public:
    /// Calls `then` with a valid token, or with nothing when there is none.
    void use(QNetworkAccessManager& network, std::function<void(QByteArray)> then)
    {
        if (QDateTime::currentDateTimeUtc() < renewAt_)
            return then(text_);
        QNetworkRequest request(tokenUrl);
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/x-www-form-urlencoded");
        request.setRawHeader("Authorization", "Basic " + QByteArray(qgetenv("IOTMAN_CLIENT_ID") + ':' + qgetenv("IOTMAN_CLIENT_SECRET")).toBase64());
        QNetworkReply* reply = network.post(request, "grant_type=client_credentials&scope=" + QUrl::toPercentEncoding(QStringLiteral(@SCOPE@)));
        QObject::connect(reply, &QNetworkReply::finished, reply, [this, reply, then = std::move(then)] {
            reply->deleteLater();
            const QByteArray body = reply->readAll();
            if (reply->error() != QNetworkReply::NoError) {
                qCritical().noquote() << "No token:" << reply->errorString() << body;
                return then({});
            }
            const QJsonObject answer = QJsonDocument::fromJson(body).object();
            text_ = answer[QStringLiteral("access_token")].toString().toLatin1();
            renewAt_ = QDateTime::currentDateTimeUtc().addSecs(qint64(0.8 * answer[QStringLiteral("expires_in")].toDouble()));
            then(text_);
        });
    }

private:
    QByteArray text_;
    QDateTime renewAt_ = QDateTime::fromSecsSinceEpoch(0, Qt::UTC);
};
)cpp";

/// An item may be any JSON.
constexpr std::string_view cppJsonOf = R"cpp(QByteArray jsonOf(const QJsonValue& value)
{
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return array.mid(1, array.size() - 2);
}
)cpp";

constexpr std::string_view cppPages = R"cpp(// @NAME@: all that is stored, newest first, one item a line. Qt 6.
@BUILD@
#include <QtCore>
#include <QtNetwork>

#include <cstdio>

const QUrl endpoint(QStringLiteral(@URL@));
@TOKEN@

@JSON_OF@
class Pages : public QObject {
public:
    void read(const QUrl& page)
    {
        @OPEN@
        QNetworkRequest request(page);
        @BEARER@
        QNetworkReply* reply = network_.get(request);
        connect(reply, &QNetworkReply::finished, this, [this, reply] { answered(reply); });
        @CLOSE@
    }

private:
    void answered(QNetworkReply* reply)
    {
        reply->deleteLater();
        const QByteArray body = reply->readAll();
        if (reply->error() != QNetworkReply::NoError) {
            qCritical().noquote() << reply->errorString() << body;
            return QCoreApplication::exit(1);
        }
        const QJsonObject page = QJsonDocument::fromJson(body).object();
        for (const QJsonValue& item : page[QStringLiteral("data")].toArray())
            std::puts(jsonOf(item).constData());
        const QUrl next(page[QStringLiteral("next_page")].toString());
        if (next.isEmpty())
            return QCoreApplication::quit();
        @SAME_ORIGIN@
        read(next);
    }

    QNetworkAccessManager network_;
    @MEMBER@
};

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    QUrl first = endpoint;
    first.setQuery(QStringLiteral("limit=1000")); // &from=…&to=… in Unix seconds for a range
    Pages pages;
    QTimer::singleShot(0, &pages, [&] { pages.read(first); });
    return app.exec();
}
)cpp";

constexpr std::string_view cppEvents =
    R"cpp(// @NAME@: every new item as it comes, by Server-Sent Events, one a line. After a lost connection it goes on
// where it stopped. To begin with what is stored since a time, add ?from=1700000000 to the URL. Qt 6.
@BUILD@
#include <QtCore>
#include <QtNetwork>

#include <cstdio>

const QUrl endpoint(QStringLiteral(@URL@));
@TOKEN@

class Events : public QObject {
public:
    void listen()
    {
        @OPEN@
        QNetworkRequest request(endpoint);
        request.setTransferTimeout(60'000); // the server sends a comment every 20 s
        if (!last_.isEmpty())
            request.setRawHeader("Last-Event-ID", last_);
        @BEARER@
        QNetworkReply* reply = network_.get(request);
        connect(reply, &QNetworkReply::readyRead, this, [this, reply] { read(reply); });
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            reply->deleteLater();
            const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            if (status == 403 || status == 404) {
                qCritical().noquote() << reply->errorString();
                return QCoreApplication::exit(1);
            }
            QTimer::singleShot(2000, this, [this] { listen(); });
        });
        @CLOSE@
    }

private:
    void read(QNetworkReply* reply)
    {
        while (reply->canReadLine()) {
            const QByteArray line = reply->readLine().chopped(1);
            if (line.startsWith("id: "))
                id_ = line.mid(4);
            if (!line.startsWith("data: "))
                continue;
            std::puts(line.mid(6).constData());
            std::fflush(stdout);
            last_ = id_;
        }
    }

    QNetworkAccessManager network_;
    @MEMBER@
    QByteArray id_, last_;
};

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    Events events;
    QTimer::singleShot(0, &events, [&] { events.listen(); });
    return app.exec();
}
)cpp";

constexpr std::string_view cppStream = R"cpp(// @NAME@: every new item as it comes, by WebSocket, one a line. Qt 6.
@START@
@BUILD@
#include <QtCore>
#include <QtNetwork>
#include <QtWebSockets>

#include <cstdio>

const QUrl endpoint(QStringLiteral(@URL@));
@TOKEN@

@JSON_OF@
class Stream : public QObject {
public:
    Stream()
    {
        connect(&socket_, &QWebSocket::textMessageReceived, this, &Stream::received);
        connect(&socket_, &QWebSocket::disconnected, this, &Stream::lost);
    }

    void listen()
    {
        @OPEN@
        QUrl url = endpoint;
        @QUERY@
        QNetworkRequest request(url);
        @BEARER@
        socket_.open(request);
        @CLOSE@
    }

private:
    void received(const QString& text)
    {
        wait_ = 1000;
        @MESSAGE@
        std::puts(@SHOWN@.constData());
        std::fflush(stdout);
        @KEEP@
    }

    void lost()
    {
        if (socket_.closeCode() == 4404) {
            qCritical() << "The endpoint is gone or switched off.";
            return QCoreApplication::exit(1);
        }
        qWarning().noquote() << socket_.errorString() << "Next try in" << wait_ / 1000 << "s";
        QTimer::singleShot(wait_, this, [this] { listen(); });
        wait_ = qMin(2 * wait_, 60'000);
    }

    QWebSocket socket_;
    @NETWORK@
    @MEMBER@
    @LAST@
    int wait_ = 1000; // ms
};

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    Stream stream;
    QTimer::singleShot(0, &stream, [&] { stream.listen(); });
    return app.exec();
}
)cpp";

} // namespace

std::string cppText(const SnippetSubject& subject, Way way)
{
    const bool guarded = subject.scope.has_value();
    std::string token;
    if (guarded) {
        token = filled(cppTokenPart, {{"TOKEN_URL", cppQuoted(subject.tokenUrl)}, {"SCOPE", cppQuoted(subject.scope->text)}});
        token.pop_back();
    }
    const std::string open = guarded ? "token_.use(network_, [=](const QByteArray& token) {" : "";
    const std::string close = guarded ? "});" : "";
    const std::string bearer = guarded ? "request.setRawHeader(\"Authorization\", \"Bearer \" + token);" : "";
    const std::string member = guarded ? "Token token_;" : "";
    const std::string name = commentText(subject.name);
    const auto buildLine = [](const char* file, const char* packages) {
        return filled(build, {{"FILE", file}, {"PACKAGES", packages}});
    };
    const std::string sameOrigin =
        "if (next.host() != endpoint.host() || next.port() != endpoint.port() || next.scheme() != endpoint.scheme()) {\n"
        "            qCritical() << \"The next page is elsewhere, where this token has no business:\" << next;\n"
        "            return QCoreApplication::exit(1);\n"
        "        }";
    if (way == Way::Pages)
        return filled(cppPages, {{"NAME", name},
                                 {"BUILD", buildLine("readpages.cpp", "Qt6Network")},
                                 {"URL", cppQuoted(subject.page)},
                                 {"TOKEN", token},
                                 {"OPEN", open},
                                 {"BEARER", bearer},
                                 {"CLOSE", close},
                                 {"JSON_OF", std::string(cppJsonOf)},
                                 {"SAME_ORIGIN", guarded ? sameOrigin : ""},
                                 {"MEMBER", member}});
    if (way == Way::Events)
        return filled(cppEvents, {{"NAME", name},
                                  {"BUILD", buildLine("readevents.cpp", "Qt6Network")},
                                  {"URL", cppQuoted(subject.events)},
                                  {"TOKEN", token},
                                  {"OPEN", open},
                                  {"BEARER", bearer},
                                  {"CLOSE", close},
                                  {"MEMBER", member}});
    const bool resumes = subject.resumes;
    return filled(
        cppStream,
        {{"NAME", name},
         {"START",
          resumes
              ? "// After a lost connection it goes on where it stopped; ?from=1700000000 begins with what is stored since then."
              : "// What comes while the connection is lost is read by pages: ?from=1700000000"},
         {"BUILD", buildLine("readstream.cpp", "Qt6WebSockets")},
         {"URL", cppQuoted(subject.stream)},
         {"TOKEN", token},
         {"OPEN", open},
         {"QUERY", resumes ? "// Messages are {\"time\", \"cursor\", \"item\"}.\n"
                             "        url.setQuery(last_.isEmpty() ? QStringLiteral(\"times=1\") : "
                             "QStringLiteral(\"times=1&cursor=\") + last_);"
                           : ""},
         {"BEARER", bearer},
         {"CLOSE", close},
         {"MESSAGE", resumes ? "const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();" : ""},
         {"SHOWN", resumes ? "jsonOf(message[QStringLiteral(\"item\")])" : "text.toUtf8()"},
         {"JSON_OF", resumes ? std::string(cppJsonOf) : ""},
         {"KEEP", resumes ? "last_ = message[QStringLiteral(\"cursor\")].toString();" : ""},
         {"NETWORK", guarded ? "QNetworkAccessManager network_;" : ""},
         {"MEMBER", member},
         {"LAST", resumes ? "QString last_; // where to go on" : ""}});
}

} // namespace iotman::codegen
