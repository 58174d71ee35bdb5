#include "ui/pages/recentreader.h"

#include "ui/pages/session.h"
#include "ui/pages/words.h"

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr std::size_t mostSources = 8;
constexpr std::size_t mostDatapoints = 1'000; ///< what an output's counts are of

} // namespace

RecentReader::RecentReader(Session& session, QObject* parent)
    : QObject(parent)
    , session_(session)
{
}

void RecentReader::stop()
{
    for (client::Call& call : calls_)
        call.cancel();
    calls_.clear();
    parts_.clear();
    trouble_.clear();
    awaited_ = 0;
}

void RecentReader::read(std::vector<SourceName> sources)
{
    stop();
    if (sources.size() > mostSources)
        sources.resize(mostSources);
    for (const SourceName& source : sources)
        ask(source, mostDatapoints / sources.size());
    if (sources.empty())
        finish();
}

void RecentReader::ask(const SourceName& source, std::size_t count)
{
    ++awaited_;
    const client::ApiRequest request{"GET", "sources/" + source.text + "/datapoints?limit=" + std::to_string(count), {}, {}};
    calls_.push_back(session_.management().request(request, this, [this, source, count](Expected<client::Document> answer) {
        answered(source, count, answer.and_then([&](const client::Document& document) {
            return recentDatapointsFrom(document.text, source.text);
        }));
    }));
}

void RecentReader::answered(const SourceName& source, std::size_t asked, Expected<std::vector<RecentDatapoint>> datapoints)
{
    if (datapoints)
        parts_[source] = {asked, std::move(*datapoints)};
    else
        trouble_ = errorText(datapoints.error());
    if (--awaited_ == 0)
        finish();
}

void RecentReader::finish()
{
    // Where a busy source has more, what is older than its oldest has gaps. Then it is asked again, for all that count.
    std::uint64_t complete = 0;
    std::vector<std::vector<RecentDatapoint>> lists;
    for (const auto& [source, part] : parts_) {
        if (part.isFull() && !part.newest.empty())
            complete = std::max(complete, part.newest.back().sequence);
        lists.push_back(part.newest);
    }
    auto all = merged(std::move(lists), mostDatapoints);
    const auto isOlder = [&](const RecentDatapoint& datapoint) { return datapoint.sequence < complete; };
    if (std::any_of(all.begin(), all.end(), isOlder) || all.size() < mostDatapoints)
        for (const auto& [source, part] : parts_)
            if (part.isFull() && part.asked < mostDatapoints)
                ask(source, mostDatapoints);
    if (awaited_ > 0)
        return;
    std::erase_if(all, isOlder);
    if (all.empty() && !trouble_.isEmpty()) {
        Q_EMIT failed(trouble_);
        return;
    }
    latest_ = std::make_shared<const std::vector<RecentDatapoint>>(std::move(all));
    Q_EMIT took();
}

} // namespace iotman::ui
