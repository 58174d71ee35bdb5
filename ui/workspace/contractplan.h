// What a person enters to compare two data APIs, and what is to be asked then.
#pragma once

#include "core/lab/comparison.h"

#include <QString>

#include <optional>

namespace iotman::ui {

struct ContractFields {
    QString url;
    bool besideAnother = false; ///< and not beside the server of this program
    QString otherUrl;
    QString client; ///< its id; empty: as the public does
    QString secret;
    QString tokenUrl; ///< empty: of the endpoint's own server
    int pause = 200;  ///< ms
};

struct ContractPlan {
    lab::Side there;               ///< its token is still to be asked for where it has credentials
    std::optional<lab::Side> here; ///< nothing: the server of this program
    lab::Manners manners;
};

/// What is to be said of the fields, and the plan when nothing is wrong with them.
struct ContractCheck {
    std::optional<ContractPlan> plan;
    QString urlError;
    QString otherError;
    QString clientError; ///< about id, secret or address of tokens
    QString missing;     ///< why there is no plan, for the disabled button
};

ContractCheck checkContract(const ContractFields& fields);

/// Where tokens for an endpoint come from, unless somebody says.
QUrl usualTokenUrl(const QUrl& page);

} // namespace iotman::ui
