// Tokens as who has a data folder's own key could sign them.
#pragma once

#include "core/server/signingkey.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <optional>

namespace iotman::test {

/// All of a file; nothing when it cannot be read.
inline QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QByteArray base64Url(const QByteArray& bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

class FolderKey {
public:
    /// Of a folder whose server is ready. Nothing where there is no key.
    static std::optional<FolderKey> of(const QString& folder)
    {
        const auto key = server::SigningKey::fromPem(readFile(folder + QStringLiteral("/signing-key.pem")).toStdString());
        return key ? std::optional(FolderKey(*key)) : std::nullopt;
    }

    QJsonObject header(const QString& algorithm = QStringLiteral("RS256")) const
    {
        return {{QStringLiteral("alg"), algorithm}, {QStringLiteral("kid"), QString::fromStdString(key_.kid())}};
    }
    /// What is signed of a token.
    static QByteArray content(const QJsonObject& header, const QJsonObject& claims)
    {
        return base64Url(QJsonDocument(header).toJson(QJsonDocument::Compact)) + "." +
               base64Url(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    }
    QByteArray sign(const QJsonObject& header, const QJsonObject& claims) const
    {
        const QByteArray text = content(header, claims);
        return text + "." + base64Url(QByteArray::fromStdString(key_.sign(text.toStdString())));
    }

private:
    explicit FolderKey(server::SigningKey key)
        : key_(std::move(key))
    {
    }

    server::SigningKey key_;
};

} // namespace iotman::test
