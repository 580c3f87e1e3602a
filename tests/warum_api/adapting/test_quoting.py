from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum_api.adapting.quoting import own_words

OWN = "Die App stürzt seit gestern ab.\nBitte helfen Sie mir."
HISTORY = "\n> Wie können wir helfen?\n> Ihr Team"


@pytest.mark.parametrize(
    "opening",
    [
        "Am 03.03.2026 um 14:12 schrieb Ann Beispiel <ann@example.org>:",
        "Am Di., 3. März 2026 um 14:12 Uhr schrieb Support <support@example.org>:",
        "Am Di., 3. März 2026 um 14:12 Uhr schrieb Support\n<support@example.org>:",
        "Support Team schrieb am 03.03.2026 14:12:",
        "On Tue, Mar 3, 2026 at 2:12 PM Support <support@example.org> wrote:",
        "On 3 March 2026,\nat 14:12, Support Team\n<support@example.org> wrote:",
        "-----Original Message-----\nFrom: Support",
        "-----Ursprüngliche Nachricht-----\nVon: Support",
        "----- Original Message -----",
        "Von: Support <support@example.org>\nGesendet: Dienstag, 3. März 2026 14:12\nAn: Ann\nBetreff: Ihre Anfrage\n",
        "From: Support\nSent: Tuesday, March 3, 2026\nTo: Ann\nSubject: Your request\n",
        "*Von:* Support\n*Datum:* 3. März 2026\n*An:* Ann\n",
        "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##",
        "##- Please type your reply above this line -##",
        "Please reply above this line",
        "---------- Forwarded message ---------\nFrom: Support",
    ],
)
def test_the_history_is_cut_off(opening: str) -> None:
    mail = f"{OWN}\n\n{opening}\n{HISTORY}"
    cut = own_words(mail)
    assert cut.text == OWN
    assert cut.cuts[-1].end == len(mail)
    assert mail[cut.cuts[-1].start :].startswith(opening)


@pytest.mark.parametrize(
    "footer",
    [
        "Von meinem iPhone gesendet",
        "Gesendet von meinem Samsung Galaxy Smartphone.",
        "Von meinem iPad gesendet.",
        "Gesendet von Outlook für iOS",
        "Gesendet mit der GMX Mail App",
        "Gesendet mit der WEB.DE Mail App",
        "Gesendet von Mail für Windows",
        "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.",
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Sent from Yahoo Mail on Android",
        "Get Outlook for iOS",
        "Sent from my Galaxy\nGet Outlook for Android",
    ],
)
@pytest.mark.parametrize("below", ["", "\n\nAm 03.03.2026 um 14:12 schrieb Ann:\n> Hallo"])
def test_what_a_telephone_adds_is_cut_off(footer: str, below: str) -> None:
    cut = own_words(f"{OWN}\n\n{footer}{below}")
    assert cut.text == OWN
    assert "mobile_footer" in {c.reason for c in cut.cuts}


@pytest.mark.parametrize("mark", ["-- ", "--", "-- \r"])
def test_the_signature_is_cut_off(mark: str) -> None:
    cut = own_words(f"{OWN}\n{mark}\nAnn Beispiel\nBeispiel GmbH\nTel. 030 123456")
    assert cut.text == OWN
    assert [c.reason for c in cut.cuts] == ["signature"]


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "Am Montag schrieb ich Ihnen, und niemand antwortete: schwach.",
        "Am 3.3. schrieb ich Ihnen folgendes:\nDas Gerät ist defekt.",
        "On 3 March I wrote:\nthe device is broken.",
        "Von: Hamburg nach Berlin war der Zug voll.\nNie wieder.",
        "From: the moment I ordered, everything went wrong.\nDate: unknown. I am done.",
        "Gesendet wurde das Paket nie.\nIch warte seit Wochen.",
        "I want my money back -- now.\nNo excuses.",
        "Der Betrag ist > 50 € zu hoch.",
        "Mit freundlichen Grüßen\nAnn",
        "",
        "   \n ",
    ],
)
def test_what_the_writer_says_is_left_alone(text: str) -> None:
    assert own_words(text).text == (text if text.strip() else "")


def test_answers_between_quotes_are_kept() -> None:
    mail = (
        "Am 3.3.2026 schrieb Ann:\n> Kam die Ware?\nJa, aber kaputt.\n> Und die Rechnung?\nFalsch."
    )
    # A history that is answered in place begins with the opening line: nothing above it is the writer's.
    assert own_words(mail.partition("\n")[2]).text == "Ja, aber kaputt.\nFalsch."


def test_what_was_forwarded_is_read_if_there_is_nothing_else() -> None:
    opening = "---------- Weitergeleitete Nachricht ---------"
    mail = f"\n{opening}\nVon: Kunde <k@example.org>\nDatum: 3.3.2026\nAn: uns\n\n{OWN}"
    cut = own_words(mail)
    assert cut.text == OWN
    assert [c.reason for c in cut.cuts] == ["forward"]


def test_a_mail_in_html() -> None:
    mail = (
        "<html><head><style>p {color: red}</style></head><body><p>Die App st&uuml;rzt <b>seit</b> gestern&nbsp;ab.</p>"
        '<div>Bitte   helfen\nSie mir.</div><div class="gmail_quote"><div>Am 3.3.2026 schrieb Ann:</div>'
        "<blockquote>Wie k&ouml;nnen wir helfen?</blockquote></div><p>Von meinem iPhone gesendet</p></body></html>"
    )
    cut = own_words(mail)
    assert cut.text == "Die App stürzt seit gestern ab.\n\nBitte helfen Sie mir."
    start = cut.text.index("stürzt")
    assert mail[slice(*cut.place(start, start + 6))] == "st&uuml;rzt"
    start = cut.text.index("seit gestern ab")
    assert mail[slice(*cut.place(start, start + 15))] == "seit</b> gestern&nbsp;ab"
    assert {c.reason for c in cut.cuts} == {"markup", "quote", "mobile_footer"}


_LINES = st.lists(
    st.sampled_from(
        ["Guten Tag", "> ja", "-- ", "", "Am 3.3.2026 schrieb Ann:", "Sent from my iPhone", "übel 😡", "Von: x",
         "Gesendet: 3.3.", "An: y", "--", "text\r", "Weiter: so", "---------- Forwarded message ---------"]
    ) | st.text(max_size=12),
    max_size=14,
)  # fmt: skip


@given(_LINES)
def test_every_character_stands_where_its_place_says(lines: list[str]) -> None:
    mail = "\n".join(lines)
    cut = own_words(mail, html=False)
    assert [mail[a:b] for a, b in zip(cut.starts, cut.ends, strict=True)] == list(cut.text)
    assert list(cut.starts) == sorted(set(cut.starts))
    for part in cut.cuts:
        assert not any(part.start <= place < part.end for place in cut.starts)


@pytest.mark.parametrize(
    "piece",
    ["On 1 ", "am schrieb ", "Von: a\n", "-", "> ", "<b", "&#1", "<!--", "sent from ", ": ", "\n"],
)
def test_hostile_mails_take_no_time(piece: str) -> None:
    mail = piece * (50_000 // len(piece))
    begun = time.process_time()
    own_words(mail, html=False)
    own_words(mail, html=True)
    assert time.process_time() - begun < 5
