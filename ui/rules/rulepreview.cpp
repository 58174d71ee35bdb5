#include "ui/rules/rulepreview.h"

#include "core/rules/lexer.h"
#include "core/rules/transform.h"
#include "ui/rules/rulecheck.h"
#include "ui/rules/ruletokens.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

namespace {

struct RulePreviewWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::RulePreview)
};

using rules::Token;
using rules::Transform;

/// The keys of each plain path of the payload in `filter`, `$.a.b`, in the order written, each once.
std::vector<std::vector<std::string>> plainPaths(const std::string& filter)
{
    std::vector<std::vector<std::string>> paths;
    rules::Lexer lexer(filter);
    Token token = lexer.next();
    while (token.kind != Token::Kind::End) {
        if (!token.is("$")) {
            token = lexer.next();
            continue;
        }
        std::vector<std::string> keys;
        token = lexer.next();
        while (token.is(".")) {
            token = lexer.next();
            if (token.kind != Token::Kind::Word && token.kind != Token::Kind::Keyword && token.kind != Token::Kind::String)
                break;
            std::string key = token.text;
            token = lexer.next();
            if (token.is("(")) // a method
                break;
            keys.push_back(std::move(key));
        }
        if (!keys.empty() && std::find(paths.begin(), paths.end(), keys) == paths.end())
            paths.push_back(std::move(keys));
    }
    return paths;
}

QString valueAt(const rules::Payload& payload, const std::vector<std::string>& keys)
{
    std::uint32_t node = 0;
    for (const std::string& key : keys) {
        if (payload.node(node).kind != rules::Payload::Kind::Object)
            return RulePreviewWords::tr("not there", "a value of a datapoint");
        node = payload.member(node, key);
        if (node == 0)
            return RulePreviewWords::tr("not there", "a value of a datapoint");
    }
    const std::string_view text = payload.text(node);
    const QString value = QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min<std::size_t>(text.size(), 120)));
    return value.size() > 40 ? value.left(40) + QChar(0x2026) : value;
}

} // namespace

QString filteredReason(const std::string& filter, const std::string& payload)
{
    rules::Payload parsed;
    QStringList values;
    if (parsed.parse(payload)) {
        for (const std::vector<std::string>& keys : plainPaths(filter)) {
            QString path = QStringLiteral("$");
            for (const std::string& key : keys)
                path += keyStep(QString::fromStdString(key));
            values << RulePreviewWords::tr("%1 is %2").arg(path, valueAt(parsed, keys));
            if (values.size() == 3)
                break;
        }
    }
    return values.isEmpty() ? RulePreviewWords::tr("No item: the filter is not true.")
                            : RulePreviewWords::tr("No item: the filter is not true, %1.").arg(values.join(QStringLiteral(", ")));
}

Preview preview(const std::string& filter, const std::string& rule, std::span<const RecentDatapoint> datapoints, std::size_t rows,
                std::chrono::milliseconds time, const std::atomic<bool>& cancelled)
{
    Preview result;
    const auto transform = Transform::compile(filter, rule);
    if (!transform)
        return result;
    const auto end = std::chrono::steady_clock::now() + time;
    rules::Payload payload;
    for (const RecentDatapoint& datapoint : datapoints) {
        if (cancelled || std::chrono::steady_clock::now() > end) {
            result.complete = false;
            break;
        }
        std::string item;
        Error error;
        auto outcome = Transform::Outcome::Failed;
        if (const auto parsed = payload.parse(datapoint.payload); !parsed)
            error = parsed.error();
        else
            outcome = transform->run(payload, {datapoint.time, datapoint.source, datapoint.sequence}, item, error);
        result.items += outcome == Transform::Outcome::Item;
        result.filtered += outcome == Transform::Outcome::Filtered;
        result.failed += outcome == Transform::Outcome::Failed;
        if (result.rows.size() >= rows)
            continue;
        PreviewRow& row = result.rows.emplace_back();
        row.datapoint = datapoint;
        if (outcome == Transform::Outcome::Item) {
            row.item = std::move(item);
        } else if (outcome == Transform::Outcome::Filtered) {
            row.outcome = PreviewRow::Outcome::Filtered;
            row.reason = filteredReason(filter, datapoint.payload);
        } else {
            row.outcome = PreviewRow::Outcome::Failed;
            const QString where = asSentence(error);
            row.reason = error.field == "filter" ? RulePreviewWords::tr("No item: the filter failed. %1").arg(where)
                                                 : RulePreviewWords::tr("No item: the rule failed. %1").arg(where);
        }
    }
    return result;
}

} // namespace iotman::ui
