"""A reply without what it quotes, its signature and what telephones add below it; German and English.

A rule of lines, from above: a line that opens a quoted history (`On … wrote:`, `Am … schrieb …:`, a header block
`Von: … Gesendet: …`, `-----Original Message-----`, Zendesk's and others' "please reply above this line") ends what
is read; lines that begin with `>` are left out where they stand; `-- ` alone on a line opens the signature
(RFC 3676, 4.3); a last line such as "Von meinem iPhone gesendet" goes. What was forwarded is read if nothing
of the sender's own stands above it. Greetings ("Mit freundlichen Grüßen") stay: they are the writer's words.

No library was taken: mail-parser-reply, the maintained one with German, gives texts without their places, which
evidence needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warum_api.adapting.excerpts import Cut, Excerpt, Reason
from warum_api.adapting.markup import looks_like_html, text_of_html

_LONGEST_LINE = 400  # characters of a line that are looked at
_MOST_SIGNATURE_LINES = 15

_ABOVE = re.compile(
    r"(?:##-.{0,120}-##|[-–—=_\s]*(?:please )?(?:reply|type your reply|write) above this line\b.{0,60}"
    r"|[-–—=_\s]*(?:bitte )?.{0,40}(?:oberhalb|über) dieser (?:zeile|linie)\b.{0,60})",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"[\s>*]*-{2,}\s*(?:original(?: message|nachricht|e-?mail)|urspr(?:ü|ue)ngliche (?:nachricht|e-?mail|mail))"
    r"\s*-{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[\s>*]*(?:-{2,}\s*(?:forwarded message|(?:urspr(?:ü|ue)ngliche )?weitergeleitete (?:nachricht|e-?mail|mail))"
    r"\s*-{2,}|begin forwarded message:|anfang der weitergeleiteten (?:nachricht|e-?mail):)\s*",
    re.IGNORECASE,
)
# "On 3 March 2026 at 14:12, Ann <a@x.org> wrote:", "Am 03.03.2026 um 14:12 schrieb Ann:", "Ann schrieb am 3.3.2026:"
_WROTE = re.compile(
    r"(?=[^\n]*\d)\s*(?:on\b[^\n]{4,300}\bwrote|[^\n]{2,120}\bwrote on\b[^\n]{4,120}"
    r"|am\b[^\n]{4,200}\bschrieb(?:en)?\b[^\n]{0,200}"
    r"|[^\n]{2,120}\b(?:schrieb|hat) am\b[^\n]{4,160})\s*:\s*",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(
    r"\b(?:i|we) wrote\b|\bschrieb(?:en)?\s+(?:ich|wir|man|mir|uns)\b|\b(?:ich|wir) schrieb",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\s*]*(?:from|von)\s*:[*\s]*\S.*", re.IGNORECASE)
_SENT = re.compile(r"[\s*]*(?:sent|date|gesendet|datum)\s*:[*\s]*\S.*", re.IGNORECASE)
_TO = re.compile(r"[\s*]*(?:to|an|cc|subject|betreff)\s*:.*", re.IGNORECASE)
_HEADER = re.compile(
    r"[\s>*]*(?:from|to|cc|date|sent|subject|reply-to|von|an|gesendet|datum|betreff|kopie)\s*:.*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s{0,3}>")
_SIGNATURE = re.compile(r"-- ?[ \t]*")
_MOBILE = re.compile(
    r"\s*(?:(?:von|vom) meine[mr]\b.{0,60}\b(?:gesendet|gesandt|geschickt)|(?:gesendet|gesandt|verschickt)\b.{0,12}"
    r"\b(?:von meine[mr]|von (?:outlook|mail|yahoo|gmx|web\.de|t-online)|mit (?:der|dem)|aus der|über)\b.{0,90}"
    r"|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit|über)\b.{0,90}\bgesendet"
    r"|sent (?:from|via|using|with)\b.{0,90}|get outlook for\b.{0,30}"
    r"|outlook für\b.{0,20}\b(?:herunterladen|beziehen|laden)"
    r"|(?:holen|laden) sie (?:sich )?outlook für\b.{0,30})[\s.!_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its break: text[start:end]."""

    start: int
    end: int
    text: str

    @property
    def empty(self) -> bool:
        return not self.text.strip(" \t\r\u00a0")


def own_words(text: str, *, html: bool | None = None) -> Excerpt:
    """What the sender of a mail wrote, with the place of each character in the original.

    Args:
        text: The mail's body.
        html: Whether it is HTML; None to look.

    Returns:
        The text, empty if nothing in it is the sender's own.
    """
    body = (
        text_of_html(text)
        if (looks_like_html(text) if html is None else html)
        else Excerpt.whole(text)
    )
    return _without_quotes(body)


def _without_quotes(body: Excerpt) -> Excerpt:
    lines = list(_lines(body.text))
    first, end = 0, len(lines)
    cuts: list[tuple[int, int, Reason]] = []
    opened = _history(lines)
    if opened is not None:
        at, reason = opened
        if reason == "forward" and all(line.empty for line in lines[:at]):
            first = _behind_headers(lines, at)
            cuts.append((0, first, reason))
        else:
            end = at
            cuts.append((at, len(lines), reason))
    signed = _signature(lines, first, end)
    if signed is not None:
        cuts.append((signed, end, "signature"))
        end = signed
    footer = _footer(lines, first, end)
    if footer is not None:
        cuts.append((footer, end, "mobile_footer"))
        end = footer
    kept = []
    for i in range(first, end):
        if _QUOTED.match(lines[i].text):
            cuts.append((i, i + 1, "quote"))
        else:
            kept.append(lines[i])
    return body.kept(_stretches(body.text, kept), _placed(body, lines, cuts))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for piece in text.split("\n"):
        yield _Line(start, start + len(piece), piece.rstrip("\r"))
        start += len(piece) + 1


def _history(lines: Sequence[_Line]) -> tuple[int, Reason] | None:
    """The line that opens what is quoted below, and whether that was forwarded."""
    for i, line in enumerate(lines):
        looked_at = line.text[:_LONGEST_LINE]
        if line.empty:
            continue
        if _FORWARDED.fullmatch(looked_at):
            return i, "forward"
        if _ABOVE.fullmatch(looked_at.strip()) or _ORIGINAL.fullmatch(looked_at):
            return i, "quote"
        if _opens_by_wrote(lines, i) or _opens_by_headers(lines, i):
            return i, "quote"
    return None


def _opens_by_wrote(lines: Sequence[_Line], at: int) -> bool:
    """Whether "… wrote:" stands here, perhaps wrapped over up to three lines."""
    if _QUOTED.match(lines[at].text):
        return False
    joined = ""
    for line in lines[at : at + 3]:
        if line.empty:
            return False
        joined = f"{joined} {line.text[:_LONGEST_LINE].strip()}".strip()
        if joined.endswith(":"):
            return _WROTE.fullmatch(joined) is not None and not _OWN_WORDS.search(joined)
    return False


def _opens_by_headers(lines: Sequence[_Line], at: int) -> bool:
    """Whether a block of headers stands here, as Outlook puts it above what it quotes."""
    if not _FROM.fullmatch(lines[at].text[:_LONGEST_LINE]):
        return False
    block = [line.text[:_LONGEST_LINE] for line in lines[at + 1 : at + 6]]
    return any(_SENT.fullmatch(b) for b in block) and any(_TO.fullmatch(b) for b in block)


def _behind_headers(lines: Sequence[_Line], at: int) -> int:
    """The first line of a forwarded mail's own text."""
    i = at + 1
    while i < len(lines) and (lines[i].empty or _HEADER.fullmatch(lines[i].text[:_LONGEST_LINE])):
        i += 1
    return i


def _signature(lines: Sequence[_Line], first: int, end: int) -> int | None:
    """The line that opens the signature: the last such one, if no more than 15 lines follow."""
    for i in range(end - 1, max(first - 1, end - _MOST_SIGNATURE_LINES - 2), -1):
        if _SIGNATURE.fullmatch(lines[i].text):
            return i
    return None


def _footer(lines: Sequence[_Line], first: int, end: int) -> int | None:
    """The first of the last lines that a telephone or a program has written."""
    found = None
    for i in range(end - 1, first - 1, -1):
        if lines[i].empty:
            continue
        if not _MOBILE.fullmatch(lines[i].text[:_LONGEST_LINE]):
            break
        found = i
    return found


def _stretches(text: str, kept: Sequence[_Line]) -> list[tuple[int, int]]:
    """The kept lines with their breaks, without empty lines at both ends."""
    full = [i for i, line in enumerate(kept) if not line.empty]
    if not full:
        return []
    last = kept[full[-1]]
    return [
        (line.start, line.end if line is last else min(line.end + 1, len(text)))
        for line in kept[full[0] : full[-1] + 1]
    ]


def _placed(
    body: Excerpt, lines: Sequence[_Line], cuts: Sequence[tuple[int, int, Reason]]
) -> Iterator[Cut]:
    """Cuts of lines as cuts of the original; those that hold no character are none."""
    for first, end, reason in cuts:
        start, stop = lines[first].start if first < len(lines) else len(body.text), 0
        if first < end:
            stop = min(lines[end - 1].end + 1, len(body.text))
        if start < stop:
            yield Cut(*body.place(start, stop), reason)
