// All probes, put to two sides one after the other, without anyone waiting.
#pragma once

#include "core/lab/verdict.h"

#include <QTimer>

#include <chrono>
#include <vector>

namespace iotman::lab {

/// How a side is asked.
struct Manners {
    std::chrono::milliseconds pause{200};                         ///< before each request: nobody is to be bothered
    std::chrono::milliseconds patience = std::chrono::seconds(5); ///< for the first message of a stream
};

/// Asks one side. What was asked before is not asked again: its answer is remembered. One that leaves two questions in a row
/// without an answer is not asked any more: each would take its time, and the rest cannot be told.
class Witness : public QObject {
public:
    /// `network` must outlive it.
    Witness(client::Network& network, Side side, Manners manners, QObject* parent = nullptr);

    const Side& side() const { return side_; }
    /// One at a time.
    void ask(const Probe& probe, std::function<void(Testimony)> told);
    void cancel();
    bool isGivenUp() const;

private:
    void next();
    void send(const Question& question);
    void note(const Question& question, const Answer& answer);
    void answered(const Question& question, const Answer& answer);

    client::Network& network_;
    const Side side_;
    const Manners manners_;
    std::vector<std::pair<Question, Answer>> known_;
    const Probe* probe_ = nullptr;
    std::vector<Answer> answers_;
    std::vector<Exchange> exchanges_;
    std::function<void(Testimony)> told_;
    QTimer pause_{this};
    client::Call call_;
    bool hasAsked_ = false;
    int unanswered_ = 0; ///< in a row
    Error silence_;      ///< the last of these
};

/// GUI thread or any other with events; nothing here blocks.
class Comparison : public QObject {
    Q_OBJECT

public:
    Comparison(client::Network& network, Side there, Manners thereManners, Side here, Manners hereManners,
               QObject* parent = nullptr);

    void start();
    /// Nothing is told any more.
    void cancel();

    int total() const { return static_cast<int>(asked_.size()); }
    const std::vector<Finding>& findings() const { return findings_; }
    /// One of the sides did not answer any more, so that the last findings say nothing.
    bool isGivenUp() const { return there_.isGivenUp() || here_.isGivenUp(); }

Q_SIGNALS:
    void found(const iotman::lab::Finding& finding);
    void finished();

private:
    void next();

    Witness there_;
    Witness here_;
    std::vector<Probe> asked_;
    std::vector<Finding> findings_;
};

} // namespace iotman::lab
