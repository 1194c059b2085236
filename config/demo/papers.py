"""The files that hang on topics of the demo community: small, and worth opening."""

import io
import zipfile
from xml.sax.saxutils import escape

PAPERS = {
    "letter-template.odt": """
To [the name of the person who decides], [office], [address]

[Date]

The heating in [street, numbers]

Dear [name],

we, the undersigned tenants of [street, numbers], have been without reliable heating since [date].
We have each reported this. The reports are listed on the second page, with their dates.

We ask you to have the heating repaired by [date, nine days from today], and to tell us by
[date, three days from today] who is in charge of this and how that person can be reached.

One answer to all of us is enough. Please send it to [name, address].

This letter was handed in by hand. Please confirm the receipt with date and time.

Signed: [names, one line each]
""",
    "answer.pdf": """
Housing services, front office

Your letter about the heating in Mill Street 10 to 18

Thank you for your letter, received at 10:12. An order for the repair of the boiler has been given
to the contractor today. You will be told the date of the visit by telephone.

For questions: front office, weekdays from nine to four.
""",
    "our-three-minutes.pdf": """
Three minutes for item 7

One. The lift in Tannery House has been out of order for twenty-four days. It was last inspected
fourteen months ago. The law says six.

Two. Last winter our letters about heating went to eleven different people. Four of them no longer
worked there.

Three. We ask the committee for three things: one address for repairs, an answer within ten days,
and a public list of what is open.

We will sit here again in six weeks.
""",
    "answer-estates.pdf": """
Estates department

Your question about lifts

Lift availability is monitored centrally. The department is committed to a high standard of
service. Contractors are reminded of their duties at regular intervals.
""",
    "roof-measurements.pdf": """
Bridge Street 9, roof, river side

Tear in the felt: 11.2 metres, 3 to 9 centimetres wide.
Standing water: two places, 0.8 and 1.4 square metres.
Gutter: blocked over 2 metres, bracket missing at the third joint.

Measured by O. Shevchuk from the ladder board. Photos 1 to 4 with ruler.
""",
    "survey-script-en.pdf": """
Damp survey: what we say at the door

Good evening. We are [name] and [name] from the tenants' union. We are counting damp in three
hundred homes, so that there is one letter for each building and not one for each flat. Is this a
good moment?

If not: Thank you, and have a good evening.

Where is it worst? Would you show us?
(Measure at ankle, hip and above your head. Write the number.)

Does anybody wake up coughing at night?

What should we have asked?

Thank you. In four weeks there is a letter for the whole building. This is the card.
""",
    "survey-script-es.pdf": """
Recuento de humedades: lo que decimos en la puerta

Buenas tardes. Somos [nombre] y [nombre], del sindicato de inquilinas. Estamos contando la humedad
en trescientas casas, para que haya una carta por edificio y no una por piso. ¿Es buen momento?

Si no lo es: Gracias, y buenas tardes.

¿Dónde está peor? ¿Moja, mancha o huele?
(Medimos a la altura del tobillo, de la cadera y por encima de la cabeza. Anotamos el número.)

¿Alguien se despierta tosiendo por la noche?

¿Qué tendríamos que haber preguntado?

Gracias. En cuatro semanas hay una carta para todo el edificio. Esta es la tarjeta.
""",
    "frase-para-el-telefono.pdf": """
Junto al teléfono

«Gracias, lo estoy mirando. ¿Me lo puede poner por escrito?»

Y después se cuelga. Con educación, pero se cuelga.

In English: “Thank you, I am looking into it. Could you put that in writing, please?”
""",
    "roster-survey-days.csv": """
what,first Saturday,second Saturday,third Saturday
driver,Omar,Omar,Omar
French and Spanish,Fatou,,Fatou
soup,Kasia,Kasia,
box of meters,Lan,Dev,Dev
first aid,,Dev,Valentina
list at the door,Hector,,Hector
""",
}


def paper(name: str) -> bytes:
    """The file of that name, in the format that its ending says."""
    text = PAPERS[name].strip()
    paragraphs = [" ".join(lines.split("\n")) for lines in text.split("\n\n")]
    if name.endswith(".csv"):
        return (text + "\n").encode()
    return _odt(paragraphs) if name.endswith(".odt") else _pdf(text)


def _odt(paragraphs: list[str]) -> bytes:
    body = "".join(f"<text:p>{escape(words)}</text:p><text:p/>" for words in paragraphs)
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:text="{names}:text:1.0" office:version="1.3">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _pdf(text: str) -> bytes:
    """One page of A4 in Helvetica, every line of the text a line."""
    lines = []
    for line in text.split("\n"):
        letters = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        lines.append(f"({letters}) Tj T*")
    page = "BT /F1 11 Tf 15 TL 60 770 Td\n" + "\n".join(lines) + "\nET"
    stream = page.encode("cp1252", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    end = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        end,
    )
