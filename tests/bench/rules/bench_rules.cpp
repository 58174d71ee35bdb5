// What a rule costs per datapoint, from JSON text to item text. Prints lines of a name and a figure for `run`, which puts
// PostgreSQL beside them.
#include "core/rules/transform.h"

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

using namespace iotman;
using namespace iotman::rules;

namespace {

constexpr int datapoints = 10'000;
constexpr int rounds = 15;

/// About 105 bytes, as `run` gives PostgreSQL.
std::string usualDatapoint(int n)
{
    char text[200];
    std::snprintf(text, sizeof text, R"({"ts":%.3f,"device":"th-%d","temp_f":%.1f,"humidity":%.1f,"n":%d})", 1.7e9 + n / 1000.0,
                  n % 50, 60 + n % 300 / 10.0, 40 + n % 300 / 10.0, n);
    return text;
}

/// 200 bytes.
std::string longerDatapoint(int n)
{
    std::string text = usualDatapoint(n);
    text.pop_back();
    text += R"(,"location":"Seattle","firmware":"2.14.0","battery":3.71,"state":"ok","note":")";
    text.append(198 - std::min<std::size_t>(198, text.size()), 'x');
    return text + "\"}";
}

/// What this thread has cost so far: other programs on the machine do not count.
std::chrono::nanoseconds cpuTime()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// Nanoseconds per datapoint: the median of several rounds.
template <class Text>
double nanoseconds(const std::vector<Text>& payloads, const std::function<std::size_t(const Text&)>& each)
{
    std::vector<double> times;
    std::size_t bytes = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = cpuTime();
        for (const Text& payload : payloads)
            bytes += each(payload);
        const std::chrono::duration<double, std::nano> took = cpuTime() - begin;
        times.push_back(took.count() / static_cast<double>(payloads.size()));
    }
    if (bytes == 0)
        std::puts("nothing came out");
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    return times[rounds / 2];
}

std::vector<std::string> made(std::string (*one)(int))
{
    std::vector<std::string> payloads;
    for (int n = 0; n < datapoints; ++n)
        payloads.push_back(one(n));
    return payloads;
}

double ofTransform(const char* filter, const char* rule, const std::vector<std::string>& payloads)
{
    const Transform transform = *Transform::compile(filter, rule);
    Payload payload;
    std::string item;
    Error error;
    return nanoseconds<std::string>(payloads, [&](const std::string& json) {
        item.clear();
        if (!payload.parse(json) ||
            transform.run(payload, {Timestamp{1'700'000'000'000'000}, "bench", 7}, item, error) == Transform::Outcome::Failed)
            std::abort();
        return item.size() + 1;
    });
}

double ofSimdjson(const std::vector<std::string>& payloads)
{
    const std::vector<simdjson::padded_string> padded(payloads.begin(), payloads.end());
    simdjson::dom::parser parser;
    return nanoseconds<simdjson::padded_string>(padded, [&](const simdjson::padded_string& json) {
        if (parser.parse(json).error() != simdjson::SUCCESS)
            std::abort();
        return json.size();
    });
}

double bytesEach(const std::vector<std::string>& payloads)
{
    std::size_t bytes = 0;
    for (const std::string& payload : payloads)
        bytes += payload.size();
    return static_cast<double>(bytes) / static_cast<double>(payloads.size());
}

/// Few and long: what the bytes cost, not the calls.
std::string longText(int n)
{
    std::string text = "{\"readings\":[";
    for (int i = 0; i < 200; ++i)
        text += (i > 0 ? "," : "") + longerDatapoint(n + i);
    return text + "]}";
}

} // namespace

int main()
{
    const std::vector<std::string> usual = made(usualDatapoint);
    const std::vector<std::string> longer = made(longerDatapoint);
    std::vector<std::string> batches;
    for (int n = 0; n < 200; ++n)
        batches.push_back(longText(n));
    std::printf("celsius %.1f\n", ofTransform("", "{ t: ($.temp_f - 32) / 1.8 }", usual));
    std::printf("filter %.1f\n", ofTransform("$.location == \"Seattle\" && $.temp_f > 30 && $.battery < 100", "1", longer));
    std::printf("passthrough %.3f\n", bytesEach(longer) / ofTransform("", "$", longer));
    std::printf("passthrough_simdjson %.3f\n", bytesEach(longer) / ofSimdjson(longer));
    std::printf("long_passthrough %.3f\n", bytesEach(batches) / ofTransform("", "$", batches));
    std::printf("long_passthrough_simdjson %.3f\n", bytesEach(batches) / ofSimdjson(batches));
}
