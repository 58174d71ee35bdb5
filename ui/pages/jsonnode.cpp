#include "ui/pages/jsonnode.h"

#include "core/client/jsonscanner.h"
#include "core/client/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace iotman::ui {

using client::JsonScanner;
using client::toQt;

namespace {

struct JsonWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Json)
};

constexpr qsizetype mostPreview = 100;

QString keyText(std::string_view slice)
{
    const std::optional<std::string> text = client::stringFrom('"' + std::string(slice) + '"');
    return toQt(text ? std::string_view(*text) : slice);
}

QString elementsText(std::size_t count)
{
    return count == 1 ? JsonWords::tr("1 value") : JsonWords::tr("%Ln values", nullptr, static_cast<int>(count));
}

QString objectPreview(std::string_view value)
{
    QString preview;
    for (const JsonChild& child : childrenOf(value)) {
        if (!preview.isEmpty())
            preview += QStringLiteral(", ");
        const JsonKind kind = kindOf(child.value);
        preview += child.key + u' ';
        preview += kind == JsonKind::Object  ? QStringLiteral("{\u2026}")
                   : kind == JsonKind::Array ? QStringLiteral("[\u2026]")
                                             : toQt(child.value.substr(0, mostPreview));
        if (preview.size() > mostPreview)
            return preview.left(mostPreview) + u'\u2026';
    }
    return preview;
}

/// Writes tokens on lines of their own.
class Indenter {
public:
    Indenter(std::string_view json, std::size_t most)
        : json_(json)
        , most_(most)
    {
    }

    std::string run()
    {
        for (std::size_t at = 0; at < json_.size() && text_.size() < most_;)
            at = token(at);
        return std::move(text_);
    }

private:
    std::size_t token(std::size_t at)
    {
        const char c = json_[at];
        switch (c) {
        case ' ':
        case '\t':
        case '\n':
        case '\r':
            return at + 1;
        case '{':
        case '[':
            if (opened_)
                newLine();
            text_ += c;
            opened_ = true;
            ++depth_;
            return at + 1;
        case '}':
        case ']':
            --depth_;
            if (!opened_)
                newLine();
            opened_ = false;
            text_ += c;
            return at + 1;
        case ',':
            text_ += c;
            newLine();
            return at + 1;
        case ':':
            text_ += ": ";
            return at + 1;
        default:
            return scalar(at);
        }
    }

    std::size_t scalar(std::size_t at)
    {
        if (opened_)
            newLine();
        opened_ = false;
        const std::size_t start = at;
        if (json_[at] == '"') {
            for (++at; at < json_.size() && json_[at] != '"'; ++at)
                at += json_[at] == '\\';
            at = std::min(at + 1, json_.size());
        } else {
            at = std::min(json_.find_first_of(" \t\r\n,:]}", at), json_.size());
        }
        text_ += json_.substr(start, at - start);
        return at;
    }

    void newLine()
    {
        text_ += '\n';
        text_.append(2 * static_cast<std::size_t>(std::max(depth_, 0)), ' ');
    }

    std::string_view json_;
    std::size_t most_;
    std::string text_;
    int depth_ = 0;
    bool opened_ = false; ///< nothing has come since an opening bracket
};

} // namespace

JsonKind kindOf(std::string_view value)
{
    switch (value.empty() ? 'n' : value.front()) {
    case '{':
        return JsonKind::Object;
    case '[':
        return JsonKind::Array;
    case '"':
        return JsonKind::Text;
    case 't':
    case 'f':
        return JsonKind::Boolean;
    case 'n':
        return JsonKind::Null;
    default:
        return JsonKind::Number;
    }
}

QString kindWord(JsonKind kind)
{
    switch (kind) {
    case JsonKind::Object:
        return JsonWords::tr("object");
    case JsonKind::Array:
        return JsonWords::tr("array");
    case JsonKind::Text:
        return JsonWords::tr("text");
    case JsonKind::Number:
        return JsonWords::tr("number");
    case JsonKind::Boolean:
        return JsonWords::tr("boolean");
    case JsonKind::Null:
        return JsonWords::tr("null");
    }
    return {};
}

std::vector<JsonChild> childrenOf(std::string_view value)
{
    std::vector<JsonChild> children;
    JsonScanner scanner(value);
    if (scanner.enterObject()) {
        while (const auto name = scanner.member()) {
            const auto member = scanner.value();
            if (!member)
                break;
            children.push_back({keyText(*name), *member});
        }
    } else if (scanner.enterArray()) {
        while (scanner.element()) {
            const auto element = scanner.value();
            if (!element)
                break;
            children.push_back({QString::number(children.size()), *element});
        }
    }
    return children;
}

bool hasChildren(std::string_view value)
{
    const JsonKind kind = kindOf(value);
    if (kind != JsonKind::Object && kind != JsonKind::Array)
        return false;
    const std::size_t first = value.find_first_not_of(" \t\r\n", 1);
    return first != std::string_view::npos && value[first] != '}' && value[first] != ']';
}

QString previewOf(std::string_view value)
{
    switch (kindOf(value)) {
    case JsonKind::Object:
        return objectPreview(value);
    case JsonKind::Array:
        return elementsText(childrenOf(value).size());
    default:
        return toQt(value.substr(0, 4 * mostPreview));
    }
}

bool looksLikeTime(QStringView key, std::string_view value)
{
    static constexpr std::array names = {QStringView(u"at"),        QStringView(u"ts"),          QStringView(u"time"),
                                         QStringView(u"timestamp"), QStringView(u"created_at"),  QStringView(u"updated_at"),
                                         QStringView(u"date"),      QStringView(u"measured_at"), QStringView(u"t")};
    if (kindOf(value) != JsonKind::Number || value.front() == '-')
        return false;
    const bool named =
        std::any_of(names.begin(), names.end(), [&](QStringView name) { return key.compare(name, Qt::CaseInsensitive) == 0; });
    // Nine or ten digits before the point: 1973 to 2286. Numbers written with an exponent are no times.
    const std::size_t digits = std::min(value.find('.'), value.size());
    return named && (digits == 9 || digits == 10) && value.find_first_of("eE") == std::string_view::npos;
}

std::string indented(std::string_view json, std::size_t most)
{
    JsonScanner scanner(json);
    if (!scanner.value() || !scanner.finish())
        return std::string(json.substr(0, most));
    return Indenter(json, most).run();
}

} // namespace iotman::ui
