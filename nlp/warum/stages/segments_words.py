"""The words that segments are cut at, and those that forbid a cut, in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOTHING = frozenset({"nothing", "none", "no", "nichts", "nix", "nein", "nope"})
"""Words that, leading a comment, are an answer of their own."""

STRESS = frozenset(
    {"absolutely", "honestly", "really", "eigentlich", "gar", "überhaupt", "absolut"}
)
"""Words that may stand in front of these."""


@dataclass(frozen=True, eq=False)
class Words:
    """What the rules know of a language.

    Attributes:
        contrast: Words that begin a new segment wherever they stand.
        after_comma: Words that do so only behind a comma, dash or bracket.
        never_after: Contrast word to the words before it that take its contrast away.
        never_before: Contrast word to the words behind it that do so.
        mid_clause: Words that a contrast word follows inside its clause (verbs, pronouns): the cut
            is then left to the commas.
        pairs: Two-word beginnings of a new segment.
        concessive: Words that begin a clause whose end, at a comma, is a contrast.
        joins: "and", "or".
        no_clause: Words that begin no clause of their own behind a comma.
        relative: Articles that may be relative pronouns.
        not_noun: Words that no noun phrase begins with behind an article: after them it was a
            relative pronoun.
        verbs: Frequent finite verbs.
        modifiers: Intensifiers that may open an enumeration of adjectives.
        subjects: Pronouns and articles that begin a clause behind "nothing".
        abbreviations: Words whose full stop ends no sentence, without it.
    """

    contrast: frozenset[str]
    after_comma: frozenset[str]
    never_after: Mapping[str, frozenset[str]]
    never_before: Mapping[str, frozenset[str]]
    mid_clause: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    concessive: frozenset[str]
    joins: frozenset[str]
    no_clause: frozenset[str]
    relative: frozenset[str]
    not_noun: frozenset[str]
    verbs: frozenset[str]
    modifiers: frozenset[str]
    subjects: frozenset[str]
    abbreviations: frozenset[str]

    @cached_property
    def pair_starts(self) -> frozenset[str]:
        """First words of `pairs`."""
        return frozenset(first for first, _ in self.pairs)

    @cached_property
    def listed(self) -> frozenset[str]:
        """All words that make a token more than a word: those that cut, join or are verbs."""
        return (
            self.contrast
            | self.after_comma
            | self.pair_starts
            | self.joins
            | self.verbs
            | NOTHING
            | STRESS
        )


_DE_VERBS = _set(
    "ist war sind waren bin bist wäre wären hat hatte haben hatten habe hätte wird wurde werden"
    " wurden würde"
    " kann konnte können konnten könnte muss musste müssen mussten will wollte soll sollte darf"
    " durfte mag"
    " geht ging gehen gingen kommt kam kommen kamen gibt gab macht machte machen machten läuft"
    " lief funktioniert"
    " funktionierte klappt klappte schmeckt schmeckte dauert dauerte steht stand findet fand"
    " bekam bekomme"
    " bekommt fehlt fehlte fehlten hilft half passt passte wirkt wirkte bleibt blieb nimmt nahm"
    " sieht sah"
    " antwortet antwortete reagiert reagierte fährt fuhr kostet kostete stimmt stimmte lässt"
    " ließ meldet"
)
_EN_VERBS = _set(
    "is was are were am 's 're isn't wasn't aren't weren't has had have did didn't does doesn't"
    " do don't can could"
    " couldn't can't will would wouldn't won't should took takes take came comes come got gets"
    " get went goes go"
    " made makes make works worked work tasted tastes looked looks felt feels seems seemed needs"
    " need took keeps"
    " kept gave gives said says told arrived helped answered waited paid cost costs lacks lacked"
    " left love loved"
    " like liked hate hated enjoyed explained n't ca wo"
)

GERMAN = Words(
    contrast=_set(
        "aber jedoch allerdings obwohl obgleich trotzdem hingegen dagegen dennoch wohingegen"
        " sondern"
        " nichtsdestotrotz dafür außer ausser"
    ),
    after_comma=_set(
        "doch nur während wobei leider lediglich einzig bloß trotz schade dabei andererseits nur"
    ),
    never_after={
        "aber": _set("zwar nicht nun und oder"),
        "dafür": _set(
            "nichts nix etwas was mich sich uns danke dank geld euro € viel extra alles man kann"
            " können"
            " daher grund gründe preis tage wochen stunden zeit niemand keiner jemand sorge ich"
            " wir sie nicht"
        ),
        "dagegen": _set("nichts nix etwas was habe hat haben bin ist sind"),
        "außer": _set("alles ganz komplett völlig bus zug gerät aufzug automat"),
        "ausser": _set("alles ganz komplett völlig"),
        "nur": _set("nicht"),
    },
    never_before={
        "aber": _set("auch hallo sicher ja"),
        "sondern": _set("auch"),
        "doch": _set("noch bitte mal wohl"),
        "dafür": _set(
            "dass daß , . ! ? zu bezahlt bezahlen gezahlt zahlen zahlt sorgen sorgt gesorgt da"
            " zuständig"
            " verantwortlich ausgegeben gekauft gebraucht ist war gibt und"
        ),
        "außer": _set("betrieb dienst atem haus frage der- sich acht gefecht kraft konkurrenz"),
        "ausser": _set("betrieb dienst"),
        "dabei": _set("sein gewesen war ist haben"),
        "während": _set("der des meiner unserer meines unseres dem den einer eines"),
    },
    mid_clause=_DE_VERBS
    | _set(
        "ich du er sie es wir ihr man das mich mir uns dich dir ihn ihm ihnen sich euch da hier"
        " jetzt dann"
    ),
    pairs=frozenset(
        {
            ("bis", "auf"),
            ("abgesehen", "von"),
            ("im", "gegensatz"),
            ("und", "trotzdem"),
            ("und", "dennoch"),
        }
    ),
    concessive=_set("obwohl obgleich während trotz abgesehen außer ausser wenngleich zwar"),
    joins=_set("und oder sowie u. & +"),
    no_clause=_set(
        "dass daß weil wenn als wie ob um ohne damit sodass da denn falls sobald solange bevor"
        " nachdem bis seit"
        " welche welcher welches welchen was wo wer wodurch womit worüber weshalb warum wieso"
        " wofür und oder"
        " sowie bzw z.b. usw etc insbesondere vor also statt anstatt z.B. besonders sprich nämlich"
    ),
    relative=_set("der die das den dem dessen deren denen"),
    not_noun=_set(
        "mich mir uns ich man wir sie er es ihr sich am im an in auf mit bei zu für nicht hier"
        " da so immer dann"
        " nach von vor aus über unter wegen noch auch schon nur jetzt dort eigentlich leider"
        " gerade mal wirklich ihnen ihn"
    ),
    verbs=_DE_VERBS,
    modifiers=_set(
        "sehr echt super total extrem absolut wirklich so zu recht ganz äußerst immer besonders"
        " mega ziemlich"
    ),
    subjects=_set(
        "alles es sie ihr ich wir er alle das der die war ist sehr super top bin macht weiter"
    ),
    abbreviations=_set(
        "z b d h u a ca bzw etc usw evtl ggf inkl exkl zzgl max min mind nr tel str std sek stk"
        " abt art allg bspw"
        " dr prof fr hr hrn dipl ing geb gest vgl s o sog tägl mtl jährl mo di mi do sa so uhrz"
        " km tsd mio mrd"
        " jan feb mär apr jun jul aug sep sept okt nov dez abs ausg bd betr bez div eigtl entspr"
        " geg gem insb"
        " m w vllt vlt zb dh ua v p st hl"
    ),
)

ENGLISH = Words(
    contrast=_set("but however although though whereas nevertheless nonetheless except albeit"),
    after_comma=_set(
        "yet while only just unfortunately sadly despite still otherwise besides shame pity instead"
    ),
    never_after={
        "but": _set(
            "nothing anything everything all none nobody noone everyone anyone help cannot"
            " no-one anywhere nowhere one"
        ),
        "though": _set("as"),
        "however": _set(""),
        "only": _set("not if the"),
        "still": _set("but"),
    },
    never_before={
        "but": _set("also for rather"),
        "however": _set("many much long often hard small big far"),
        "yet": _set("to again another"),
        "only": _set("if to"),
        "just": _set("like as to in because"),
        "still": _set("to"),
        "while": _set("i we you waiting"),
    },
    mid_clause=frozenset(),
    pairs=frozenset(
        {
            *((first, "from") for first in ("apart", "aside")),
            ("other", "than"),
            ("even", "though"),
            ("even", "if"),
            ("and", "yet"),
            ("in", "spite"),
            ("then", "again"),
        }
    ),
    concessive=_set(
        "although though while whereas despite apart aside except besides albeit other"
    ),
    joins=_set("and or & +"),
    no_clause=_set(
        "which who whom whose that because since when where if as so than to in order until"
        " unless once before after"
        " and or nor especially particularly including such like e.g. i.e. etc. etc for with"
        " without by instead"
        " thus hence namely mostly due at on of from plus not rather sir madam"
    ),
    relative=frozenset(),
    not_noun=frozenset(),
    verbs=_EN_VERBS,
    modifiers=_set(
        "very really so extremely super quite too absolutely always pretty incredibly totally"
        " most more"
    ),
    subjects=_set(
        "it they the you i we she he everything everyone everybody all excellent great very good"
        " perfect amazing"
        " keep your brilliant service was exceptional superb fantastic just this there happy"
    ),
    abbreviations=_set(
        "e g i eg ie etc approx mr mrs ms dr prof st no nos tel ext min mins hr hrs sec vs a p m"
        " jan feb mar apr"
        " jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun inc ltd"
        " co dept est max"
        " av ave rd fig vol pp ca u s k jr sr gen lt"
    ),
)
