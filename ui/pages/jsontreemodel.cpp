#include "ui/pages/jsontreemodel.h"

#include "core/client/jsonscanner.h"
#include "core/client/text.h"
#include "core/model/timestamp.h"
#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/pages/words.h"

#include <QDateTime>
#include <QGuiApplication>

namespace iotman::ui {

struct JsonTreeModel::Node {
    Node* parent = nullptr;
    int row = 0;
    QString key;
    std::string_view value;
    bool read = false;
    std::vector<std::unique_ptr<Node>> children;

    const std::vector<std::unique_ptr<Node>>& opened()
    {
        if (!read) {
            read = true;
            for (JsonChild& child : childrenOf(value))
                append(std::move(child.key), child.value);
        }
        return children;
    }
    void append(QString childKey, std::string_view childValue)
    {
        auto node = std::make_unique<Node>();
        node->parent = this;
        node->row = static_cast<int>(children.size());
        node->key = std::move(childKey);
        node->value = childValue;
        children.push_back(std::move(node));
    }
};

JsonTreeModel::JsonTreeModel(QObject* parent)
    : QAbstractItemModel(parent)
    , root_(std::make_unique<Node>())
{
    root_->read = true;
}

JsonTreeModel::~JsonTreeModel() = default;

void JsonTreeModel::setText(QByteArray json)
{
    beginResetModel();
    root_ = std::make_unique<Node>();
    text_ = std::move(json);
    client::JsonScanner scanner(client::view(text_));
    const std::optional<std::string_view> value = scanner.value();
    root_->read = !value || !scanner.finish();
    if (!root_->read) {
        root_->value = *value;
        // A text that is no more than one number is still shown.
        if (kindOf(*value) != JsonKind::Object && kindOf(*value) != JsonKind::Array) {
            root_->read = true;
            root_->append(QString(), *value);
        }
    }
    endResetModel();
}

void JsonTreeModel::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    Q_EMIT layoutChanged();
}

JsonTreeModel::Node* JsonTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : root_.get();
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    const auto& children = nodeOf(parent)->opened();
    if (row < 0 || static_cast<std::size_t>(row) >= children.size() || column < 0 || column > Type)
        return {};
    return createIndex(row, column, children[static_cast<std::size_t>(row)].get());
}

QModelIndex JsonTreeModel::parent(const QModelIndex& child) const
{
    Node* node = nodeOf(child)->parent;
    return !node || node == root_.get() ? QModelIndex() : createIndex(node->row, 0, node);
}

bool JsonTreeModel::hasChildren(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return !root_->opened().empty();
    return parent.column() == Key && ui::hasChildren(nodeOf(parent)->value);
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > Key ? 0 : static_cast<int>(nodeOf(parent)->opened().size());
}

int JsonTreeModel::columnCount(const QModelIndex&) const
{
    return 3;
}

QString JsonTreeModel::valueText(const Node& node) const
{
    const QString text = previewOf(node.value);
    if (!looksLikeTime(node.key, node.value))
        return text;
    const Expected<Timestamp> time = Timestamp::parseSeconds(node.value, {});
    if (!time)
        return text;
    return text + QStringLiteral("   ") + QLocale().toString(wallClock(*time, zone_), QStringLiteral("d MMM yyyy HH:mm"));
}

QVariant JsonTreeModel::colour(const Node& node) const
{
    const QPalette palette = QGuiApplication::palette();
    const Extras& colours = extras(palette);
    switch (kindOf(node.value)) {
    case JsonKind::Text:
        return colours.codeString;
    case JsonKind::Number:
        return colours.codeNumber;
    case JsonKind::Boolean:
    case JsonKind::Null:
        return colours.codeOperator;
    case JsonKind::Object:
    case JsonKind::Array:
        break;
    }
    return colours.dimText;
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& node = *nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Key)
            return node.key;
        if (index.column() == Value)
            return valueText(node);
        return looksLikeTime(node.key, node.value) ? tr("time") : kindWord(kindOf(node.value));
    case Qt::ForegroundRole:
        if (index.column() == Key)
            return {};
        return index.column() == Value ? colour(node) : QVariant(extras(QGuiApplication::palette()).dimText);
    case Qt::FontRole:
        return index.column() == Type ? QVariant() : QVariant(monospaceFont());
    case Qt::ToolTipRole:
        return index.column() == Value ? QVariant(valueText(node)) : QVariant();
    case RawRole:
        return client::toQt(node.value);
    default:
        return {};
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : section == Value ? tr("Value") : tr("Type");
}

} // namespace iotman::ui
