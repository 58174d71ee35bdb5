// A store into which late items come, between 2000 that came in order, and what its output must then show.
#pragma once

#include "core/store/lateitems.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace iotman::store {

/// Its output is that of key 3.
class LateStore {
protected:
    static constexpr int inOrder = 2000;
    static constexpr std::int64_t stepUs = 1000;

    /// What waits is few in each stretch between the blocks of what came in order, and gets into a layer soon.
    static constexpr LateLimits soon{16, 512, std::size_t(1) * 1024 * 1024};
    static constexpr int enough = static_cast<int>(soon.items) + 1;

    std::optional<QTemporaryDir> folder_;
    LateLimits limits_ = lateLimits;
    MergeTiming timing_ = neverMerge;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<Reader> reader_;
    std::vector<Timestamp> times_; ///< of all datapoints, in the order in which they came
    std::vector<Timestamp> saved_; ///< those of the snapshot

    std::filesystem::path folder() const { return folder_->path().toStdString(); }
    /// With `inOrder` datapoints, a step apart.
    void begin()
    {
        folder_.emplace();
        times_.clear();
        limits_ = lateLimits;
        timing_ = neverMerge;
        open();
        std::vector<Timestamp> times;
        for (int i = 0; i < inOrder; ++i)
            times.push_back({i * stepUs});
        add(times);
    }
    void close()
    {
        reader_.reset();
        store_.reset();
    }
    void open()
    {
        close();
        OpenOptions options;
        options.late = limits_;
        options.merging = timing_;
        auto opened = SqliteStore::open(folder(), smallCatalog(), options);
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->reader();
    }
    void placeSoon()
    {
        limits_ = soon;
        open();
    }
    void mergeAtOnce()
    {
        timing_ = store::mergeAtOnce;
        open();
    }
    void save()
    {
        VERIFY_DONE(store_->saveSnapshot(folder() / "s.snapshot", {77}, Extent::Data));
        saved_ = times_;
    }
    void restore()
    {
        VERIFY_DONE(await<void>([&](Reply<void> reply) {
            store_->restoreSnapshot(folder() / "s.snapshot", "ada", {5}, {"snapshot", "s", {}, "{}"}, {}, std::move(reply));
        }));
        times_ = saved_;
    }
    void add(const std::vector<Timestamp>& times)
    {
        VERIFY_DONE(append(*store_, batchOf(1, times, static_cast<int>(times_.size()))));
        times_.insert(times_.end(), times.begin(), times.end());
    }
    /// Scattered over what is there, none of a time that is in use.
    static std::vector<Timestamp> late(int first, int count)
    {
        std::vector<Timestamp> all;
        for (int i = first; i < first + count; ++i)
            all.push_back({(i * 99'991LL) % (inOrder * stepUs / 2) + 1 + i % 499});
        return all;
    }
    /// Evenly, over all but the last blocks.
    static std::vector<Timestamp> scattered(std::int64_t shift, int count)
    {
        std::vector<Timestamp> all;
        for (int i = 0; i < count; ++i)
            all.push_back({std::int64_t(i) * (inOrder * stepUs / 20 * 17 / count) + shift});
        return all;
    }
    std::int64_t number(const char* sql) const
    {
        auto connection = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadOnly, std::chrono::seconds(1));
        return connection ? connection->integer(sql).value_or(-1) : -1;
    }
    /// Of the late layer of the output that is looked at.
    std::int64_t layerBlocks() const { return number("SELECT count(*) FROM item_block WHERE output = -3"); }
    std::int64_t layerItems() const { return number("SELECT coalesce(sum(count), 0) FROM item_block WHERE output = -3"); }
    std::int64_t waiting() const { return number("SELECT coalesce(sum(count), 0) FROM item_late WHERE output = 3"); }
    std::int64_t tailRows() const { return number("SELECT count(*) FROM item_tail WHERE output = 3"); }
    std::int64_t lots() const { return number("SELECT count(*) FROM item_late WHERE output = 3"); }

    /// What an output must have, oldest first.
    Lines expected() const
    {
        std::vector<std::pair<Position, std::string>> all;
        for (std::size_t i = 0; i < times_.size(); ++i)
            all.push_back({{times_[i], Sequence(i + 1)}, "{\"n\":" + std::to_string(i) + "}"});
        std::sort(all.begin(), all.end());
        Lines lines;
        for (const auto& [position, text] : all)
            lines.push_back(line(position, text));
        return lines;
    }
    void compare()
    {
        Lines lines = expected();
        QCOMPARE(oldestFirst(*reader_, 3), lines);
        std::reverse(lines.begin(), lines.end());
        QCOMPARE(newestFirst(*reader_, 3), lines);
        const Lines live = bySequence(*reader_, 3);
        QCOMPARE(live.size(), times_.size());
        for (std::size_t i = 0; i < live.size(); ++i)
            QCOMPARE(live[i], line({times_[i], Sequence(i + 1)}, "{\"n\":" + std::to_string(i) + "}"));
    }
    void expire(SourceKey source, const Floor& floor)
    {
        for (bool mayBeMore = true; mayBeMore;) {
            const auto done = await<bool>([&](Reply<bool> reply) { store_->expire(source, floor, store_->catalog()->version, std::move(reply)); });
            VERIFY_DONE(done);
            mayBeMore = *done;
        }
    }
};

} // namespace iotman::store
