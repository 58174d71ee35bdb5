// Secrets, access keys and tokens: kept in one place, wiped afterwards, never printed.
#pragma once

#include <QDebug>
#include <QString>

#include <memory>
#include <string>

namespace iotman::client {

/// A secret text. Copies share one buffer, which is overwritten when the last copy goes. There is no conversion to text but
/// `reveal`, and a debug stream shows “(secret)”.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text);

    bool isEmpty() const { return reveal().empty(); }
    /// The text itself: for a header or a form body, not to be stored.
    const std::string& reveal() const;
    /// `text` with every occurrence of the secret replaced by “…”: for what a server may have echoed.
    std::string hiddenIn(std::string text) const;

    /// Constant time for equal lengths.
    friend bool operator==(const Secret& a, const Secret& b);

private:
    std::shared_ptr<const std::string> text_;
};

QDebug operator<<(QDebug debug, const Secret& secret);

/// What a person pasted, as it was meant: blanks, line breaks, invisible characters (zero-width space, byte order mark …) and
/// a pair of quotes around it are removed; what lies inside is kept.
QString cleanPasted(QString pasted);

} // namespace iotman::client
