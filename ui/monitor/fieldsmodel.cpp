#include "ui/monitor/fieldsmodel.h"

#include "ui/monitor/endpointfeed.h"
#include "ui/monitor/linedrag.h"
#include "ui/monitor/measureunit.h"

#include <QLocale>
#include <QMimeData>

#include <algorithm>
#include <set>
#include <utility>

namespace iotman {

namespace {

/// The path and the group of a line within its endpoint.
using LineName = std::pair<std::string, std::string>;

/// After lines were split or joined, the name of a field is that of all its lines.
bool isCalled(const LineName& line, const LineName& name)
{
    return line.first == name.first && (line.second == name.second || line.second.empty() != name.second.empty());
}

} // namespace

/// An endpoint, a field, or one line of a split field. A field that is not split is its own line.
struct FieldsModel::Node {
    Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    MonitoredEndpoint endpoint; ///< of an endpoint
    EndpointFeed* feed = nullptr;
    std::size_t linesSeen = 0;  ///< lines of the feed that have their rows
    std::set<LineName> awaited; ///< to be ticked once when they come

    std::string path;                ///< of a field
    std::string group;               ///< of a line
    std::optional<std::size_t> line; ///< place in the feed's lines
    std::optional<SeriesId> series;  ///< nothing for a state
    std::optional<int> color;        ///< of a ticked line
    bool isDerived = false;

    bool isEndpoint() const { return parent && !parent->parent; }
    const Node& owner() const { return isEndpoint() ? *this : parent->owner(); }
    Node& owner() { return isEndpoint() ? *this : parent->owner(); }
    LineName name() const { return {path, group}; }
    int row() const
    {
        const auto place = std::find_if(parent->children.begin(), parent->children.end(),
                                        [&](const auto& child) { return child.get() == this; });
        return static_cast<int>(place - parent->children.begin());
    }
    /// Calls `each` for every line at or below this.
    template <class Each>
    void forLines(Each each)
    {
        if (line)
            each(*this);
        for (const auto& child : children)
            child->forLines(each);
    }
    template <class Each>
    void forLines(Each each) const
    {
        if (line)
            each(*this);
        for (const auto& child : children)
            std::as_const(*child).forLines(each);
    }
};

FieldsModel::FieldsModel(QObject* parent)
    : QAbstractItemModel(parent)
    , root_(std::make_unique<Node>())
{
}

FieldsModel::~FieldsModel() = default;

// ---- Endpoints and their feeds

void FieldsModel::setEndpoints(const std::vector<MonitoredEndpoint>& endpoints)
{
    const auto isWanted = [&](const Node& node) {
        return std::any_of(endpoints.begin(), endpoints.end(), [&](const auto& each) { return each.id == node.endpoint.id; });
    };
    for (int row = static_cast<int>(root_->children.size()) - 1; row >= 0; --row) {
        if (isWanted(*root_->children[static_cast<std::size_t>(row)]))
            continue;
        beginRemoveRows({}, row, row);
        root_->children.erase(root_->children.begin() + row);
        endRemoveRows();
    }
    for (const MonitoredEndpoint& endpoint : endpoints) {
        if (Node* known = find(endpoint.id)) {
            if (std::exchange(known->endpoint, endpoint) != endpoint)
                Q_EMIT dataChanged(indexOf(known), indexOf(known));
            continue;
        }
        auto node = std::make_unique<Node>();
        node->endpoint = endpoint;
        insert(*root_, std::move(node));
    }
    Q_EMIT tickedChanged();
}

const MonitoredEndpoint* FieldsModel::endpoint(const EndpointId& id) const
{
    const Node* node = find(id);
    return node ? &node->endpoint : nullptr;
}

void FieldsModel::setFeed(const EndpointId& id, EndpointFeed* feed)
{
    Node* node = find(id);
    if (!node)
        return;
    removeChildren(*node);
    node->feed = feed;
    node->awaited.clear();
    addLines(id);
    Q_EMIT dataChanged(indexOf(node), indexOf(node));
    Q_EMIT tickedChanged();
}

void FieldsModel::restart(const EndpointId& id)
{
    Node* node = find(id);
    if (!node)
        return;
    node->forLines([&](const Node& line) {
        if (line.color)
            node->awaited.insert(line.name());
    });
    removeChildren(*node);
    Q_EMIT tickedChanged();
}

void FieldsModel::removeChildren(Node& node)
{
    node.linesSeen = 0;
    if (node.children.empty())
        return;
    beginRemoveRows(indexOf(&node), 0, static_cast<int>(node.children.size()) - 1);
    node.children.clear();
    endRemoveRows();
}

void FieldsModel::addLines(const EndpointId& id)
{
    Node* node = find(id);
    const EndpointSeries* series = node && node->feed ? node->feed->series() : nullptr;
    if (!series)
        return;
    bool hasTicked = false;
    for (; node->linesSeen < series->lines().size(); ++node->linesSeen)
        addLine(*node, node->linesSeen);
    // A state among numbers may have become a line.
    node->forLines([&](Node& line) {
        const bool isNew = !std::exchange(line.series, series->lines()[*line.line].series);
        if (isNew && line.series && tickAwaited(*node, line))
            hasTicked = true;
    });
    if (hasTicked)
        Q_EMIT tickedChanged();
}

/// Whether it was awaited.
bool FieldsModel::tickAwaited(Node& endpoint, Node& line)
{
    const auto isMeant = [&](const LineName& name) { return isCalled(line.name(), name); };
    if (std::none_of(endpoint.awaited.begin(), endpoint.awaited.end(), isMeant))
        return false;
    endpoint.awaited.erase(line.name());
    tick(line, true);
    return true;
}

void FieldsModel::addLine(Node& endpoint, std::size_t line)
{
    const EndpointSeries& series = *endpoint.feed->series();
    const EndpointLine& added = series.lines()[line];
    const std::string& path = series.path(added);
    const auto known =
        std::find_if(endpoint.children.begin(), endpoint.children.end(), [&](const auto& child) { return child->path == path; });
    Node* field = known == endpoint.children.end() ? nullptr : known->get();
    const bool isSplit = !series.rule().splitField.empty();
    if (!field) {
        auto node = std::make_unique<Node>();
        node->path = path;
        node->isDerived = series.isDerived(added);
        if (!isSplit)
            node->line = line;
        field = &insert(endpoint, std::move(node));
    }
    if (!isSplit)
        return;
    auto node = std::make_unique<Node>();
    node->path = path;
    node->group = series.groups()[added.group];
    node->line = line;
    node->isDerived = series.isDerived(added);
    insert(*field, std::move(node));
}

FieldsModel::Node& FieldsModel::insert(Node& parent, std::unique_ptr<Node> child)
{
    const int row = static_cast<int>(parent.children.size());
    child->parent = &parent;
    beginInsertRows(indexOf(&parent), row, row);
    parent.children.push_back(std::move(child));
    endInsertRows();
    return *parent.children.back();
}

void FieldsModel::valuesChanged()
{
    if (root_->children.empty())
        return;
    static const QList<int> roles{ValueRole, UnitRole, ColorRole, Qt::CheckStateRole, Qt::AccessibleTextRole};
    const auto tell = [&](const Node& parent) {
        if (!parent.children.empty())
            Q_EMIT dataChanged(indexOf(parent.children.front().get()), indexOf(parent.children.back().get()), roles);
    };
    tell(*root_);
    for (const auto& endpoint : root_->children) {
        tell(*endpoint);
        for (const auto& field : endpoint->children)
            tell(*field);
    }
}

// ---- Ticks

void FieldsModel::tickMeasurements(const EndpointId& id)
{
    Node* node = find(id);
    if (!node || !node->feed || !node->feed->shape())
        return;
    node->forLines([&](Node& line) {
        const FieldShape* shape = node->feed->shape()->field(line.path);
        if (!shape || shape->role == FieldRole::Measurement)
            tick(line, true);
    });
    tellTicked();
}

void FieldsModel::untickAll(const EndpointId& id)
{
    if (Node* node = find(id)) {
        node->awaited.clear();
        setTicked(*node, false);
    }
}

void FieldsModel::untickAll()
{
    for (const auto& endpoint : root_->children) {
        endpoint->awaited.clear();
        endpoint->forLines([this](Node& line) { tick(line, false); });
    }
    tellTicked();
}

void FieldsModel::untick(const LineKey& key)
{
    Node* node = find(key.endpoint);
    if (!node)
        return;
    node->awaited.erase({key.path, key.group});
    if (Node* line = lineCalled(key))
        tick(*line, false);
    tellTicked();
}

void FieldsModel::tickLines(const EndpointId& id, const std::vector<LineKey>& keys)
{
    Node* node = find(id);
    if (!node)
        return;
    std::set<LineName> wanted;
    for (const LineKey& key : keys)
        wanted.emplace(key.path, key.group);
    std::swap(wanted, node->awaited); // lines that are there: these keys alone
    node->forLines([&](Node& line) {
        if (line.series)
            tickAwaited(*node, line);
    });
    node->awaited.merge(wanted);
    tellTicked();
}

void FieldsModel::setTicked(Node& node, bool on)
{
    node.forLines([&](Node& line) { tick(line, on); });
    tellTicked();
}

void FieldsModel::tellTicked()
{
    valuesChanged();
    Q_EMIT tickedChanged();
}

/// What is unticked is awaited no longer, under any name it may come back with.
void FieldsModel::tick(Node& leaf, bool on)
{
    if (on) {
        if (leaf.series && !leaf.color)
            leaf.color = colorFor(leaf);
        return;
    }
    leaf.color.reset();
    std::erase_if(leaf.owner().awaited, [&](const LineName& name) { return isCalled(leaf.name(), name); });
}

std::set<int> FieldsModel::usedColors() const
{
    std::set<int> used;
    std::as_const(*root_).forLines([&](const Node& line) {
        if (line.color)
            used.insert(*line.color);
    });
    return used;
}

/// The one it had, else the first that no line has, nor any that is awaited.
int FieldsModel::colorFor(const Node& line)
{
    std::set<int> used = usedColors();
    const LineKey key{line.owner().endpoint.id, line.path, line.group};
    if (const auto had = colors_.find(key); had != colors_.end() && used.count(had->second) == 0)
        return had->second;
    for (const auto& endpoint : root_->children)
        for (const auto& [path, group] : endpoint->awaited)
            if (const auto kept = colors_.find({endpoint->endpoint.id, path, group}); kept != colors_.end())
                used.insert(kept->second);
    int color = 0;
    while (used.count(color))
        ++color;
    return colors_[key] = color;
}

std::vector<TickedLine> FieldsModel::ticked() const
{
    std::vector<TickedLine> lines;
    std::as_const(*root_).forLines([&](const Node& line) {
        if (!line.color)
            return;
        const QString path = QString::fromStdString(line.path);
        const QString name = line.group.empty() ? path : QString::fromStdString(line.group) + u' ' + path;
        const EndpointId& id = line.owner().endpoint.id;
        lines.push_back({id, *line.series, *line.color, name, {id, line.path, line.group}, line.isDerived});
    });
    return lines;
}

FieldsModel::Node* FieldsModel::lineCalled(const LineKey& key) const
{
    Node* found = nullptr;
    if (Node* endpoint = find(key.endpoint))
        endpoint->forLines([&](Node& line) {
            if (line.path == key.path && line.group == key.group)
                found = &line;
        });
    return found;
}

void FieldsModel::setColor(const LineKey& key, std::optional<int> color)
{
    Node* line = lineCalled(key);
    if (!line || !line->color || line->color == color)
        return;
    line->color.reset(); // its own is free as well
    line->color = color ? *color : colorFor(*line);
    Q_EMIT dataChanged(indexOf(line), indexOf(line));
}

QStringList FieldsModel::mimeTypes() const
{
    return {draggedLinesType()};
}

QMimeData* FieldsModel::mimeData(const QModelIndexList& indexes) const
{
    DraggedLines dragged;
    for (const QModelIndex& index : indexes) {
        const Node* node = nodeOf(index);
        const EndpointId& id = node->owner().endpoint.id;
        if (node->isEndpoint())
            dragged.endpoints.push_back(id);
        else
            node->forLines([&](const Node& line) { dragged.lines.push_back({id, line.path, line.group}); });
    }
    auto* data = new QMimeData;
    data->setData(draggedLinesType(), dragged.text());
    return data;
}

Qt::CheckState FieldsModel::checkState(const Node& node) const
{
    int plotted = 0, ticked = 0;
    node.forLines([&](const Node& line) {
        plotted += line.series ? 1 : 0;
        ticked += line.color ? 1 : 0;
    });
    return ticked == 0 ? Qt::Unchecked : ticked == plotted ? Qt::Checked : Qt::PartiallyChecked;
}

// ---- The tree

FieldsModel::Node* FieldsModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : root_.get();
}

QModelIndex FieldsModel::indexOf(const Node* node) const
{
    return node == root_.get() ? QModelIndex() : createIndex(node->row(), 0, node);
}

QModelIndex FieldsModel::indexOf(const EndpointId& id) const
{
    const Node* node = find(id);
    return node ? indexOf(node) : QModelIndex();
}

FieldsModel::Node* FieldsModel::find(const EndpointId& id) const
{
    const auto found =
        std::find_if(root_->children.begin(), root_->children.end(), [&](const auto& child) { return child->endpoint.id == id; });
    return found == root_->children.end() ? nullptr : found->get();
}

std::optional<EndpointId> FieldsModel::endpointAt(const QModelIndex& index) const
{
    return index.isValid() ? std::optional(nodeOf(index)->owner().endpoint.id) : std::nullopt;
}

std::optional<LineKey> FieldsModel::lineAt(const QModelIndex& index) const
{
    if (!index.isValid() || !nodeOf(index)->line)
        return std::nullopt;
    const Node& node = *nodeOf(index);
    return LineKey{node.owner().endpoint.id, node.path, node.group};
}

QModelIndex FieldsModel::index(int row, int column, const QModelIndex& parent) const
{
    const Node* node = nodeOf(parent);
    if (column != 0 || row < 0 || row >= static_cast<int>(node->children.size()))
        return {};
    return createIndex(row, 0, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex FieldsModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(nodeOf(child)->parent) : QModelIndex();
}

int FieldsModel::rowCount(const QModelIndex& parent) const
{
    return static_cast<int>(nodeOf(parent)->children.size());
}
int FieldsModel::columnCount(const QModelIndex&) const
{
    return 1;
}

bool FieldsModel::hasChildren(const QModelIndex& parent) const
{
    return canFetchMore(parent) || !nodeOf(parent)->children.empty();
}

bool FieldsModel::canFetchMore(const QModelIndex& parent) const
{
    const Node* node = nodeOf(parent);
    return node->isEndpoint() && !node->feed;
}

void FieldsModel::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent))
        Q_EMIT wanted(EndpointId(nodeOf(parent)->endpoint.id));
}

Qt::ItemFlags FieldsModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled;
    const Node& node = *nodeOf(index);
    bool isPlotted = false;
    node.forLines([&](const Node& line) { isPlotted = isPlotted || line.series; });
    if (!node.isEndpoint() && isPlotted)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

bool FieldsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !flags(index).testFlag(Qt::ItemIsUserCheckable))
        return false;
    setTicked(*nodeOf(index), value.toInt() != Qt::Unchecked);
    return true;
}

QVariant FieldsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node& node = *nodeOf(index);
    return node.isEndpoint() ? endpointData(node, role) : fieldData(node, role);
}

QVariant FieldsModel::endpointData(const Node& node, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return node.endpoint.name;
    case Qt::ToolTipRole:
        return node.endpoint.note;
    case ValueRole:
        return node.feed && node.feed->series() ? shownRate(node.feed->perSecond(), QLocale()) : QString();
    case Qt::AccessibleTextRole:
        return node.feed && node.feed->series()
                   ? tr("%1, %2").arg(node.endpoint.name, shownRate(node.feed->perSecond(), QLocale()))
                   : node.endpoint.name;
    case IsEndpointRole:
        return true;
    default:
        return {};
    }
}

QVariant FieldsModel::fieldData(const Node& node, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return node.parent->isEndpoint() ? QString::fromStdString(node.path)
               : node.group.empty()      ? tr("(none)")
                                         : QString::fromStdString(node.group);
    case Qt::ToolTipRole:
        return accessibleText(node);
    case Qt::AccessibleTextRole:
        return accessibleText(node);
    case Qt::CheckStateRole:
        return flags(indexOf(&node)).testFlag(Qt::ItemIsUserCheckable) ? QVariant(checkState(node)) : QVariant();
    case ValueRole:
        return valueText(node);
    case UnitRole:
        return unitText(node);
    case ColorRole:
        return node.color ? QVariant(*node.color) : QVariant();
    default:
        return {};
    }
}

QString FieldsModel::valueText(const Node& node) const
{
    const EndpointFeed* feed = node.owner().feed;
    if (!node.line || !feed || !feed->series())
        return {};
    return shownValue(feed->series()->lines()[*node.line].lastText);
}

QString FieldsModel::unitText(const Node& node) const
{
    const EndpointFeed* feed = node.owner().feed;
    if (!node.line || !feed || !feed->series() || !node.series)
        return {};
    return QString::fromUtf8(measureUnitOf(lastName(node.path)));
}

QString FieldsModel::accessibleText(const Node& node) const
{
    const QString name = fieldData(node, Qt::DisplayRole).toString();
    const QString value = valueText(node);
    const QString unit = unitText(node);
    if (value.isEmpty())
        return name;
    return unit.isEmpty() ? tr("%1: %2").arg(name, value) : tr("%1: %2 %3").arg(name, value, unit);
}

QString shownValue(const std::string& text)
{
    QString shown = QString::fromStdString(text);
    if (shown.size() > 1 && shown.front() == u'-' && (shown[1].isDigit()))
        shown.front() = QChar(0x2212);
    return shown;
}

QString shownRate(double perSecond, const QLocale& locale)
{
    const int decimals = perSecond >= 100 || perSecond == 0 ? 0 : perSecond >= 0.95 ? 1 : 2;
    return FieldsModel::tr("%1 /s").arg(locale.toString(perSecond, 'f', decimals));
}

} // namespace iotman
