#include "core/lab/comparison.h"

#include "core/client/headexchange.h"
#include "core/lab/firstmessage.h"

#include <algorithm>

namespace iotman::lab {

namespace {

/// A probe that asks for ever is wrong: nobody is to be bothered for it.
constexpr std::size_t mostQuestions = 64;
constexpr int mostUnanswered = 2;

} // namespace

Witness::Witness(client::Network& network, Side side, Manners manners, QObject* parent)
    : QObject(parent)
    , network_(network)
    , side_(std::move(side))
    , manners_(manners)
{
    pause_.setSingleShot(true);
}

void Witness::ask(const Probe& probe, std::function<void(Testimony)> told)
{
    probe_ = &probe;
    told_ = std::move(told);
    answers_.clear();
    exchanges_.clear();
    next();
}

void Witness::cancel()
{
    pause_.stop();
    call_.cancel();
    told_ = nullptr;
}

void Witness::next()
{
    Turn turn = answers_.size() < mostQuestions ? probe_->turn(side_, answers_)
                                                : Turn(Said(fail(Problem::Internal, "the probe does not come to an end")));
    if (const auto* question = std::get_if<Question>(&turn)) {
        const auto found = std::find_if(known_.begin(), known_.end(), [&](const auto& one) { return one.first == *question; });
        // By a queued call in any case, so that a walk over remembered pages does not grow the stack.
        QMetaObject::invokeMethod(
            this,
            [this, question = *question,
             known = found == known_.end() || question->again ? std::nullopt : std::optional(found->second)] {
                if (!told_)
                    return;
                if (known)
                    answered(question, *known);
                else if (isGivenUp())
                    answered(question, fail(silence_.kind, silence_.detail + " It was not asked any more."));
                else
                    send(question);
            },
            Qt::QueuedConnection);
        return;
    }
    const auto told = std::exchange(told_, nullptr);
    if (told)
        told({std::get<Said>(std::move(turn)), std::exchange(exchanges_, {})});
}

void Witness::send(const Question& question)
{
    pause_.disconnect();
    pause_.callOnTimeout(this, [this, question] {
        const auto reply = [this, question](const Answer& answer) {
            note(question, answer);
            answered(question, answer);
        };
        switch (question.way) {
        case Question::Way::Request:
            call_ = network_.send(question.request, this, reply);
            break;
        case Question::Way::Head:
            call_ = client::askForHead(network_, question.request, this, reply);
            break;
        case Question::Way::Message:
            call_ = firstMessage(network_, question.request, manners_.patience, this, reply);
            break;
        }
    });
    pause_.start(std::exchange(hasAsked_, true) ? manners_.pause : std::chrono::milliseconds(0));
}

bool Witness::isGivenUp() const
{
    return unanswered_ >= mostUnanswered;
}

void Witness::note(const Question& question, const Answer& answer)
{
    if (answer) {
        known_.emplace_back(question, answer);
        unanswered_ = 0;
    } else if (answer.error().kind == Problem::Unavailable && question.way != Question::Way::Message) {
        ++unanswered_; // a stream may well have no message
        silence_ = answer.error();
    }
}

void Witness::answered(const Question& question, const Answer& answer)
{
    exchanges_.push_back(exchangeOf(side_, question, answer));
    answers_.push_back(answer);
    next();
}

Comparison::Comparison(client::Network& network, Side there, Manners thereManners, Side here, Manners hereManners,
                       QObject* parent)
    : QObject(parent)
    , there_(network, std::move(there), thereManners)
    , here_(network, std::move(here), hereManners)
{
    const bool restricted = !there_.side().token.isEmpty();
    for (const Probe& probe : probes()) {
        if (restricted || !probe.restrictedOnly)
            asked_.push_back(probe);
    }
}

void Comparison::start()
{
    next();
}

void Comparison::cancel()
{
    there_.cancel();
    here_.cancel();
}

void Comparison::next()
{
    if (findings_.size() == asked_.size()) {
        Q_EMIT finished();
        return;
    }
    const Probe& probe = asked_[findings_.size()];
    there_.ask(probe, [this, &probe](Testimony there) {
        here_.ask(probe, [this, &probe, there = std::move(there)](Testimony here) {
            findings_.push_back({probe.name, there, std::move(here)});
            Q_EMIT found(findings_.back());
            next();
        });
    });
}

} // namespace iotman::lab
