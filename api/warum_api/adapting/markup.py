"""HTML of mails and tickets to text, each character with its place in the HTML.

A scanner of one pass over what mail programs write, not a parser of all HTML: the standard library's parser
joins pieces whose places are then lost, and takes quadratic time on hostile input. This one is linear. Its text
is text, never markup again.
"""

from __future__ import annotations

import html
import re
from array import array
from dataclasses import dataclass, field

from warum_api.adapting.excerpts import Cut, Excerpt, Reason

_TOKEN = re.compile(
    r"<!--|</?[A-Za-z][^<>]*>|<![^<>]*>|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?"
    r"|[^<&]+|[<&]"
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype|html|body|div|p|br|span|table|blockquote|ul|ol|li|b|i|strong|em|a|font)\b[^<>]*>",
    re.IGNORECASE,
)
_BREAKING = frozenset((
    "address", "article", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
))  # fmt: skip
_HIDDEN = frozenset(("head", "script", "style", "title", "template", "noscript", "svg"))
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "area", "base", "col", "wbr"))
# Wrappers by which mail programs mark what is quoted.
_QUOTING = re.compile(
    r"""(?:class|id)\s*=\s*["']?[^"'>]*\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|zd-quoted|freshdesk_quote"""
    r"""|protonmail_quote|tutanota_quote)\b""",
    re.IGNORECASE,
)


def looks_like_html(text: str) -> bool:
    """Whether a text holds tags that mails are made of."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def text_of_html(source: str) -> Excerpt:
    """The text that a person sees, without quotes that are marked as such.

    Args:
        source: HTML.

    Returns:
        The text: blocks begin new lines, runs of spaces are one. Quotes and hidden parts are in its cuts.
    """
    scan = _Scan(source)
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match is not None  # any character is a token
        token, end = match[0], match.end()
        if token == "<!--":  # noqa: S105 - a comment, no password
            closed = source.find("-->", at)
            end = len(source) if closed < 0 else closed + 3
        elif token[0] == "<" and len(token) > 1:
            scan.tag(token, at, end)
        elif scan.left_out is None:
            scan.add(token, at, end)
        at = end
    return scan.excerpt()


@dataclass
class _Scan:
    """What was seen so far.

    Attributes:
        source: The HTML.
        left_out: Tag and reason of the part that is being left out, and how deep that tag is nested in it.
    """

    source: str
    left_out: tuple[str, Reason] | None = None
    _depth: int = 0
    _from: int = 0
    _text: list[str] = field(default_factory=list)
    _starts: array[int] = field(default_factory=lambda: array("l"))
    _ends: array[int] = field(default_factory=lambda: array("l"))
    _cuts: list[Cut] = field(default_factory=list)

    def tag(self, token: str, start: int, end: int) -> None:
        """Take a tag in, opening or closing."""
        named = _TAG.match(token)
        if named is None:  # a doctype
            return
        name, closing = named[1].lower(), token[1] == "/"
        if self.left_out is not None:
            self._within_left_out(name, closing, token, end)
            return
        if name in _BREAKING:
            self._character("\n", start, end)
        elif name == "td" and not closing:
            self._character(" ", start, end)
        if closing or name in _VOID or token.endswith("/>"):
            return
        quote = name == "blockquote" or _QUOTING.search(token) is not None
        if quote or name in _HIDDEN:
            self.left_out = (name, "quote" if quote else "markup")
            self._depth, self._from = 1, start

    def _within_left_out(self, name: str, closing: bool, token: str, end: int) -> None:
        assert self.left_out is not None
        if name != self.left_out[0] or token.endswith("/>"):
            return
        self._depth += -1 if closing else 1
        if self._depth == 0:
            self._cuts.append(Cut(self._from, end, self.left_out[1]))
            self.left_out = None
            self._character("\n", end - 1, end)

    def add(self, token: str, start: int, end: int) -> None:
        """Take text or an entity in."""
        if token[0] == "&" and len(token) > 1:
            meant = html.unescape(token)
            if meant != token:
                for sign in meant:
                    self._character(" " if sign.isspace() else sign, start, end)
                return
        for i, sign in enumerate(token):
            self._character(" " if sign.isspace() else sign, start + i, start + i + 1)

    def _character(self, sign: str, start: int, end: int) -> None:
        last = self._text[-1] if self._text else "\n"
        if sign == " " and last in " \n":
            return
        if sign == "\n":
            if last == " ":
                self._text[-1], self._starts[-1], self._ends[-1] = sign, start, end
                return
            if last == "\n" and (len(self._text) < 2 or self._text[-2] == "\n"):
                return  # one empty line says as much as several
        self._text.append(sign)
        self._starts.append(start)
        self._ends.append(end)

    def excerpt(self) -> Excerpt:
        """What was seen; a part that is left out and never closed goes to the end."""
        if self.left_out is not None:
            self._cuts.append(Cut(self._from, len(self.source), self.left_out[1]))
        return Excerpt("".join(self._text), self._starts, self._ends, tuple(self._cuts))
