#include "core/codegen/quote.h"
#include "core/codegen/requestcurl.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    using namespace iotman::codegen;
    const std::string_view given = fuzz::text(data, size);
    for (const std::string& literal :
         {shellQuoted(given), javaScriptQuoted(given), pythonQuoted(given), cppQuoted(given), commentText(given)}) {
        for (const char c : literal)
            fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control character is left");
    }
    fuzz::require(javaScriptQuoted(given).find('<') == std::string::npos, "no markup is left");
    const std::string text(given);
    const std::string line =
        curlLine({text, "http://h/a?access_token=SENTINEL&x=" + text, {{"Authorization", "Bearer SENTINEL"}, {text, text}}});
    std::string kept = text; // no shell word holds a zero byte, so what is around one moves together
    std::erase(kept, '\0');
    if (kept.find("SENTINEL") == std::string::npos)
        fuzz::require(line.find("SENTINEL") == std::string::npos, "no secret is left");
    return 0;
}
