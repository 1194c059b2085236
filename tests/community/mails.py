"""Answers as mail programs write them: (name, body, what of it is somebody's own)."""

from __future__ import annotations

ABOVE = "— Write your answer above this line —"

BODIES: list[tuple[str, str, str]] = [
    (
        "a telephone that quotes below",
        (
            "Yes, I bring the ladder.\n\nSent from my iPhone\n\n"
            "> On 3 Nov 2026, at 10:00, Tom Weber via Riverside <site@example.org> wrote:\n"
            f"> \n> {ABOVE}\n> \n> Tom wrote in The boiler:\n> Who has a ladder?\n"
        ),
        "Yes, I bring the ladder.",
    ),
    (
        "a web mail with its line over the quotation",
        (
            "I can come at six.\n\nOn Tue, Nov 3, 2026 at 10:00 AM Tom Weber · Riverside "
            f"<site@example.org> wrote:\n\n> {ABOVE}\n>\n> Who comes?\n"
        ),
        "I can come at six.",
    ),
    (
        "a line over the quotation broken in two",
        (
            "Six is fine.\n\nOn Tue, Nov 3, 2026 at 10:00 AM Tom Weber · Riverside Tenants’ Union\n"
            "<site@example.org> wrote:\n\n> Who comes?\n"
        ),
        "Six is fine.",
    ),
    (
        "an office program with a block of headers",
        (
            "Agreed.\n\nBen\n\n________________________________\nFrom: Tom Weber · Riverside "
            "<site@example.org>\nSent: Tuesday, 3 November 2026 10:00\nTo: Ben <ben@example.org>\n"
            f"Subject: The boiler\n\n{ABOVE}\n\nWho comes?\n"
        ),
        "Agreed.\n\nBen",
    ),
    (
        "the same without its line",
        "Agreed.\n\nFrom: Tom <site@example.org>\nSent: Tuesday\nSubject: x\n\nWho comes?",
        "Agreed.",
    ),
    (
        "in Spanish",
        (
            "Yo llevo la escalera.\n\nEnviado desde mi iPhone\n\n"
            "El mar, 3 nov 2026 a las 10:00, Tom Weber (<site@example.org>) escribió:\n\n"
            "> — Escribe tu respuesta encima de esta línea —\n> ¿Quién viene?\n"
        ),
        "Yo llevo la escalera.",
    ),
    (
        "in Spanish, from an office program",
        "De acuerdo.\n\nDe: Tom <site@example.org>\nEnviado el: martes\nPara: Ana\n\n¿Vienes?",
        "De acuerdo.",
    ),
    (
        "in German",
        "Ja, gern.\n\nAm 03.11.26 um 10:00 schrieb Tom Weber:\n> Wer kommt?\n",
        "Ja, gern.",
    ),
    (
        "in French",
        "D'accord.\n\nLe mar. 3 nov. 2026 à 10:00, Tom <site@example.org> a écrit :\n> Qui vient ?",
        "D'accord.",
    ),
    (
        "answered between the lines",
        "On 3 Nov 2026 Tom wrote:\n> Who brings the ladder?\nI do.\n> And the paint?\nMaria.\n",
        "I do.\n> And the paint?\nMaria.",
    ),
    (
        "answered below",
        "> Who brings the ladder?\n\nI do.\n",
        "I do.",
    ),
    (
        "a signature",
        "I do.\n\n-- \nBen Castillo\nFlat 4\n+44 20 1234\n",
        "I do.",
    ),
    (
        "a signature over the quotation",
        "I do.\n\n--\nBen\n\n> Who?\n",
        "I do.",
    ),
    (
        "an original message",
        "Fine.\n\n-----Original Message-----\nFrom: Tom\nSent: today\n\nWho?",
        "Fine.",
    ),
    (
        "two dashes that are no signature",
        "First -- the ladder. Then:\n\n* paint\n* brushes",
        "First -- the ladder. Then:\n\n* paint\n* brushes",
    ),
    (
        "a sentence that begins like a line over a quotation",
        "On Tuesday the boiler broke again, as Tom wrote.\n\nWhat do we do?",
        "On Tuesday the boiler broke again, as Tom wrote.\n\nWhat do we do?",
    ),
    (
        "a word From at the start of a line",
        "From: the station it is five minutes.\nSee you there.",
        "From: the station it is five minutes.\nSee you there.",
    ),
    ("lines of Windows", "One.\r\n\r\nTwo.\r\n\r\n> Old\r\n", "One.\n\nTwo."),
    ("nothing of one's own", f"> {ABOVE}\n> Who?\n", ""),
    ("only a phone's line", "Sent from my iPhone", ""),
    ("nothing", "", ""),
]

HTML = """<html><head><style>p{color:red}</style><title>x</title></head><body dir="auto">
<div>I bring <b>the ladder</b> &amp; paint.</div><div><br></div><div>Ben</div>
<script>alert(1)</script>
<blockquote type="cite"><div>On 3 Nov Tom wrote:</div><p>Who?</p></blockquote></body></html>"""
