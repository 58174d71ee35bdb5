#include "core/model/shown.h"

#include "core/model/ascii.h"

namespace iotman {

namespace {

bool endsWithSecretWord(std::string_view name)
{
    constexpr std::array<std::string_view, 6> words{"token", "secret", "password", "passwd", "assertion", "api_key"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return name.size() >= word.size() && sameWithoutCase(name.substr(name.size() - word.size()), word);
    });
}

/// How long an equals sign is that `text` begins with, as it is or percent-encoded once or twice; 0: it does not.
std::size_t equalsAt(std::string_view text)
{
    constexpr std::array<std::string_view, 3> spellings{"=", "%3d", "%253d"};
    for (const std::string_view spelling : spellings) {
        if (sameWithoutCase(text.substr(0, spelling.size()), spelling))
            return spelling.size();
    }
    return 0;
}

} // namespace

std::size_t secretValueIn(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '=' && text[at] != '%')
            continue;
        const std::size_t size = equalsAt(text.substr(at));
        if (size > 0 && endsWithSecretWord(text.substr(0, at)))
            return at + size;
    }
    return text.size();
}

} // namespace iotman
