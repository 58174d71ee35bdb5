#include "tests/e2e/apiclient.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>

namespace iotman::test {

QJsonObject object(const QByteArray& json)
{
    return QJsonDocument::fromJson(json).object();
}

QByteArray targetOf(const QString& url)
{
    const QUrl parsed(url);
    QByteArray target = parsed.path(QUrl::FullyEncoded).toUtf8();
    if (parsed.hasQuery())
        target += "?" + parsed.query(QUrl::FullyEncoded).toUtf8();
    return target;
}

ApiClient::ApiClient(int port, const QByteArray& adminKey)
    : port_(port)
    , token_(tokenOf("admin@localhost", adminKey))
{
}

HttpAnswer ApiClient::get(const QByteArray& target, const QList<QByteArray>& headers) const
{
    return request(port_, "GET", target, headers);
}

HttpAnswer ApiClient::api(const QByteArray& method, const QByteArray& path, const QByteArray& body, const QByteArray& token) const
{
    return request(port_, method, "/api/" + path, {"Authorization: Bearer " + (token.isEmpty() ? token_ : token)}, body);
}

QList<QList<int>> ApiClient::pages(QByteArray target) const
{
    QList<QList<int>> all;
    while (!target.isEmpty() && all.size() < 1000) {
        const HttpAnswer answer = get(target);
        const QJsonObject page = object(answer.body);
        all.append(QList<int>());
        for (const QJsonValue& item : page[u"data"].toArray())
            all.last().append(item[u"n"].toInt());
        const QJsonValue next = page.value(u"next_page");
        if (answer.status != 200 || next.isUndefined())
            qFatal("a page was answered with %d", answer.status);
        target = next.isNull() ? QByteArray() : targetOf(next.toString());
    }
    return all;
}

HttpAnswer ApiClient::ingest(const QByteArray& source, const QByteArray& body, const QList<QByteArray>& headers) const
{
    return request(port_, "POST", "/data/in/" + source, headers, body);
}

QByteArray ApiClient::tokenOf(const QByteArray& id, const QByteArray& secret, const QByteArray& extra) const
{
    const QByteArray credentials = QByteArray(id + ":" + secret).toBase64();
    const HttpAnswer answer =
        request(port_, "POST", "/oauth/token", {"Authorization: Basic " + credentials}, "grant_type=client_credentials" + extra);
    return object(answer.body).value(u"access_token").toString().toUtf8();
}

bool ApiClient::makeEndpoint(const QByteArray& name, const QByteArray& sourceScope, const QByteArray& endpointScope) const
{
    const QByteArray quoted = "\"" + name + "\"";
    const QByteArray source =
        "{\"name\":" + quoted + ",\"kind\":\"http\",\"time\":\"$.t\",\"required_scope\":" + sourceScope + "}";
    const QByteArray output = "{\"name\":" + quoted + ",\"sources\":[" + quoted + "],\"rule\":\"$\"}";
    const QByteArray endpoint = "{\"id\":" + quoted + ",\"output\":" + quoted + ",\"required_scope\":" + endpointScope + "}";
    return api("POST", "sources", source).status == 201 && api("POST", "outputs", output).status == 201 &&
           api("POST", "endpoints", endpoint).status == 201;
}

} // namespace iotman::test
