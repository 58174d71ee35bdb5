// Reads questions, one JSON object a line ("path", "doc", "vars"), and prints our answers, each a JSON string on a line.
#include "core/rules/jsontext.h"
#include "tests/core/rules/answers.h"

#include <iostream>

int main()
{
    iotman::rules::Payload line;
    for (std::string text; std::getline(std::cin, text);) {
        if (!line.parse(text)) {
            std::cerr << "expected a JSON object on each line\n";
            return 2;
        }
        const std::string answer = tests::answer(tests::questionFrom(line));
        std::string quoted;
        iotman::rules::appendQuoted(quoted, tests::isBeyondLimits(answer) ? "limit: " + answer : answer);
        std::cout << quoted << '\n';
    }
}
