"""Random rules and payloads: SQL/JSON path as PostgreSQL 15 reads it, and near misses of it."""

import json
import random

KEYS = ["a", "b", "c", "t", "temp_f", "온도", "k-1", "x.y", "", "A", "last", "type", "é", "a b"]
BARE = ["a", "b", "c", "t", "temp_f", "온도", "A", "last", "type", "é", "strict", "exists", "to", "size", "is", "with"]
NUMBERS = ["0", "1", "2", "3", "-1", "-2.5", "1.50", "0.1", "10", "32", "1.8", "72.5", "1e3", "1.5E-4", "-0.0", "1e20",
           "9007199254740993", "18446744073709551615", "123456789012345678901234567890", "0.000001", "1e-30", "99.99",
           "2147483647", "2147483648", "-2147483649", "3.9", "0.5", "1e40", "-7e-12", "12345.678901234567890123"]
PATH_NUMBERS = ["0", "1", "2", "3", "10", "32", "1.8", "0.1", "1.50", ".5", "5.", "1e2", "1.5e-3", "2.E+3", "007", "1_000",
                "9223372036854775807", "123456789012345678901234567890", "1e400", "0.000000000000000000001", "4.2"]
TEXTS = ["", "a", "abc", "Seattle", "x1", "12", "1.5", "-3e2", "n/a", "NaN", "inf", "Infinity", " 5 ", "0x1f", "1e400", "온도",
         "é", "e\u0301", "🌡", "a\nb", "tab\t", "quote\"", "back\\slash", "ABC", "a.c", "aaa", "straße", "İ", "ǅ", "true"]
DATES = ["2024-03-09", "2024-02-30", "12:34", "12:34:56", "12:34:56.789", "12:34:56+09", "12:34:56 +05:30", "24:00:00",
         "2024-03-09 13:05:09", "2024-03-09T13:05:09", "2024-03-09 13:05:09+09", "2024-03-09T13:05:09.123456-03:30",
         "2024-12-31 23:59:60", "0001-01-01", "9999-12-31", "2024-3-9", "2024-03-09 1:05", "13:05:09 -8", "2023-02-29",
         "2024-03-09T13:05:09Z", "20240309", "2024-03-09 25:00:00", "1969-07-20 20:17:40+00"]
TEMPLATES = ["YYYY-MM-DD", "HH24:MI", "HH24:MI:SS", "HH12:MI AM", "YYYY-MM-DD HH24:MI:SS", "YYYY-MM-DD HH24:MI:SS TZH",
             "YYYY-MM-DD HH24:MI:SSTZH:TZM", "DD.MM.YYYY", "YYYYMMDD", "FMYYYY-FMMM-FMDD", "Mon DD YYYY", "YYYY-DDD",
             "IYYY-IW-ID", "SSSSS", "HH24:MI:SS.FF3", "HH24:MI:SS.US", "YYYY\"T\"MM", "MONTH", "YYYY-MM-DD\"T\"HH24:MI:SS",
             "Y,YYY", "CC", "J", "Q", "WW", "DAY", "TZ", "HH24:MI TZH", "", "xyz", "YYYY-MM-DD YYYY", "HH12:MI", "DDTH"]


class Rules:
    """Everything it makes depends on the seed alone."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.keys, self.bare = KEYS, BARE

    def one(self, *choices):
        return self.random.choice(choices)

    def chance(self, share):
        return self.random.random() < share

    # Payloads

    def payload(self):
        return self.value(self.random.randint(0, 4))

    def value(self, depth):
        r = self.random
        kind = r.choice(["object"] * 4 + ["array"] * 3 + ["scalar"] * 3) if depth > 0 else "scalar"
        if kind == "object":
            members = [self.text(r.choice(self.keys)) + self.blank() + ":" + self.value(depth - 1) for _ in range(r.randint(0, 4))]
            return "{" + self.blank() + ",".join(members) + self.blank() + "}"
        if kind == "array":
            return "[" + (self.blank() + ",").join(self.value(depth - 1) for _ in range(r.randint(0, 4))) + "]"
        kind = r.random()
        if kind < 0.45:
            return self.number()
        if kind < 0.60:
            return self.text(r.choice(TEXTS))
        if kind < 0.75:
            return self.text(r.choice(DATES))
        return r.choice(["null", "true", "false", "{}", "[]"])

    def number(self):
        r = self.random
        if self.chance(0.6):
            return r.choice(NUMBERS)
        text = r.choice(["", "-"]) + str(r.randint(0, 10 ** r.randint(1, 25)))
        if self.chance(0.5):
            text += "." + "".join(r.choice("0123456789") for _ in range(r.randint(1, r.choice([3, 25]))))
        if self.chance(0.2):
            text += r.choice("eE") + r.choice(["", "+", "-"]) + str(r.randint(0, 40))
        return text

    def text(self, characters):
        """A JSON string: sometimes with more escapes than it needs."""
        if self.chance(0.85):
            return json.dumps(characters, ensure_ascii=self.chance(0.3))
        return '"' + "".join(self.escaped(c) for c in characters) + '"'

    def escaped(self, c):
        if ord(c) > 0xFFFF:
            high, low = divmod(ord(c) - 0x10000, 0x400)
            return "\\u%04x\\u%04X" % (0xD800 + high, 0xDC00 + low)
        return "\\u%04x" % ord(c) if self.chance(0.5) or c in '"\\' or ord(c) < 32 else c

    def blank(self):
        return self.one("", "", "", " ", "\n ")

    # Rules

    def rule(self):
        mode = self.one("", "", "", "strict ", "lax ", "STRICT ", "Lax ")
        body = self.condition(3) if self.chance(0.35) else self.expression(3)
        if self.chance(0.12):
            body = self.broken(body)
        return mode + body

    def expression(self, depth, inside=False):
        r = self.random
        if depth <= 0 or self.chance(0.55):
            return self.path(depth, inside)
        kind = r.random()
        if kind < 0.55:
            return self.expression(depth - 1, inside) + self.sp() + r.choice("+-*/%") + self.sp() + self.expression(depth - 1, inside)
        if kind < 0.7:
            return r.choice("+-") + self.expression(depth - 1, inside)
        if kind < 0.9:
            return "(" + self.expression(depth - 1, inside) + ")" + self.steps(depth - 1, inside, 2)
        return "(" + self.condition(depth - 1, inside) + ")" + self.steps(depth - 1, inside, 1)

    def sp(self):
        return self.one(" ", " ", "", "  ", "\n", " /* c */ ")

    def path(self, depth, inside):
        r = self.random
        kind = r.random()
        if kind < 0.72:
            head = "@" if inside and self.chance(0.8) else "$"
        elif kind < 0.84:
            head = r.choice(PATH_NUMBERS)
            if self.chance(0.7):
                return head
        elif kind < 0.92:
            head = self.string(r.choice(TEXTS + DATES))
        elif kind < 0.97:
            head = r.choice(["null", "true", "false"])
        elif kind < 0.99:
            head = r.choice(["$v", "$n", '$"list"', "$none", "$o"])
        else:
            head = "last"
        return head + self.steps(depth, inside, 4)

    def steps(self, depth, inside, most):
        return "".join(self.step(depth, inside) for _ in range(self.random.randint(0, most)))

    def step(self, depth, inside):
        r = self.random
        kind = r.random()
        if kind < 0.34:
            return "." + self.one("", "", "", " ") + r.choice(self.bare[:8] if self.chance(0.8) else self.bare)
        if kind < 0.42:
            return "." + self.string(r.choice(self.keys))
        if kind < 0.48:
            return ".*"
        if kind < 0.58:
            return "[*]"
        if kind < 0.70:
            return "[" + ", ".join(self.subscript(depth) for _ in range(r.choice([1, 1, 1, 2]))) + "]"
        if kind < 0.77:
            return ".**" + r.choice(["", "", "{0}", "{1}", "{2}", "{0 to 1}", "{1 to last}", "{last}", "{2 to 1}", "{last to 2}"])
        if kind < 0.87 and depth > 0:
            return self.sp() + "?" + self.sp() + "(" + self.condition(depth - 1, True) + ")"
        if kind < 0.97:
            return "." + r.choice(["type", "size", "double", "ceiling", "floor", "abs", "keyvalue", "type", "abs"]) + "()"
        if self.chance(0.4):
            return ".datetime()"
        return ".datetime(" + self.string(r.choice(TEMPLATES)) + ")"

    def subscript(self, depth):
        r = self.random
        simple = lambda: r.choice(["0", "1", "2", "last", "last - 1", "-1", "1.7", "last / 2", "$.a", "@.a", "\"a\"", "$.size() - 1"])
        one = simple if depth <= 0 or self.chance(0.9) else lambda: self.expression(depth - 1)
        return one() + (" to " + one() if self.chance(0.3) else "")

    def string(self, characters):
        """A string of a rule: JSON's, or with the escapes that only a rule has."""
        if self.chance(0.9):
            return json.dumps(characters, ensure_ascii=False)
        out = ""
        for c in characters:
            kind = self.random.random()
            if kind < 0.3 and ord(c) < 256:
                out += "\\x%02x" % ord(c)
            elif kind < 0.5:
                out += "\\u{%x}" % ord(c)
            elif kind < 0.6 and c.isalpha() and c not in "bfnrtvux":
                out += "\\" + c
            else:
                out += json.dumps(c, ensure_ascii=False)[1:-1]
        return '"' + out + '"'

    def condition(self, depth, inside=False):
        r = self.random
        if depth > 0 and self.chance(0.35):
            kind = r.random()
            if kind < 0.6:
                return self.condition(depth - 1, inside) + self.sp() + r.choice(["&&", "||"]) + self.sp() + self.condition(depth - 1, inside)
            if kind < 0.8:
                return "!" + self.sp() + "(" + self.condition(depth - 1, inside) + ")"
            return "(" + self.condition(depth - 1, inside) + ") is unknown"
        kind = r.random()
        if kind < 0.62:
            sign = r.choice(["==", "!=", "<>", "<", "<=", ">", ">="])
            return self.expression(depth - 1, inside) + self.sp() + sign + self.sp() + self.expression(depth - 1, inside)
        if kind < 0.72:
            return "exists" + self.one("", " ") + "(" + self.expression(depth - 1, inside) + ")"
        if kind < 0.82:
            return self.expression(depth - 1, inside) + " starts with " + r.choice([self.string(r.choice(TEXTS)), self.string(r.choice("a1x온")), "$v"])
        if kind < 0.97:
            flags = "" if self.chance(0.6) else " flag \"" + "".join(r.choice("ismqx" if self.chance(0.1) else "ismq") for _ in range(r.randint(0, 3))) + "\""
            return self.expression(depth - 1, inside) + " like_regex " + json.dumps(self.pattern(2), ensure_ascii=False) + flags
        return "(" + self.condition(depth - 1, inside) + ")"

    def pattern(self, depth):
        r = self.random
        out = ""
        for _ in range(r.randint(1, 4)):
            kind = r.random()
            if kind < 0.4:
                piece = r.choice(list("abcx123.") + ["é", "온", "\\.", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\x41", "\\n", "\\t", "\\u0061"])
            elif kind < 0.6:
                piece = r.choice(["[abc]", "[^a]", "[a-z]", "[0-9]", "[[:alpha:]]", "[[:digit:]x]", "[^[:space:]]", "[\\d.]", "[]a]",
                                  "[a-]", "[é-í]", "[[:upper:]]", "[[.a.]]", "[[=e=]]", "[^\\w]", "[a", "[z-a]", "[[:foo:]]"])
            elif kind < 0.7:
                piece = r.choice(["^", "$", "\\A", "\\Z", "\\m", "\\M", "\\y", "\\Y", "\\b", "\\B"])
            elif kind < 0.9 and depth > 0:
                piece = r.choice(["(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "("]) + self.pattern(depth - 1) + ")"
            elif kind < 0.94:
                piece = r.choice(["\\1", "\\2", "(?i)", "***=", "***:", "\\", ")", "{", "*"])
            else:
                piece = self.one("a|b", "|", "ab|", "a|b|")
            if self.chance(0.3):
                piece += r.choice(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?", "{0}", "**", "{,2}", "{2,1}", "{300}"])
            out += piece
        return out

    def broken(self, rule):
        """A slip of the hand: a few characters gone, doubled, exchanged or put in."""
        r = self.random
        characters = list(rule)
        for _ in range(r.choice([1, 1, 2, 3])):
            place = r.randint(0, len(characters))
            kind = r.random()
            if kind < 0.35 and place < len(characters):
                del characters[place]
            elif kind < 0.5 and place < len(characters):
                characters.insert(place, characters[place])
            elif kind < 0.6 and place + 1 < len(characters):
                characters[place], characters[place + 1] = characters[place + 1], characters[place]
            else:
                characters.insert(place, r.choice(list("$@.*[]()?!=<>&|+-/%\"'\\ ,:{}#_0a1e") + ["**", "&&", "last", " is unknown", "\\u00e9", "/*", "*/"]))
        return "".join(characters)

    # Cases

    def case(self):
        kind = self.random.random()
        path, doc = (self.sum() if kind < 0.2 else self.match() if kind < 0.35 else self.date() if kind < 0.45 else self.any())
        return {"path": path, "doc": doc, "vars": VARIABLES if self.chance(0.9) else "{}"}

    def any(self):
        """Half of them know few keys, so that paths find something."""
        few = self.chance(0.5)
        self.keys, self.bare = (["a", "b", "t"], ["a", "b", "t"]) if few else (KEYS, BARE)
        return self.rule(), self.payload()

    def sum(self):
        """Arithmetic on numbers that are there."""
        r = self.random
        parts = ["$.a", "$.b", "$.c", r.choice(PATH_NUMBERS), "$.b.floor()", "-$.a", "$.a.abs()", "($.c - 1.50)", "$.a.ceiling()"]
        path = r.choice(parts)
        for _ in range(r.randint(1, 4)):
            path = self.one("{} {} {}", "({}) {} {}", "{} {} ({})").format(path, r.choice("+-*/%"), r.choice(parts))
        if self.chance(0.2):
            path += r.choice([" == ", " < ", " >= "]) + r.choice(parts)
        return path, "{" + ",".join('"%s":%s' % (key, self.number()) for key in "abc") + "}"

    def match(self):
        """A pattern on a text of its letters."""
        r = self.random
        flags = "" if self.chance(0.6) else " flag \"" + "".join(r.choice("ismq") for _ in range(r.randint(1, 2))) + "\""
        text = "".join(r.choice(list("abcx123. \n_-A") + ["é", "온", "É", "B"]) for _ in range(r.randint(0, 8)))
        return "$ like_regex " + json.dumps(self.pattern(3), ensure_ascii=False) + flags, json.dumps(text)

    def date(self):
        """A text that a template may read, perhaps compared with another."""
        r = self.random
        template = self.template()
        path = "$.a.datetime(" + json.dumps(template) + ")"
        if self.chance(0.4):
            path += self.one("", ".type()", " < ", " == ", " >= ")
            if path.endswith(" "):
                path += "$.b.datetime(" + (json.dumps(template) if self.chance(0.5) else "") + ")"
        return path, json.dumps({"a": self.dated(template), "b": self.dated(template) if self.chance(0.5) else r.choice(DATES)})

    def template(self):
        r = self.random
        if self.chance(0.3):
            return r.choice(TEMPLATES)
        fields = list(FIELDS)
        return "".join(self.one("", "", "", "", "FM") + r.choice(fields) + self.one("", "", "", "", "TH") +
                       self.one("-", " ", ":", "/", ".", "", ",", "\"T\"", "  ") for _ in range(r.randint(1, 5)))

    def dated(self, template):
        text, rest = "", template
        while rest:
            field = next((f for f in sorted(FIELDS, key=len, reverse=True) if rest.startswith(f)), None)
            if field:
                text += self.random.choice(FIELDS[field]) if self.chance(0.97) else self.one("", "99", "x", "-1")
                rest = rest[len(field):]
            elif rest.startswith("FM"):
                rest = rest[2:]
            else:
                text += rest[0] if rest[0] != '"' and self.chance(0.97) else self.one("", "-", " ") if rest[0] != '"' else ""
                rest = rest[1:]
        return text


VARIABLES = '{"v": "a", "n": 2.50, "list": [1, 2, "x"], "o": {"a": {"b": 1}}}'

FIELDS = {
    "YYYY": ["2024", "0001", "9999", "1969", "24"], "YYY": ["024", "999"], "YY": ["24", "69", "70"], "Y": ["4"], "Y,YYY": ["2,024"],
    "IYYY": ["2024", "2020"], "IYY": ["024"], "IY": ["20"], "I": ["4"], "CC": ["21", "20", "01"], "MM": ["01", "03", "12", "13", "2"],
    "MONTH": ["MARCH", "march", "May"], "Mon": ["Mar", "DEC"], "RM": ["III", "XII"], "DD": ["01", "09", "29", "31", "32"],
    "DDD": ["001", "069", "366"], "D": ["1", "7"], "ID": ["1", "7", "0"], "DAY": ["MONDAY", "Sunday"], "Dy": ["Mon"], "WW": ["01", "53"],
    "IW": ["01", "53"], "W": ["1", "5"], "IDDD": ["001", "371"], "J": ["2460379"], "Q": ["1"], "HH24": ["00", "13", "24", "9"],
    "HH12": ["01", "12", "13"], "HH": ["05"], "MI": ["00", "59", "60"], "SS": ["00", "59", "60"], "SSSSS": ["00000", "86399", "86400"],
    "SSSS": ["43200"], "MS": ["000", "999", "5"], "US": ["000000", "123456", "5"], "FF1": ["1"], "FF3": ["123", "9"], "FF6": ["123456"],
    "AM": ["AM", "PM", "pm"], "P.M.": ["A.M.", "p.m."], "BC": ["BC", "AD"], "B.C.": ["B.C."], "TZH": ["+09", "-03", "05", "+16"],
    "TZM": ["00", "30", "60"], "TZ": ["UTC"], "OF": ["+01"],
}
