"""Whole comments that say "no answer", "nothing", "everything" or "all good", as patterns.

They match words in lower case with one space between them and no punctuation, see `nonanswer`.
"""

from __future__ import annotations

import re

NON_ANSWER = re.compile(
    r"(?:did not|didn t|do not|don t|does not) (?:answer|want to answer|wish to answer|know"
    r"|apply)|not answered|unanswered"
    r"|no (?:answer|response|reply|comments?|comment given|data|entry|input|opinion)|without"
    r" comment"
    r"|prefer not to (?:say|answer)|declined?(?: to answer)?|skip(?:ped)?|not (?:applicable"
    r"|available|specified|stated|given)"
    r"|n a|na|n v|nan|null|missing|blank|empty|test|dk|idk|i don t know|dont know|not sure|no idea"
    r"|keine (?:angaben?|antwort|meinung|aussage|ahnung|kommentare?)|ohne (?:angaben?|kommentar"
    r"|antwort)|kein (?:kommentar|text)"
    r"|k a|ka|o a|nicht (?:beantwortet|zutreffend|ausgefüllt|angegeben)|trifft nicht zu|entfällt"
    r"|leer|weiß (?:ich )?nicht"
    r"|weiss (?:ich )?nicht|nicht bekannt|unbekannt|no text|no comment provided|x+|[a-zäöü]"
)
EMOTICON = re.compile(r"[:;=8xX][-o'^]?[)(\]\[DPp/|\\*3]|<3|\^\^|[)(][-']?[:;=]|-_-|\._\.")

_ADVERB = (
    r"(?:absolutely|honestly|actually|really|literally|currently|at the moment|for now|so far"
    r"|basically|i would say|in my (?:case|view|opinion)|on this occasion|for me|to be honest"
    r"|sorry|well|gar|überhaupt|eigentlich|absolut|ehrlich gesagt|im moment|momentan|derzeit"
    r"|aktuell|sonst|bisher|erstmal|leider|wirklich|also|da|mir|für mich)"
)
_NOTHING_WORD = (
    r"(?:nothing|nothin|nuthing|nothink|nowt|nada|nil|none|no|nope|nah|nay|not a thing|not one"
    r" thing|naught|nichts|nix|nichs|nichtz|nüscht|garnichts|nischt|nein|nö|nee|ne|keine?s?)"
)
_TAIL = (
    r"(?: (?:at all|really|whatsoever|much|else|more|special|specific|in particular|particular"
    r"|particularly|obvious|major"
    r"|(?:really )?comes to mind|springs to mind|(?:that )?i (?:can|could) think of|i can t"
    r" think of anything|as such"
    r"|to (?:add|say|report|mention|note)|to be honest|so far|for me|in my (?:case|opinion|view)"
    r"|as far as i m concerned"
    r"|at (?:the|this) (?:moment|time|minute|point)|right now|now|on this occasion|of note|i m"
    r" afraid"
    r"|weiter\w*|mehr|besonderes|bestimmtes|spezielles|konkretes|dergleichen|anderes"
    r"|hinzuzufügen|zu (?:sagen|ergänzen|berichten|erwähnen)"
    r"|eingefallen|ein|im moment|momentan|derzeit|aktuell|bisher|so|spontan|leider|gar nichts"
    r"|wirklich|einfallen|danke|thanks|thank you|sorry))*"
)
NOTHING = re.compile(
    rf"(?:{_ADVERB} )*{_NOTHING_WORD}(?: {_NOTHING_WORD})?{_TAIL}(?: {_ADVERB})?"
    r"|(?:i )?(?:can t|cannot|can not|couldn t|could not) (?:really )?think of (?:anything|any|a"
    r" thing)(?: (?:else|really|at the moment|right now|specific))*"
    r"|(?:nothing|not) that i can think of|not really|not much|not a lot|very little|(?:there s"
    r"|there is|there was|theres) (?:absolutely |really )?nothing"
    r"|(?:mir )?f(?:ä|ae)llt (?:mir )?(?:gerade |jetzt |spontan |da )?nichts (?:besonderes )?ein"
    r"|(?:ich )?w(?:ü|u)sste nichts|(?:da )?gibt es nichts|gab es nichts"
    r"|(?:no|keine) (?:suggestions?|ideas?|vorschläge|ideen|anregungen|wünsche|further"
    r" comments?)(?: at the moment| derzeit)?"
)
_FINE_WORD = (
    r"(?:good|fine|great|ok|okay|o k|perfect|excellent|well|super|brilliant|satisfactory|amazing"
    r"|fantastic|lovely|wonderful|awesome|gut|gute|top|bestens|prima|perfekt|in ordnung|i o"
    r"|klasse|toll|wunderbar|bene|spitze|paletti|schick|roger|hervorragend|ausgezeichnet"
    r"|zufriedenstellend|fein|tip ?top|wie immer|richtig|easy)"
)
_VERY = (
    r"(?:very|really|absolutely|just|so|pretty|always|sehr|echt|total|absolut|wirklich|immer"
    r"|soweit|bisher|einfach|wie immer|bei mir|mega|war|ist|lief|was|is|went)"
)
FINE = re.compile(
    rf"(?:it (?:was|is|s) )?(?:all|everything|everythings|alles|alls|allet)(?: {_VERY})*"
    rf" {_FINE_WORD}(?: {_FINE_WORD})?(?: (?:thanks|thank you|danke|so|so far|soweit|bisher|as"
    rf" it is|gewesen|as always))*"
    rf"|(?:es )?(?:war|ist|lief) (?:{_VERY} )*alles (?:{_VERY} )*{_FINE_WORD}|(?:es )?(?:hat"
    rf" )?(?:alles )?(?:passt|gepasst)(?: (?:alles|so|schon|soweit|super|perfekt|für mich))*"
    rf"|alles (?:hat )?(?:ge)?passte?|alles hat (?:gut |super )?(?:geklappt|gepasst)"
    r"|(?:bin |i m |i am )?(?:rundum |voll |very |completely |fully |sehr )?(?:zufrieden"
    r"|satisfied|happy)(?: (?:mit allem|with everything))?"
    r"|(?:i have |i had |have |had |ich habe |habe )?(?:no|keine|keinerlei) (?:complaints?"
    r"|problems?|issues?|faults?|concerns?|beschwerden?|probleme?|kritik|beanstandungen?|mängel"
    r"|einwände|klagen|beschwerdepunkte)(?: (?:at all|whatsoever|so far|bisher))*"
    r"|(?:nothing|nichts|nix|gibt nichts|es gibt nichts|habe nichts|hatte nichts|there is"
    r" nothing|there s nothing)(?: (?:needs?|needed|could|can|really|much|that|you|they|we|to|be"
    r"|been|have|has|really|zu|had|was|groß))* (?:improve|improved|improvement|improvements"
    r"|improving|better|bettered|changed?|fixing|complain about|complain|fault|wrong|auszusetzen"
    r"|verbessern|bemängeln|beanstanden|kritisieren|meckern|beklagen|ändern|done better|do"
    r" better|done any better)"
    r"|(?:man |ich |wir |sie |ihr |da |ihr könnt |es )?(?:kann|könnt|können|konnte|könnte|muss"
    r"|müsst|braucht) (?:man |ich |sie |ihr |da |sich |es )?(?:gar |eigentlich |wirklich"
    r" )?(?:nichts|nix|nicht) (?:zu )?(?:besser machen|verbessern|verbessert werden|aussetzen"
    r"|meckern|beanstanden|ändern|bemängeln|besser|besser sein)"
    r"|(?:it |they |you |i )?(?:couldn t|could not|couldnt|can t|cannot|can not|cant) (?:have )?"
    r"(?:(?:be|been|do|done|ask for|asked for|get|got|wish for)(?: (?:it|any|anything))*"
    r" (?:better|more|improved|happier|faulted)(?: at all)?|faulte?d? (?:it|them|anything)"
    r"(?: at all)?|complain)"
    r"|(?:no|keine?) (?:improvements?|changes?|verbesserungen?|verbesserungsvorschläge"
    r"|verbesserung|änderungen?)(?: (?:needed|necessary|required|nötig|notwendig|erforderlich))*"
    r"|weiter so|keep it up|keep up the good work"
)
THANKS = re.compile(
    r"(?:many |vielen |herzlichen |besten )?(?:thanks?|thank you|danke|dank)(?: (?:you|schön"
    r"|sehr|so much|a lot|very much|ihnen|euch))*|lg|mfg"
)

EVERYTHING = re.compile(
    r"(?:just |simply |really |absolutely |eigentlich |einfach )*(?:everything|all|all of it"
    r"|alles|allles|alls)(?: (?:really|basically|eigentlich))?"
)
