"""Settings in a text: options of commands, assignments, connection strings, JSON, YAML, XML and similar."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_VALUE = r"""("[^"\n]{0,2000}"|'[^'\n]{0,2000}'|"""


class Setting(NamedTuple):
    """A name, its value and where it is."""

    name: str
    value: str
    position: int
    is_option: bool = False


_OPTION = re.compile(
    rf"""(?<![\w-])--?([A-Za-z][\w.-]{{2,99}})(?:\s{{0,3}}=\s{{0,3}}|[ \t]{{1,3}}(?!-)){_VALUE}[^\s;&|"']{{1,2000}})"""
)
_ASSIGNMENT = re.compile(
    rf"""(?<![\w./-])_{{0,2}}([A-Za-z][\w. -]{{0,99}}?)\s{{0,3}}(?::=|=>|=(?!=))"""
    rf"""(?![A-Za-z]\w{{0,99}}=["'])[ \t]{{0,3}}{_VALUE}[^\s;&,"']{{1,2000}})"""
)
_MEMBER = re.compile(
    rf"""["']([A-Za-z_][\w.-]{{0,99}})["']\]?\s{{0,3}}(?::|=>|=)\s{{0,3}}{_VALUE}[0-9]{{4,32}}(?![0-9.]))"""
)
_LINE = re.compile(
    r"""^[ \t-]{0,40}([A-Za-z_][\w.-]{0,99}): [ \t]{0,9}"""
    r"""(?:("[^"\n]{0,2000}"|'[^'\n]{0,2000}'),?|([^\s#"'{\[][^\n]{0,2000}))$""",
    re.MULTILINE,
)
_HEADER = re.compile(r"""["']([A-Za-z][\w-]{0,99}):[ \t]{0,3}([^"'\n]{1,2000})["']""")
_ITEM = re.compile(r"""(?<![\w.:/-])([A-Za-z][\w.-]{0,99}):(?=[A-Za-z]{0,100}[0-9])([^\s,;:/"'{}]{6,500})(?=[,;]|$)""")
_FLOW = re.compile(
    r"""[{,]\s{0,20}([A-Za-z_][\w-]{0,99}):(?=\s|["'][A-Za-z .!?]{0,200}[^A-Za-z .!?"'\n])\s{0,3}"""
    r"""("[^"\n]{0,2000}"|'[^'\n]{0,2000}'|(?<=\s)[^\s,{}\["']{1,500})(?=\s{0,20}[,}])"""
)
_DIRECTIVE = re.compile(
    r"^[ \t]{0,40}(?:set |user \S{1,64} )?([A-Za-z][\w-]{0,60})[ \t]{1,9}"
    r"(?=[^\s]{0,200}[^A-Za-z\s:=])([^\s:=]{4,200})$",
    re.MULTILINE,
)
_NESTED = re.compile(
    r"""["']([A-Za-z_][\w.-]{0,99})["']\s{0,3}:\s{0,3}(?:\[|\{\s{0,9}["']value["']\s{0,3}:)\s{0,9}"""
    r"""["']((?=[^"'\n]{0,200}[0-9])[^"'\n]{8,2000})["']"""
)
_NAME_AND_VALUE = re.compile(
    r"""\bname: {1,3}["']?([\w.-]{1,100})["']?[ \t]{0,9}\n[ \t]{0,40}value: {1,3}"""
    r"""("[^"\n]{1,2000}"|'[^'\n]{1,2000}'|[^\s"'][^\n]{0,2000})"""
)
_SET = re.compile(
    r"\b(?:ENV|setenv|set -[a-z]{1,3}|proxy_set_header) {1,3}([A-Za-z][\w-]{0,99}) {1,3}"
    r"(?=\S{0,200}[^A-Za-z\s:=])([^\s:=]{4,200})(?=\s|$)"
)
_ATTRIBUTE = re.compile(r"""\b(?:name|key)\s{0,3}=\s{0,3}["']([\w.:-]{1,100})["'][^<>\n]{0,200}>([^<>\n]{1,2000})</""")
_ELEMENT = re.compile(r"<(?:\w{1,40}:)?([A-Za-z][\w.-]{0,99})(?:\s[^<>\n]{0,300})?>([^<>\n]{1,2000})</")
_CALL = re.compile(
    r"""\b(?:define|env|getenv|setenv|putenv|setdefault|setProperty|set|put)\(\s{0,3}["']([\w.-]{1,100})["']\s{0,3},\s{0,3}["']([^"'\n]{1,2000})["']"""
)
_KEY_AND_VALUE = re.compile(
    r"""(?:\b|["'])(?:key|name)["']?\s{0,3}[=:]\s{0,3}["']([\w.:-]{1,100})["']\s{0,3},?\s{0,3}["']?value["']?\s{0,3}[=:]\s{0,3}"""
    r"""["']([^"'\n]{1,2000})["']""",
    re.IGNORECASE,
)
_CONFIGURED = re.compile(
    r"\b(?:configure|config) set (?:-{1,2}[\w-]{1,40} ){0,3}([\w.:/@-]{1,200})[ =]+([^\s;&|]{1,2000})"
)
_SQL = re.compile(
    r"\b(?:IDENTIFIED\s{1,3}(?:WITH\s{1,3}\w{1,40}\s{1,3})?BY|(PASSWORD))\s{1,3}'([^'\n]{1,200})'", re.IGNORECASE
)
_STRING_MEMBER = re.compile(r'"\s{0,3}:\s{0,3}"([^"\n]{0,2000})"')
_LABEL = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*[?!.]?")
_TYPES_OF_FIELDS = frozenset(("text", "string", "hidden", "email", "number", "checkbox"))
_PLAIN = re.compile(r"[A-Za-z][a-z]*[.!?]?")
_KIND_OF_KEY = re.compile(r"keys?", re.IGNORECASE)

_OTHERS = (
    (_MEMBER, ""),
    (_HEADER, ":"),
    (_ITEM, ":"),
    (_FLOW, "{"),
    (_DIRECTIVE, "\n"),
    (_NESTED, ":"),
    (_NAME_AND_VALUE, "value:"),
    (_SET, " "),
    (_ELEMENT, "</"),
    (_ATTRIBUTE, "</"),
    (_CALL, "("),
    (_KEY_AND_VALUE, "alue"),
    (_CONFIGURED, " set "),
)
"""Forms of a name and a value, and what every match contains. The first is JSON."""


def settings(text: str) -> Iterator[Setting]:
    """Yield the settings in a text, in no particular order. Every search takes linear time."""
    text = text.replace('\\"', '"')
    for match in _matches(_OPTION, "-", text):
        yield Setting(match[1], _unquote(match[2]), match.start(), is_option=True)
        yield from _inner_settings(match)
    for match in _matches(_ASSIGNMENT, "=", text):
        name = _last_words(match[1])
        yield Setting(name, _unquote(match[2]), match.end(1) - len(name))
        yield from _inner_settings(match)
    for form, sign in _OTHERS[_are_labels(text) :]:
        for match in _matches(form, sign, text):
            value = _unquote(match[2])
            if not _is_label(match[1], value):
                yield Setting(match[1], value, match.start())
    for match in _matches(_SQL, "'", text):
        yield Setting("PASSWORD", match[2], match.start())
    yield from _lines(text)


def _inner_settings(match: re.Match[str]) -> Iterator[Setting]:
    """Yield the settings in the value of another one: --from-literal=password=..."""
    value = _unquote(match[2])
    for inner in _ASSIGNMENT.finditer(value) if "=" in value else ():
        yield Setting(_last_words(inner[1]), _unquote(inner[2]), match.start(2))


def _matches(form: re.Pattern[str], sign: str, text: str) -> Iterator[re.Match[str]]:
    """Return the matches of a form. Most texts do not contain its sign and are not searched."""
    return form.finditer(text) if sign in text else iter(())


def _lines(text: str) -> Iterator[Setting]:
    """Yield the settings of YAML. In a text of one line, words after a colon are prose."""
    is_document = "\n" in text
    for match in _matches(_LINE, ": ", text):
        quoted = match[2]
        value = _unquote(quoted) if quoted else match[3].partition(" #")[0].strip()
        is_prose = " " in value and not quoted and not value.startswith(("Basic ", "Bearer "))
        if not is_prose and (is_document or quoted or not _PLAIN.fullmatch(value)):
            yield Setting(match[1], value, match.start(1))


def _are_labels(text: str) -> bool:
    """Return whether a text is JSON of labels for readers, such as {"password": "Passwort", "login": "Anmelden"}."""
    labels = _STRING_MEMBER.findall(text) if text.startswith("{") else []
    are_words = len(labels) > 1 and all(_LABEL.fullmatch(each) for each in labels)
    return are_words and (all(each[:1].isupper() for each in labels) or bool(_TYPES_OF_FIELDS.intersection(labels)))


def _is_label(name: str, value: str) -> bool:
    """Return whether a value is the name itself, written for readers: {"password": "Password"}."""
    return value[:1].isupper() and value.lower().replace(" ", "") == name.lower().replace("_", "")


def _last_words(name: str) -> str:
    """Return a setting's name without the words in front of it: DB_PASSWORD of "export DB_PASSWORD"."""
    words = name.split(" ")
    return " ".join(words[-2:]) if _KIND_OF_KEY.fullmatch(words[-1]) else words[-1]


def _unquote(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
