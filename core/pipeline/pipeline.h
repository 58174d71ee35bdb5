// One way in: datapoint -> rules -> stored -> published.
#pragma once

#include "core/pipeline/making.h"
#include "core/store/store.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace iotman::pipeline {

/// Keeps the compiled rules in step with the catalog and hands out what is published. Any thread.
class Pipeline {
public:
    using OnPublished = std::function<void(std::span<const store::Published>)>;
    using OnCatalog = std::function<void(std::shared_ptr<const Catalog>)>;

    /// The listeners are called on the store's writer thread, after a commit; they must be quick. Both may be empty.
    Pipeline(store::Store& store, OnPublished onPublished, OnCatalog onCatalog);

    store::Store& store() { return store_; }
    std::shared_ptr<const Compiled> compiled() const { return compiled_.load(); }

    /// Stores a batch and makes the items that `prepared` lacks: of rules that need the sequence, of outputs changed meanwhile.
    /// Errors: TooLarge where that takes more than `prepared` allows.
    void append(store::Batch batch, SourceName source, Prepared prepared, store::Reply<store::Committed> reply);

private:
    store::Store& store_;
    OnCatalog onCatalog_;
    std::atomic<std::shared_ptr<const Compiled>> compiled_;
    Scratch writerScratch_; ///< writer thread
};

/// Whether the rules of a draft compile: what applying a workspace file, the API and the dialogs ask.
Expected<void> checkRules(const OutputDraft& draft);
Expected<void> checkTime(const std::optional<std::string>& expression);

} // namespace iotman::pipeline
