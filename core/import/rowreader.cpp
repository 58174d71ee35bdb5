#include "core/import/rowreader.h"

#include "core/import/csvrows.h"
#include "core/import/jsonrows.h"
#include "core/import/words.h"

namespace iotman::files {

namespace {

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

Expected<void> checkSyntax(const Options& options)
{
    if (options.format != Format::Csv)
        return {};
    if (isLineEnd(options.separator) || options.separator == '\0')
        return fail(Problem::BadRequest, "expected a separator such as “,” or “;”, but got a line end", "separator");
    if (options.quote == options.separator || isLineEnd(options.quote))
        return fail(Problem::BadRequest, "expected a quote that is not the separator " + inQuotes({&options.separator, 1}),
                    "quote");
    if (options.decimalMark != '.' && options.decimalMark != ',')
        return fail(Problem::BadRequest, "expected “.” or “,” as decimal mark, but got " + inQuotes({&options.decimalMark, 1}),
                    "decimal_mark");
    return {};
}

} // namespace

void OddHours::count(OddHour odd)
{
    skipped += odd == OddHour::Skipped ? 1 : 0;
    twice += odd == OddHour::Twice ? 1 : 0;
}

OddHours& OddHours::operator+=(const OddHours& more)
{
    skipped += more.skipped;
    twice += more.twice;
    return *this;
}

RowReader::RowReader(std::unique_ptr<Rows> rows)
    : rows_(std::move(rows))
{
}

Expected<RowReader> RowReader::open(ByteSource& source, const Options& options)
{
    if (Expected<void> checked = checkSyntax(options); !checked)
        return fail(checked.error());
    Expected<Zone> zone = Zone::find(options.zone);
    if (!zone)
        return fail(zone.error());
    TimeReader times(options.timeFormat, std::move(*zone));
    switch (options.format) {
    case Format::Csv:
        return RowReader(std::make_unique<CsvRows>(source, options, std::move(times)));
    case Format::Ndjson:
        return RowReader(std::make_unique<NdjsonRows>(source, options, std::move(times)));
    case Format::Json:
        break;
    }
    return RowReader(std::make_unique<JsonRows>(source, options, std::move(times)));
}

Expected<Next> RowReader::next()
{
    Expected<Next> next = rows_->next();
    if (const Row* row = next ? std::get_if<Row>(&*next) : nullptr)
        oddHours_.count(row->odd);
    return next;
}

} // namespace iotman::files
