#include "core/client/hostedtail.h"
#include "core/client/patchjson.h"
#include "core/client/repeatfilter.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

const EndpointAddress weather = *EndpointAddress::parse(QStringLiteral("http://127.0.0.1:8787/data/out/weather"));

Timestamp at(int second)
{
    return {second * 1'000'000LL};
}

/// What the stream says of an item: letter as JSON, its time, its sequence.
StreamItem told(char letter, int second, Sequence sequence)
{
    return {at(second), StreamCursor{sequence, 0, {}}.text(weather.id), std::string(1, letter)};
}

/// A page with an item per letter, all at `second`; its end and the last sequence that it could have seen.
Page page(const char* letters, int second, std::optional<Position> next, Sequence seen)
{
    Page result;
    for (const char* letter = letters; *letter; ++letter)
        result.items.push_back({at(second), std::string(1, *letter)});
    if (next) {
        const std::string link = fromQt(weather.page.toString()) + "?cursor=" + PageCursor{*next}.text(weather.id);
        result.next = PageLink::next(weather, PageLink::first(weather, {}), link);
    }
    result.live = StreamCursor{seen, 0, {}}.text(weather.id);
    return result;
}

QByteArray letters(const std::vector<Item>& items)
{
    std::string text;
    for (const Item& item : items)
        text += item.json;
    return toBytes(text);
}

std::vector<Item> untimed(const char* text)
{
    std::vector<Item> items;
    for (; *text; ++text)
        items.push_back({std::nullopt, std::string(1, *text)});
    return items;
}

HostedTail tailOf(const char* oldestFirst, std::size_t most = 100)
{
    HostedTail tail(most);
    for (; *oldestFirst; ++oldestFirst)
        tail.remember(std::string(1, *oldestFirst));
    return tail;
}

} // namespace

class TestJoining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- With cursors

    void aLateItemThatAPageHasToldIsNotToldAgain()
    {
        RepeatFilter filter(weather.id, std::nullopt);
        Page first = page("c", 30, Position{at(30), 3}, 3);
        filter.page(first);
        Page second = page("xb", 20, Position{at(20), 2}, 4); // x came late, as number 4
        filter.page(second);
        QCOMPARE(letters(second.items), QByteArray("xb"));
        QVERIFY(filter.isRepeat(told('x', 20, 4)));
        QVERIFY(!filter.isRepeat(told('d', 40, 5)));
        QVERIFY(!filter.isRepeat(told('y', 20, 6))); // late as well, but after the page was read
    }

    void aLateItemThatTheStreamHasToldIsTakenOutOfThePage()
    {
        RepeatFilter filter(weather.id, std::nullopt);
        Page first = page("c", 30, Position{at(30), 3}, 3);
        filter.page(first);
        QVERIFY(!filter.isRepeat(told('x', 20, 4)));
        Page second = page("xxb", 20, Position{at(20), 2}, 4); // another x is older and equal
        filter.page(second);
        QCOMPARE(letters(second.items), QByteArray("xb"));
    }

    void anEqualItemThatCameAfterThePageStays()
    {
        RepeatFilter filter(weather.id, std::nullopt);
        Page first = page("c", 30, Position{at(30), 3}, 3);
        filter.page(first);
        QVERIFY(!filter.isRepeat(told('x', 20, 9)));
        Page second = page("x", 20, std::nullopt, 8); // its x is another one
        filter.page(second);
        QCOMPARE(letters(second.items), QByteArray("x"));
    }

    void whatIsOlderThanTheRangeIsNoRepeat()
    {
        RepeatFilter filter(weather.id, at(10));
        Page only = page("c", 30, std::nullopt, 3);
        filter.page(only);
        QVERIFY(!filter.isRepeat(told('x', 5, 4)));
        QVERIFY(filter.isRepeat(told('c', 30, 3)));
    }

    void tiesAreDecidedBySequence()
    {
        RepeatFilter filter(weather.id, std::nullopt);
        Page first = page("c", 30, Position{at(30), 7}, 9);
        filter.page(first);
        QVERIFY(filter.isRepeat(told('c', 30, 7)));
        QVERIFY(!filter.isRepeat(told('b', 30, 6))); // below the first page's end, and no older page was read
    }

    void foreignCursorsMakeNothingARepeat()
    {
        RepeatFilter filter(weather.id, std::nullopt);
        Page first = page("c", 30, std::nullopt, 3);
        first.live = "sXYZ";
        filter.page(first);
        QVERIFY(!filter.isRepeat(told('c', 30, 3)));
        QVERIFY(!filter.isRepeat({at(30), "sXYZ", "c"}));
    }

    void aPageWhoseEndIsUnknownMakesNothingARepeat()
    {
        RepeatFilter filter(weather.id, std::nullopt);
        Page first = page("c", 30, std::nullopt, 3);
        first.next = PageLink::next(weather, PageLink::first(weather, {}), "http://elsewhere.example/data/out/weather");
        filter.page(first);
        QVERIFY(!filter.isRepeat(told('x', 20, 3)));
    }

    // ---- Without

    void whatThePageHasNewIsFoundOldestFirst()
    {
        HostedTail tail = tailOf("abc");
        const auto caught = tail.catchUp(untimed("edcba"));
        QCOMPARE(letters(caught.items), QByteArray("de"));
        QVERIFY(!caught.isGap);
    }

    void whatTheStreamTellsOfThePageIsARepeat()
    {
        HostedTail tail = tailOf("abc");
        tail.catchUp(untimed("fedcba"));
        QVERIFY(tail.isRepeat("e")); // the stream opened between d and e
        QVERIFY(tail.isRepeat("f"));
        QVERIFY(!tail.isRepeat("g"));
        QVERIFY(!tail.isRepeat("f")); // an equal item later on is another one
    }

    void equalItemsAreCounted()
    {
        HostedTail tail = tailOf("aab");
        QCOMPARE(letters(tail.catchUp(untimed("abaaa")).items), QByteArray("aa"));
    }

    void aPageThatDoesNotReachBackMayHideAGap()
    {
        QVERIFY(tailOf("abc").catchUp(untimed("zyx")).isGap);
        QVERIFY(!tailOf("").catchUp(untimed("zyx")).isGap);
        QVERIFY(!tailOf("abc").catchUp({}).isGap);
    }

    void onlyTheNewestItemsAreKept()
    {
        HostedTail tail = tailOf("abcd", 2);
        QCOMPARE(letters(tail.catchUp(untimed("dcba")).items), QByteArray("ab"));
    }

    // ---- Requests as JSON

    void whatIsWrittenIsWhatTheServerReads()
    {
        const auto client =
            clientPatchFrom(patchJson(ClientPatch{"n", std::vector{ScopeName{"a:b"}}, false, std::optional<Timestamp>()}));
        QVERIFY(client && client->name == "n" && client->scopes->front().text == "a:b" && client->enabled == false);
        QVERIFY(client->expiresAt && !*client->expiresAt); // null: it never expires
        QVERIFY(!clientPatchFrom(patchJson(ClientPatch{}))->expiresAt);
        const auto dated = clientPatchFrom(patchJson(ClientPatch{{}, {}, {}, std::optional(at(5))}));
        QCOMPARE((*dated->expiresAt)->us, at(5).us);
        const auto output = outputPatchFrom(patchJson(OutputPatch{OutputName{"o"}, std::vector<SourceName>(), "", "$", true}));
        QVERIFY(output && output->name->text == "o" && output->sources->empty() && output->filter == "" && output->rule == "$" &&
                output->applyToStored);
        const auto source = sourcePatchFrom(
            patchJson(SourcePatch{{}, std::optional<std::string>("$.t"), std::optional<ScopeName>(), true}), Source{});
        QVERIFY(source && **source->time == "$.t" && source->requiredScope && !*source->requiredScope && source->enabled == true);
        const auto member = memberPatchFrom(patchJson(MemberPatch{Role::Editor}));
        QVERIFY(member && member->role == Role::Editor);
        const auto draft = memberDraftFrom(draftJson(MemberDraft{Email{"a@b.example"}, Role::Admin}));
        QVERIFY(draft && draft->email.text == "a@b.example" && draft->role == Role::Admin);
        const auto workspace = workspacePatchFrom(patchJson(WorkspacePatch{Slug{"s"}, "n"}));
        QVERIFY(workspace && workspace->slug->text == "s" && workspace->name == "n");
        const auto endpoint = endpointPatchFrom(patchJson(EndpointPatch{"o", std::optional<ScopeName>(), {}}));
        QVERIFY(endpoint && endpoint->output == "o" && endpoint->requiredScope && !*endpoint->requiredScope &&
                !endpoint->enabled);
    }
};

QTEST_GUILESS_MAIN(TestJoining)
#include "tst_joining.moc"
