// The tree of endpoints, their fields and, where fields are split into several lines, those lines.
#pragma once

#include "core/model/names.h"
#include "core/series/seriesset.h"
#include "ui/monitor/linelook.h"

#include <QAbstractItemModel>

#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace iotman {

class EndpointFeed;

/// An endpoint as the tree shows it.
struct MonitoredEndpoint {
    EndpointId id;
    QString name; ///< for people, different for each
    QString note; ///< a tooltip: where it is, who may read it

    bool operator==(const MonitoredEndpoint&) const = default;
};

/// A line that is ticked.
struct TickedLine {
    EndpointId endpoint;
    SeriesId series = 0;
    int colorIndex = 0;
    QString name; ///< within its endpoint: `celsius`, or `Seattle celsius` of a field that is split
    LineKey key;
    bool isDerived = false; ///< worked out here

    bool operator==(const TickedLine&) const = default;
};

/// Endpoints, below them fields, below those the lines of a field that is split. It shows what feeds know and keeps what is
/// ticked, with its colour. An endpoint without a feed is read as soon as it is opened in the view: `wanted` says so.
class FieldsModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Role {
        ColorRole = Qt::UserRole + 0x200, ///< int: colour and marker of a ticked line
        ValueRole,                        ///< QString: the newest value, digit for digit; of an endpoint its items a second
        UnitRole,                         ///< QString
        IsEndpointRole,                   ///< bool
    };

    explicit FieldsModel(QObject* parent = nullptr);
    ~FieldsModel() override;

    /// What is ticked stays so for endpoints that stay. Feeds of those that go must have been taken out before.
    void setEndpoints(const std::vector<MonitoredEndpoint>& endpoints);
    const MonitoredEndpoint* endpoint(const EndpointId& id) const;
    /// The feed must outlive its place here; null takes it out, and what was ticked with it.
    void setFeed(const EndpointId& id, EndpointFeed* feed);
    /// Takes the rows of a feed out; what was ticked is ticked again when its lines come back.
    void restart(const EndpointId& id);
    /// Rows for new fields and lines of this endpoint.
    void addLines(const EndpointId& id);
    /// Tells views that values have changed.
    void valuesChanged();

    /// Ticks or unticks the measurements of an endpoint by their role.
    void tickMeasurements(const EndpointId& id);
    void untickAll(const EndpointId& id);
    void untickAll();
    void untick(const LineKey& key);
    /// Ticks these lines of an endpoint now or, each once, as soon as they come, unless they are unticked before.
    void tickLines(const EndpointId& id, const std::vector<LineKey>& keys);
    std::vector<TickedLine> ticked() const;
    /// The colours that lines get when they are ticked, unless another has them by then; all others get the next that is free.
    void setColors(LineColors colors) { colors_ = std::move(colors); }
    /// What every line that was ticked since then got.
    const LineColors& colors() const { return colors_; }
    /// The colour of a ticked line; nothing: the one that it got by itself. Nobody is told: the caller shows what is ticked anew.
    void setColor(const LineKey& key, std::optional<int> color);
    QModelIndex indexOf(const EndpointId& id) const;
    /// The endpoint that `index` is of or below.
    std::optional<EndpointId> endpointAt(const QModelIndex& index) const;
    /// The line of `index`; nothing for an endpoint, and for a field with several lines.
    std::optional<LineKey> lineAt(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    /// The dragged lines, linedrag.h.
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void wanted(const iotman::EndpointId& id);
    void tickedChanged();

private:
    struct Node;

    Node* nodeOf(const QModelIndex& index) const;
    QModelIndex indexOf(const Node* node) const;
    Node* find(const EndpointId& id) const;
    Node& insert(Node& parent, std::unique_ptr<Node> child);
    void removeChildren(Node& node);
    void addLine(Node& endpoint, std::size_t line);
    void setTicked(Node& node, bool on);
    void tick(Node& leaf, bool on);
    bool tickAwaited(Node& endpoint, Node& line);
    void tellTicked();
    int colorFor(const Node& line);
    std::set<int> usedColors() const;
    Node* lineCalled(const LineKey& key) const;
    Qt::CheckState checkState(const Node& node) const;
    QVariant endpointData(const Node& node, int role) const;
    QVariant fieldData(const Node& node, int role) const;
    QString accessibleText(const Node& node) const;
    QString valueText(const Node& node) const;
    QString unitText(const Node& node) const;

    std::unique_ptr<Node> root_;
    LineColors colors_;
};

/// `text` as people read a value: U+2212 for a leading minus.
QString shownValue(const std::string& text);

/// `12/s`, `0.02/s`: two digits or whole.
QString shownRate(double perSecond, const QLocale& locale);

} // namespace iotman
