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
    lists_.clear();
    trouble_.clear();
    awaited_ = 0;
}

void RecentReader::read(std::vector<SourceName> sources)
{
    stop();
    if (sources.size() > mostSources)
        sources.resize(mostSources);
    const std::size_t each = mostDatapoints / std::max<std::size_t>(1, sources.size());
    awaited_ = static_cast<int>(sources.size());
    for (const SourceName& source : sources) {
        const client::ApiRequest request{"GET", "sources/" + source.text + "/datapoints?limit=" + std::to_string(each), {}, {}};
        calls_.push_back(session_.management().request(request, this, [this, source](Expected<client::Document> answer) {
            answered(answer.and_then(
                [&](const client::Document& document) { return recentDatapointsFrom(document.text, source.text); }));
        }));
    }
    if (sources.empty())
        finish();
}

void RecentReader::answered(Expected<std::vector<RecentDatapoint>> datapoints)
{
    if (datapoints)
        lists_.push_back(std::move(*datapoints));
    else
        trouble_ = errorText(datapoints.error());
    if (--awaited_ == 0)
        finish();
}

void RecentReader::finish()
{
    auto all = merged(std::exchange(lists_, {}), mostDatapoints);
    if (all.empty() && !trouble_.isEmpty()) {
        Q_EMIT failed(trouble_);
        return;
    }
    latest_ = std::make_shared<const std::vector<RecentDatapoint>>(std::move(all));
    Q_EMIT took();
}

} // namespace iotman::ui
