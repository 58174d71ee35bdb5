// What may be asked of the writer, each a thing that is written whole or not at all.
#pragma once

#include "core/store/writing.h"

#include <stop_token>

namespace iotman::store {

/// Live items of one commit, by output, in the order of sequences. Texts belong to the jobs.
class PublishedItems {
public:
    std::vector<PublishedItem>& of(OutputKey output);
    std::span<const Published> all() const { return all_; }

private:
    std::vector<Published> all_;
};

class Job {
public:
    virtual ~Job() = default;

    /// What it takes of the room for what waits.
    virtual std::size_t bytes() const { return 0; }
    /// True when it wants to be committed without others, so that what it changes is seen in order.
    virtual bool standsAlone() const { return false; }

    /// True where the database grows by what it brings, and not only by what is written of it.
    virtual bool addsData() const { return false; }

    /// Inside a savepoint that an error rolls back. May be called again after a rollback.
    virtual Expected<void> write(Writing& writing) = 0;
    /// After the commit, before anybody hears of it.
    virtual void committedFirst() {}
    /// After the commit, before any answer.
    virtual void publish(PublishedItems&) const {}
    /// Once, last.
    virtual void answer(const Expected<void>& outcome) = 0;
};

class AppendJob final : public Job {
public:
    AppendJob(Batch batch, MakeItems make, Reply<Committed> reply);

    std::size_t bytes() const override;
    bool addsData() const override { return true; }
    Expected<void> write(Writing& writing) override;
    void publish(PublishedItems& items) const override;
    void answer(const Expected<void>& outcome) override;

private:
    Expected<void> stage(Writing& writing);
    Expected<void> writeDatapoints(Writing& writing);
    Expected<void> writeItems(Writing& writing, const MadeItems& made);
    Timestamp newest() const;

    Batch batch_;
    MakeItems make_;
    Reply<Committed> reply_;
    Committed committed_;
    StagedKey staged_ = 0; ///< 0: not staged
    std::vector<MadeItems> made_;
};

class RemadeJob final : public Job {
public:
    RemadeJob(Store::Remade items, Reply<void> reply, std::stop_token stop);

    std::size_t bytes() const override;
    bool addsData() const override { return true; }
    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    Expected<void> writeItems(Writing& writing);
    Expected<void> leaveOutExpired(Writing& writing, std::vector<Entry>& entries);
    Expected<void> count(Writing& writing, const OutputIncrease& made);

    Store::Remade remade_;
    Reply<void> reply_;
    std::stop_token stop_;
};

class ChangeJob final : public Job {
public:
    using Change = std::function<Expected<void>(Catalog&, Sequence last)>;
    ChangeJob(std::string who, Timestamp at, Change change, Reply<void> reply, std::size_t bytes);

    bool standsAlone() const override { return true; }
    std::size_t bytes() const override { return bytes_; }
    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    /// Of sources that are deleted.
    static Expected<void> keepNames(Writing& writing, const Catalog& before, const Catalog& after, std::span<const CatalogDifference> different);

    std::string who_;
    Timestamp at_;
    Change change_;
    Reply<void> reply_;
    std::size_t bytes_;
};

class RememberJob final : public Job {
public:
    RememberJob(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply);

    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    std::vector<std::pair<std::string, std::string>> notes_;
    Reply<void> reply_;
};

class ExpireJob final : public Job {
public:
    ExpireJob(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most);

    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    /// How many datapoints were removed.
    Expected<std::size_t> removeSlice(Writing& writing, std::size_t most);

    SourceKey source_;
    Floor floor_;
    std::uint64_t version_; ///< of the catalog to which the floor belongs
    Reply<bool> reply_;
    std::size_t most_;
    bool mayBeMore_ = false;
};

class RestoreJob final : public Job {
public:
    RestoreJob(std::filesystem::path file, std::string who, Timestamp at, CatalogDifference entry, std::function<void()> replaced,
               Reply<void> reply, std::stop_token stop);

    bool standsAlone() const override { return true; }
    bool addsData() const override { return true; }
    Expected<void> write(Writing& writing) override;
    void committedFirst() override;
    void answer(const Expected<void>& outcome) override;

private:
    Expected<void> writeCatalogChange(Writing& writing, Catalog after);

    std::filesystem::path file_;
    std::string who_;
    Timestamp at_;
    CatalogDifference entry_;
    std::function<void()> replaced_;
    Reply<void> reply_;
    std::stop_token stop_;
};

class JournalJob final : public Job {
public:
    JournalJob(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply);

    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    std::string who_;
    Timestamp at_;
    CatalogDifference entry_;
    Reply<void> reply_;
};

} // namespace iotman::store
