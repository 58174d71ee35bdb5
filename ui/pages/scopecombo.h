// The choice of who may read.
#pragma once

#include "core/model/resources.h"

#include <QComboBox>

#include <optional>
#include <vector>

namespace iotman::ui {

/// “None: public read access” first, then the scopes with their descriptions.
class ScopeCombo : public QComboBox {
    Q_OBJECT

public:
    explicit ScopeCombo(QWidget* parent = nullptr);

    /// Keeps what was chosen where it is still there.
    void setScopes(const std::vector<ScopeView>& scopes);
    std::optional<ScopeName> scope() const;
    void setScope(const std::optional<ScopeName>& scope);
};

} // namespace iotman::ui
