#include "tests/core/store/ingester.h"

#include "core/store/check.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <random>
#include <set>
#include <thread>

namespace iotman::store {

namespace {

/// Datapoints say which batch they belong to and how many there are: `BATCH/INDEX/COUNT`, padded.
Batch numberedBatch(std::mt19937& random)
{
    const auto number = std::uniform_int_distribution<std::uint64_t>()(random);
    const int kind = std::uniform_int_distribution<int>(0, 9)(random);
    const int count = std::uniform_int_distribution<int>(1, kind == 0 ? 1500 : kind < 4 ? 100 : 5)(random);
    Batch batch;
    batch.source = std::uniform_int_distribution<int>(1, 2)(random);
    std::int64_t time = std::chrono::steady_clock::now().time_since_epoch().count() / 1000;
    for (int i = 0; i < count; ++i) {
        const bool isLate = std::uniform_int_distribution<int>(0, 9)(random) == 0;
        batch.payloads += std::to_string(number) + "/" + std::to_string(i) + "/" + std::to_string(count) + std::string(80, ' ');
        const std::int64_t late = isLate ? std::uniform_int_distribution<std::int64_t>(0, 2'000'000)(random) : 0;
        batch.datapoints.push_back({{time++ - late}, batch.payloads.size()});
    }
    return batch;
}

/// An output that comes, gets items and goes, so that its removal is interrupted, too.
Expected<void> switchThird(Store& store)
{
    return change(store, [](Catalog& catalog, Sequence) -> Expected<void> {
        if (catalog.outputs.erase(OutputId{"three"}) == 0)
            catalog.outputs.emplace(OutputId{"three"}, outputOf(catalog.nextKey++, "three"));
        return {};
    });
}

void print(const Committed& committed)
{
    const std::string text = std::to_string(committed.first) + " " + std::to_string(committed.count) + "\n";
    if (::write(STDOUT_FILENO, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        std::_Exit(1);
}

void ingestForEver(Store& store, unsigned seed)
{
    std::mt19937 random(seed);
    for (;;) {
        if (!append(store, numberedBatch(random)).map(print))
            std::_Exit(1);
    }
}

std::vector<Committed> committedIn(std::string_view text)
{
    std::vector<Committed> all;
    while (text.find('\n') != std::string_view::npos) {
        const std::string row(text.substr(0, text.find('\n')));
        Committed committed;
        if (std::sscanf(row.c_str(), "%lu %zu", &committed.first, &committed.count) == 2)
            all.push_back(committed);
        text.remove_prefix(row.size() + 1);
    }
    return all;
}

/// Batches of which some datapoints are there and others are not.
std::string halfBatches(Reader& reader)
{
    std::map<std::string, std::pair<int, int>> found; // by number: how many are there, how many there should be
    const auto done = reader.datapoints({}, 0, INT64_MAX, [&](const Position&, SourceKey, std::string_view payload) {
        unsigned long number = 0;
        int index = 0;
        int count = 0;
        if (std::sscanf(std::string(payload).c_str(), "%lu/%d/%d", &number, &index, &count) == 3) {
            auto& [there, expected] = found[std::to_string(number)];
            ++there;
            expected = count;
        }
        return true;
    });
    if (!done)
        return done.error().detail;
    for (const auto& [number, counts] : found) {
        if (counts.first != counts.second)
            return "batch " + number + " is there in part";
    }
    return {};
}

std::set<Sequence> sequencesOf(const Lines& lines)
{
    std::set<Sequence> sequences;
    for (const std::string& text : lines)
        sequences.insert(std::stoull(text.substr(text.find('/') + 1)));
    return sequences;
}

} // namespace

int ingest(const std::string& folder, unsigned seed)
{
    OpenOptions options;
    if (seed % 2 == 0) {
        options.late = {8, 100, 20'000};
        options.merging = mergeAtOnce;
    }
    auto store = SqliteStore::open(folder, smallCatalog(), options);
    if (!store)
        return 1;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 4; ++i)
        threads.emplace_back([&, i] { ingestForEver(**store, seed + i); });
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (!switchThird(**store))
            return 1;
    }
}

std::vector<Committed> ingestUntilKilled(const std::string& folder, unsigned seed, int answers, std::chrono::microseconds after,
                                         const std::vector<std::string>& words)
{
    int ends[2] = {};
    if (::pipe(ends) != 0)
        qFatal("no pipe");
    std::vector<std::string> command{"ingest", std::string(ingestArgument), folder, std::to_string(seed)};
    command.insert(command.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execv("/proc/self/exe", arguments.data());
        std::_Exit(1);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> some{};
    bool isKilled = false;
    for (;;) {
        if (!isKilled && std::count(text.begin(), text.end(), '\n') >= answers) {
            std::this_thread::sleep_for(after);
            ::kill(child, SIGKILL);
            isKilled = true;
        }
        const ssize_t size = ::read(ends[0], some.data(), some.size());
        if (size <= 0)
            break;
        text.append(some.data(), static_cast<std::size_t>(size));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        qFatal("the ingesting process ended by itself");
    return committedIn(text);
}

std::string whatIsMissing(const std::string& folder, const std::map<Sequence, std::size_t>& answered)
{
    if (answered.empty())
        return {};
    if (const auto checked = check(folder); !checked)
        return checked.error().detail;
    const auto store = SqliteStore::open(folder, smallCatalog());
    if (!store)
        return store.error().detail;
    const auto reader = (*store)->reader();
    const std::set<Sequence> items = sequencesOf(newestFirst(*reader, 3));
    const std::set<Sequence> all = sequencesOf(datapoints(*reader));
    for (const auto& [first, count] : answered) {
        for (Sequence sequence = first; sequence < first + count; ++sequence) {
            if (!all.contains(sequence) || !items.contains(sequence))
                return "datapoint or item " + std::to_string(sequence) + " was answered and is gone";
        }
    }
    if (items != all || sequencesOf(newestFirst(*reader, 4)) != all)
        return "expected an item for each datapoint";
    return halfBatches(*reader);
}

} // namespace iotman::store
