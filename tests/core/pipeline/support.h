// A workspace on disk with its pipeline, for tests.
#pragma once

#include "core/model/changes.h"
#include "core/pipeline/ingest.h"
#include "core/pipeline/pipeline.h"
#include "core/store/sqlitestore.h"

#include <QtCore/qtemporarydir.h>

#include <mutex>

namespace iotman::test {

class FakeClock final : public Clock {
public:
    Timestamp now() const override { return now_; }
    void set(std::int64_t seconds) { now_ = {seconds * 1'000'000}; }

private:
    Timestamp now_{1'700'000'000'000'000};
};

/// Nothing ever expires.
struct KeepsAll final : store::Keeping {
    std::shared_ptr<const store::KeptSources> ofOutput(OutputKey) const override { return nullptr; }
    std::shared_ptr<const store::KeptSources> ofAll() const override { return nullptr; }
    Timestamp now() const override { return {}; }
};

class TestWorkspace {
public:
    KeepsAll keepsAll;
    TestWorkspace()
    {
        Catalog initial;
        initial.workspace = {"id", Slug{"test"}, "Test", clock.now()};
        store = std::move(*store::SqliteStore::open(folder.path().toStdString(), initial));
        pipeline = std::make_unique<pipeline::Pipeline>(
            *store,
            [this](std::span<const store::Published> published) {
                const std::lock_guard lock(mutex);
                for (const store::Published& output : published) {
                    for (const store::PublishedItem& item : output.items)
                        streamed.append(QByteArray(item.text.data(), static_cast<qsizetype>(item.text.size())));
                }
            },
            [this](const std::shared_ptr<const Catalog>&) {
                if (onCatalog)
                    onCatalog();
            });
        ingest = std::make_unique<pipeline::Ingest>(*pipeline, clock);
    }
    ~TestWorkspace() { store.reset(); }

    Expected<void> change(std::function<Expected<void>(Catalog&, Sequence, const Author&)> change)
    {
        return store::await<void>([&](store::Reply<void> reply) {
            store->change("ada@example.com", clock.now(),
                          [&](Catalog& catalog, Sequence last) { return change(catalog, last, Author{"ada@example.com", clock.now(), random}); },
                          std::move(reply));
        });
    }
    Expected<void> addSource(const std::string& name, std::optional<std::string> time = {})
    {
        return change([&](Catalog& catalog, Sequence, const Author& author) {
            return createSource(catalog, {SourceName{name}, SourceKind::Http, Json::object(), time, std::nullopt, true}, author);
        });
    }
    Expected<void> addOutput(const std::string& name, const std::string& rule, const std::string& filter = {}, bool applyToStored = true)
    {
        return change([&](Catalog& catalog, Sequence last, const Author& author) {
            return createOutput(catalog, {OutputId{name}, OutputName{name}, {}, filter, rule, applyToStored}, last, author).map([](const OutputId&) {});
        });
    }
    Output output(const std::string& name) const { return store->catalog()->outputs.at(OutputId{name}); }
    Expected<void> changeRule(const std::string& output, const std::string& rule, bool applyToStored = false)
    {
        return change([&](Catalog& catalog, Sequence last, const Author&) {
            return changeOutput(catalog, OutputId{output}, {{}, {}, {}, rule, applyToStored}, last);
        });
    }
    Expected<std::size_t> post(const std::string& source, std::string_view body)
    {
        return store::await<std::size_t>([&](store::Reply<std::size_t> reply) { ingest->take(SourceName{source}, body, std::nullopt, std::move(reply)); });
    }
    /// The items of an output, newest first.
    QByteArrayList items(const std::string& output)
    {
        QByteArrayList found;
        const OutputKey key = store->catalog()->outputs.at(OutputId{output}).key;
        (void)store->reader()->newestFirst(key, Timestamp::min(), Timestamp::max(), std::nullopt, store::oneByOne([&](const Position&, std::string_view text) {
            found.append(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
            return true;
        }));
        return found;
    }

    QTemporaryDir folder;
    FakeClock clock;
    SystemRandom random;
    std::mutex mutex;
    QByteArrayList streamed;
    std::function<void()> onCatalog;
    std::unique_ptr<store::SqliteStore> store;
    std::unique_ptr<pipeline::Pipeline> pipeline;
    std::unique_ptr<pipeline::Ingest> ingest;
};

} // namespace iotman::test
