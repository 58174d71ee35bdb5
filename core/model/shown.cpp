#include "core/model/shown.h"

#include "core/model/ascii.h"

#include <algorithm>

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

/// Whether a JSON Web Token is in the word: two JSON objects in base64url with a dot between them.
bool hasToken(std::string_view word)
{
    for (const std::string_view dot : {std::string_view("."), std::string_view("%2E"), std::string_view("%2e")}) {
        for (const std::string_view object : {std::string_view("eyJ"), std::string_view("eyA")}) { // `{"`, `{ `
            const std::size_t second = word.find(std::string(dot) + std::string(object));
            if (second != std::string_view::npos && word.substr(0, second).find("ey") != std::string_view::npos)
                return true;
        }
    }
    return false;
}

void replaceAll(std::string& text, std::string_view what, std::string_view with)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
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

void hideByLooks(std::string& shown)
{
    const auto isOfToken = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view("-_.%").find(c) != std::string_view::npos; };
    if (shown.find("ey") == std::string::npos && shown.find('@') == std::string::npos)
        return;
    std::string kept;
    kept.reserve(shown.size());
    for (auto at = shown.cbegin(); at != shown.cend();) {
        const auto end = std::find_if_not(at, shown.cend(), isOfToken);
        const std::string_view word(&*at, static_cast<std::size_t>(end - at));
        if (hasToken(word)) {
            kept += word.substr(0, word.find("ey"));
            kept += hiddenText;
        } else {
            kept += word;
        }
        at = end;
        if (at != shown.cend())
            kept += *at++;
    }
    for (std::size_t slashes = kept.find("//"); slashes != std::string::npos; slashes = kept.find("//", slashes + 2)) {
        const std::size_t start = slashes + 2;
        const std::size_t host = kept.rfind('@', kept.find_first_of(" \n&?#", start));
        if (host == std::string::npos || host < start || kept.substr(start, host - start).find(':') == std::string::npos)
            continue;
        kept.replace(start, host - start, hiddenText);
    }
    shown = std::move(kept);
}

void hideSecret(std::string& shown, std::string_view secret)
{
    constexpr std::size_t shortest = 6; // a word that is shorter stands in sentences by chance
    if (secret.size() < shortest)
        return;
    replaceAll(shown, secret, hiddenText);
    replaceAll(shown, percentEncoded(std::string(secret)), hiddenText);
}

} // namespace iotman
