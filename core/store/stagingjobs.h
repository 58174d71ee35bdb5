// What becomes of what is staged: shown to everybody, or to nobody ever.
#pragma once

#include "core/store/jobs.h"

namespace iotman::store {

class CommitStagedJob final : public Job {
public:
    CommitStagedJob(std::string import, StagedNeeds needs, std::vector<OutputKey> cleared,
                    std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply);

    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    Expected<void> compare(const Writing& writing, std::int64_t datapoints, const std::map<OutputKey, StagedCount>& counts);
    Expected<void> show(Writing& writing, const Staging::Import& import, const std::map<OutputKey, StagedCount>& counts);

    std::string import_;
    StagedNeeds needs_;
    std::vector<OutputKey> cleared_;
    std::vector<std::pair<std::string, std::string>> notes_;
    Reply<StagedOutcome> reply_;
    std::vector<StagedNeed> needed_;
    StagedOutcome outcome_;
};

class DiscardStagedJob final : public Job {
public:
    DiscardStagedJob(std::string import, Reply<void> reply);

    Expected<void> write(Writing& writing) override;
    void answer(const Expected<void>& outcome) override;

private:
    std::string import_;
    Reply<void> reply_;
};

/// Removes some of what was discarded, with the items made of it. Nothing has counted it.
Expected<void> removeSomeDiscarded(Writing& writing);

} // namespace iotman::store
