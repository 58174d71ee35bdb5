// What the store costs: a page, and what is durable per second. Run the release build; figures of one run are comparable with
// each other.
#include "core/store/ephemeralfolder.h"
#include "core/store/sqlitestore.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <filesystem>
#include <future>
#include <random>

using namespace iotman;
using namespace iotman::store;

namespace {

constexpr int batchSize = 1000;
constexpr int storedItems = 1'000'000;
constexpr std::int64_t stepUs = 1000;

Catalog oneOutput()
{
    Catalog catalog;
    Source source;
    source.key = 1;
    source.name = SourceName{"bench"};
    catalog.sources.emplace(source.name, source);
    Output output;
    output.key = 2;
    output.id = OutputId{"bench"};
    output.name = OutputName{"bench"};
    output.rule = "$";
    catalog.outputs.emplace(output.id, output);
    catalog.nextKey = 3;
    return catalog;
}

/// A fresh store on the disk that holds the temporary folder, removed at the end.
class Bench {
public:
    Bench()
        : folder_(std::move(*EphemeralFolder::createIn(std::vector{std::filesystem::temp_directory_path()})))
        , store_(std::move(*SqliteStore::open(folder_.path(), oneOutput())))
    {
    }

    Store& store() { return *store_; }
    std::int64_t now() const { return now_; }

    /// Datapoints of about 105 bytes; of 100, `latePercent` lie anywhere in the past.
    Batch batch(int latePercent)
    {
        Batch batch;
        batch.source = 1;
        batch.payloads.reserve(batchSize * 110);
        for (int i = 0; i < batchSize; ++i) {
            now_ += stepUs;
            const bool isLate = static_cast<int>(random_() % 100) < latePercent;
            char text[160];
            const int size = std::snprintf(
                text, sizeof text, R"({"device":"sensor-%04u","temp_f":%.3f,"humidity":%.2f,"battery":%.3f,"ok":true,"n":%lld})",
                static_cast<unsigned>(random_() % 1000), 60 + static_cast<double>(random_() % 20'000) / 1000,
                static_cast<double>(random_() % 10'000) / 100, static_cast<double>(random_() % 4200) / 1000,
                static_cast<long long>(now_));
            batch.payloads.append(text, static_cast<std::size_t>(size));
            const std::int64_t time = isLate ? static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(now_)) : now_;
            batch.datapoints.push_back({{time}, batch.payloads.size()});
        }
        return batch;
    }

    static std::vector<MadeItems> passThrough(const Batch& batch, Sequence, const Catalog&)
    {
        MadeItems made;
        made.output = 2;
        made.texts = batch.payloads;
        made.items.reserve(batch.datapoints.size());
        for (std::uint32_t i = 0; i < batch.datapoints.size(); ++i)
            made.items.push_back({i, batch.datapoints[i].end});
        return {std::move(made)};
    }

    void append(Batch batch)
    {
        const auto done =
            await<Committed>([&](Reply<Committed> reply) { store_->append(std::move(batch), passThrough, std::move(reply)); });
        if (!done) {
            std::fprintf(stderr, "%s\n", done.error().detail.c_str());
            std::abort();
        }
    }
    void fill(int latePercent)
    {
        for (int i = 0; i < storedItems / batchSize; ++i)
            append(batch(latePercent));
    }

private:
    EphemeralFolder folder_;
    std::unique_ptr<SqliteStore> store_;
    std::mt19937_64 random_{1};
    std::int64_t now_ = 0;
};

/// A page of 100 items from a random position of a million.
void page(benchmark::State& state)
{
    Bench bench;
    bench.fill(static_cast<int>(state.range(0)));
    const auto reader = bench.store().reader();
    std::mt19937_64 random(7);
    std::string answer;
    for (auto _ : state) {
        answer.clear();
        int left = 100;
        const Timestamp to{static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bench.now()))};
        const auto done = reader->newestFirst(2, Timestamp::min(), to, {}, oneByOne([&](const Position&, std::string_view text) {
            answer.append(text).push_back(',');
            return --left > 0;
        }));
        if (!done)
            std::abort();
        benchmark::DoNotOptimize(answer.data());
    }
}
BENCHMARK(page)->ArgName("late%")->Arg(0)->Arg(10)->Unit(benchmark::kMicrosecond)->Repetitions(3)->ReportAggregatesOnly();

/// Batches of 1,000, each durable before the next one is sent: datapoints per second.
void ingest(benchmark::State& state)
{
    Bench bench;
    for (int i = 0; i < 300; ++i)
        bench.append(bench.batch(static_cast<int>(state.range(0))));
    std::int64_t count = 0;
    for (auto _ : state) {
        state.PauseTiming();
        Batch batch = bench.batch(static_cast<int>(state.range(0)));
        state.ResumeTiming();
        bench.append(std::move(batch));
        count += batchSize;
    }
    state.SetItemsProcessed(count);
}
BENCHMARK(ingest)
    ->ArgName("late%")
    ->Arg(0)
    ->Arg(10)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2)
    ->Repetitions(3)
    ->ReportAggregatesOnly();

/// Batches of 1,000 with four waiting at a time, as from four connections.
void ingestFourAtATime(benchmark::State& state)
{
    Bench bench;
    std::int64_t count = 0;
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<Batch> batches;
        for (int i = 0; i < 4; ++i)
            batches.push_back(bench.batch(0));
        state.ResumeTiming();
        std::vector<std::promise<void>> answers(batches.size());
        for (std::size_t i = 0; i < batches.size(); ++i) {
            bench.store().append(std::move(batches[i]), Bench::passThrough, [&answers, i](Expected<Committed> done) {
                if (!done)
                    std::abort();
                answers[i].set_value();
            });
        }
        for (auto& answer : answers)
            answer.get_future().wait();
        count += 4 * batchSize;
    }
    state.SetItemsProcessed(count);
}
BENCHMARK(ingestFourAtATime)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(2)->Repetitions(3)->ReportAggregatesOnly();

} // namespace

BENCHMARK_MAIN();
