#include "core/import/preview.h"

#include "core/import/limits.h"

namespace iotman::files {

namespace {

/// A sample, behind which the file goes on: that is no end, so a row that is cut does not count as a whole one.
class SampleSource final : public ByteSource {
public:
    SampleSource(std::string_view sample, Sample extent)
        : bytes_(sample)
        , extent_(extent)
    {
    }

    Expected<std::size_t> read(std::span<char> room) override
    {
        const Expected<std::size_t> got = bytes_.read(room);
        over_ = extent_ == Sample::Start && got && *got == 0;
        if (over_)
            return fail(Problem::Unavailable, "the sample ends here");
        return got;
    }

    bool over() const { return over_; }

private:
    MemorySource bytes_;
    Sample extent_;
    bool over_ = false;
};

} // namespace

Preview preview(std::string_view sample, Sample extent, const Options& options)
{
    Preview shown;
    SampleSource source(sample, extent);
    Expected<RowReader> reader = RowReader::open(source, options);
    if (!reader) {
        shown.error = reader.error();
        return shown;
    }
    while (shown.rows.size() < previewRows) {
        Expected<Next> next = reader->next();
        if (!next && !source.over())
            shown.error = next.error();
        if (!next || std::holds_alternative<End>(*next))
            break;
        if (auto* row = std::get_if<Row>(&*next))
            shown.rows.emplace_back(std::move(*row));
        else
            shown.rows.emplace_back(std::get<Refusal>(std::move(*next)));
    }
    shown.columns = reader->columns();
    shown.oddHours = reader->oddHours();
    return shown;
}

} // namespace iotman::files
