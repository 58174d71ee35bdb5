// What the tests of core/model share: corpora, a world that is the same each time, and a workspace with one of everything.
#pragma once

#include "core/model/changes.h"
#include "core/model/encoding.h"
#include "core/model/json.h"

#include <QtTest/QtTest>

namespace iotman::test {

/// The lines of a corpus in tests/data. A file that is missing has none, and each test counts what it has run.
inline std::vector<Json> corpus(const char* name)
{
    std::vector<Json> cases;
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/") + QString::fromUtf8(name));
    if (file.open(QIODevice::ReadOnly)) {
        while (!file.atEnd())
            cases.push_back(Json::parse(file.readLine().toStdString()));
    }
    return cases;
}

inline std::string member(const Json& line, const char* name)
{
    const auto found = line.find(name);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

inline bool isSet(const Json& line, const char* name)
{
    return line.value(name, false);
}

/// A JSON text with single quotes for double ones, so that tables stay readable.
inline std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

inline Json json(std::string text)
{
    const Expected<Json> parsed = parseJson(quoted(std::move(text)));
    if (!parsed)
        qFatal("%s", parsed.error().detail.c_str());
    return *parsed;
}

inline QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

/// `400 field: detail`, as a whole to compare with; `ok` where nothing is wrong.
template <class T>
QByteArray told(const Expected<T>& result)
{
    return result ? QByteArray("ok") : bytes(result.error().field + ": " + result.error().detail);
}

/// Bytes that differ each time and are the same in each run.
class CountedRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override
    {
        for (std::byte& byte : bytes)
            byte = static_cast<std::byte>(++count_ * 37);
    }

private:
    unsigned count_ = 0;
};

inline Timestamp at(std::int64_t seconds)
{
    return {seconds * 1'000'000};
}

inline SourceDraft httpSource(const char* name)
{
    return {SourceName{name}, SourceKind::Http, Json::object(), std::nullopt, std::nullopt, true};
}

/// A workspace with one of everything, each using the one before it.
inline Catalog filledCatalog(Random& random)
{
    const Author author{"ada@example.com", at(1'700'000'000), random};
    Catalog catalog;
    catalog.workspace = {"0b9f5b4e-2a35-4f0e-9d7f-4f3b0f3c9a11", Slug{"demo"}, "Demo weather", at(1'600'000'000)};
    const bool made =
        createScope(catalog, {ScopeName{"sensor:read"}, "Read sensor data"}, author) &&
        createSource(catalog, {SourceName{"seattle"}, SourceKind::Http, Json::object(), "$.ts", ScopeName{"sensor:read"}, true},
                     author) &&
        createOutput(catalog, {OutputId{"o1"}, OutputName{"weather"}, {SourceName{"seattle"}}, "$.a == 1", "{ at: $ts }", true},
                     77, author) &&
        createEndpoint(catalog, {"weather", ScopeName{"sensor:read"}, EndpointId{"weather"}, true}, author) &&
        createClient(catalog, {ClientId{"grafana"}, "Grafana", {ScopeName{"sensor:read"}}, true, at(1'800'000'000)}, author) &&
        createMember(catalog, {Email{"ada@example.com"}, Role::Admin}, author);
    const auto cors = parseCorsOrigins({"https://dash.example", "http://localhost:3000"});
    if (made && cors)
        catalog.cors = cors->origins;
    return catalog;
}

} // namespace iotman::test
