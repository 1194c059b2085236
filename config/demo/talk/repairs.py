"""Talk in the Repairs campaign, lately."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "boiler-nine-days",
        "repairs",
        "tom",
        "experience",
        "2h",
        "We got the boiler fixed in nine days. Here is what worked",
        """
Eleven of us signed one letter instead of eleven letters. We named the person who decides, and we
gave a date.

## What we did

* **Day 1, evening.** Door to door. Eleven of fourteen flats signed, and we read the letter aloud
  at each door.
* **Day 2.** Handed it in together, eight people, and asked for a receipt with a *time* on it.
* **Day 4.** Nothing. Kasia rang and asked one question: "Who has our letter on their desk?" She
  got a name.
* **Day 5.** Second letter, half a page, to that name. Copy to the councillor for our ward.
* **Day 9, 15:40.** Heating on, all fourteen flats.
* **Day 10.** Thank-you card to the fitter, signed by all.

## Why I think it worked

One letter means one answer. When each of us wrote alone, each of us was "looked into". And we asked
for something that a person could do with a telephone, by {day:-1}, and not for justice in general.

## What we would change

Ask about Saturdays first. Three people could not come on a weekday morning and would have liked
to. And bring a second copy for the receipt: they kept ours.

The letter is attached, please use it. Put your own winter in it.
""",
        "❤️ leila rosa amina kasia luis hawa jo 💪 marisol andrei oleh lan ana 👍 sunita priya "
        "fatou 🙏 teresa",
        ring="participant",
        files=("letter-template.odt", "answer.pdf"),
        pictures=(
            Picture("boiler", "The boiler in the cellar, its gauge in the green, a list beside it"),
        ),
        says=(
            Say(
                "leila",
                "20m",
                "Who did you name as the person who decides? In my mother’s building they "
                "always send us to the other office.",
                "👀 lan",
            ),
            Reply(
                "tom",
                "5m",
                "The head of housing services, by name and with the telephone number of the "
                "front office. Rosa has a list of who decides what. Ask her for your building.",
                "👍 leila rosa",
            ),
            Say(
                "rosa",
                "15m",
                "We did the same in the south, with two buildings at once and worse "
                "handwriting. @marisol, shall we write it up together? Tannery House could use "
                "it this week.",
                "👍 marisol kwame",
            ),
            Reply(
                "marisol",
                "10m",
                "Yes. Tonight, by telephone, and Tom reads it before anybody else does.",
                "❤️ rosa",
            ),
            Say(
                "amina",
                "8m",
                "“Put your own winter in it.” I have copied this sentence into my notebook.",
                "❤️ tom",
            ),
            Say(
                "ines",
                "12m",
                "Spanish and Portuguese by tomorrow noon. One question: “looked into” is meant "
                "ironically? It is the hardest thing to translate in the whole letter.",
                "🙏 luis teresa",
            ),
            Reply(
                "tom",
                "4m",
                "I did not know that it was ironic until you asked. Yes.",
                "🎉 ines leila",
            ),
            Say(
                "oleh",
                "10m",
                "Roof letter of Bridge Street 9 will look exactly like this one. With a ruler.",
                "💪 andrei tom",
            ),
            Say(
                "priya",
                "5m",
                "May the surgery hang it up in the waiting room? I would ask the doctors first.",
                "👍 jo",
            ),
        ),
    ),
    Topic(
        "empty-office",
        "repairs",
        "jo",
        "debrief",
        "26d 20:40",
        "The Friday we stood in front of an empty office. A hard debrief",
        """
Twenty-two people said yes. Nine came. It rained, the office of Hartwell & Lane was closed for
stocktaking, and we handed our demands to a letterbox. A passer-by asked whether we were queueing
for something.

I held this action, so I begin with myself.

## What I did

I announced it five days before because I was angry about a phone call. I asked "who is in?" in a
chat and counted hands. I did not ring anybody. **I did not check whether they were open.** That
would have been one call.

## What I saw

* Those who came had been asked by a person. Those who stayed at home had seen a message.
* Nobody had a task except me. When I was at the letterbox, eight people were holding an umbrella.
* Nadia had brought two students who had never been to anything. I do not know what they think of
  us now.

## What I felt

Ashamed, and then tempted to write that it was "a good start".

## What I propose

1. No action without a call to the place on the day before. One name beside it.
2. Count only people who have told a person yes, twice.
3. Everybody who comes has something to do.
4. Whoever is angry sleeps one night before announcing.

Please write what *you* saw. Not what I should have done, I have that list.
""",
        "❤️ marisol tom leila grace sunita 🙏 nadia rosa mo miriam 💪 kasia kwame",
        says=(
            Say(
                "nadia",
                "1h",
                "My students asked on the way home whether it is always so wet and so honest. "
                "One of them comes on Saturday. I thought you should know.",
                "❤️ jo marisol grace",
            ),
            Say(
                "tom",
                "2h",
                "I saw nine people who stayed for fifty minutes although there was nothing to "
                "stay for. I did not ring my three either. I thought you would.",
                "🙏 jo",
            ),
            Say(
                "derek",
                "1h",
                "Honestly this is what happens when one person decides everything. Some of us "
                "said it was too early.",
            ),
            Reply(
                "jo",
                "2h",
                "You did say it was too early, Derek, on the Tuesday, and I went past it. "
                "Thank you for saying it then. Next time please use the word “objection”, and "
                "I have to stop.",
                "👍 grace mo marisol",
            ),
            Say(
                "leila",
                "1d 07:40",
                "I saw that I was cold and that I was the only one with a second pair of "
                "gloves. Third proposal is the important one. People freeze when they are "
                "decoration.",
                "👍 kasia tom aisha",
            ),
            Say(
                "emeka",
                "3h",
                "In removals the one who makes the plan never carries on that day. Otherwise "
                "nobody sees the stairs. Maybe one plans and another one holds.",
            ),
            Reply(
                "jo",
                "1h",
                "I take that. For the next one I plan, and somebody else holds. Who would like "
                "to learn it?",
                "👀 aisha",
            ),
            Reply(
                "aisha",
                "3h",
                "I would like to. If you ring me the evening before.",
                "💪 jo tom marisol 🎉 sunita",
            ),
            Say(
                "rosa",
                "5h",
                "All four adopted in the Monday call, no objection. They are in the charter of "
                "this group from today. And Jo: nine people in the rain is also a number.",
                "❤️ jo grace",
            ),
        ),
    ),
    Topic(
        "leaflet-languages",
        "repairs",
        "noor",
        "talk",
        "14d 11:00",
        "leaflet, draft 4: one side, one request, five languages",
        """
draft 3 had four requests and a logo. draft 4 has one request and no logo.

> **cold? wet? we measure it, with you. tuesday 7, alder house.**

needs to say the same in es, fr, vi, ar, and must not get longer, the type is already at 22. i will
not make it smaller, bernadette reads without glasses out of principle.
""",
        "❤️ ines bern 👍 carmen lan fatou leila marisol",
        pictures=(
            Picture(
                "leaflet", "A leaflet in large letters, pinned to a board beside four older drafts"
            ),
        ),
        says=(
            Say(
                "ines",
                "1h",
                "Spanish: *¿Frío? ¿Humedad? Lo medimos contigo. Martes 19 h, Alder House.* Two "
                "letters shorter than the English. I am rather pleased.",
                "🎉 noor carmen",
            ),
            Say(
                "fatou",
                "2h",
                "*Froid ? Humide ? On mesure, avec vous. Mardi 19 h, Alder House.* Keep the "
                "spaces before the question marks, noor, otherwise my teacher rises from her "
                "grave.",
                "🎉 noor ines",
            ),
            Say(
                "lan",
                "3h",
                "*Lạnh? Ẩm mốc? Chúng tôi đo cùng bạn.* The rest the same. My cousin checked it.",
                "🙏 noor",
            ),
            Say(
                "leila",
                "1d 08:00",
                "*بارد؟ رطب؟ نقيسها معك.* And please right-aligned this time.",
                "🙏 noor",
            ),
            Reply(
                "noor",
                "30m",
                "right-aligned, and the arabic now comes first, because it looks best there. "
                "draft 5 goes to print at four.",
                "❤️ leila 🎉 fatou",
            ),
            Say(
                "carmen",
                "2h",
                "En el pliego grande queda sitio abajo. ¿Lo coso en una pancarta con las cinco "
                "lenguas?",
                "❤️ noor marisol ana",
            ),
            Reply("noor", "10m", "carmen. yes.", "🎉 carmen"),
            Say(
                "yusuf",
                "1d 15:00",
                "Two hundred at the kiosk since this morning, ninety gone. You forgot Turkish. "
                "I have told everybody orally.",
                "🙏 noor 👀 elif",
            ),
            Reply("elif", "1h", "*Soğuk mu? Nemli mi? Birlikte ölçelim.* Draft 6?", "❤️ noor yusuf"),
            Reply("noor", "20m", "draft 6.", "🎉 elif yusuf ines"),
        ),
    ),
    Topic(
        "report-how",
        "repairs",
        "teresa",
        "question",
        "7d 21:00",
        "Is a telephone call a report? They say they have no record of mine",
        """
I rang three times about the window in the children’s room. Now they say that there is nothing in
the system, and that the time only begins with a report.

*(Gracias a Inés por la traducción.)*
""",
        "👀 aisha hawa",
        answer=0,
        says=(
            Say(
                "miriam",
                "1h",
                "This is information, not advice.\n\n"
                "1. A call is a report. The difficulty is to prove it.\n"
                "2. Your telephone’s call list is evidence. Take a photo of it today, before "
                "it is overwritten.\n"
                "3. Now write two sentences: *“I reported this on the following dates by "
                "telephone. I report it again.”* Keep a copy.\n"
                "4. The time runs from the first call, if you can show it.",
                "🙏 teresa 👍 jo zainab priya 💪 tom",
            ),
            Reply(
                "teresa",
                "40m",
                "Las tres llamadas están ahí: 8, 15 y 29. Mañana la llevo escrita. Gracias, "
                "gracias.",
                "❤️ miriam ines",
            ),
            Say(
                "zainab",
                "2h",
                "I made a form out of this, with empty lines for the dates. Half a page, in "
                "the files of the pinned topic.",
                "👍 miriam jo kasia",
            ),
            Say(
                "mateo",
                "1d 08:40",
                "Y si hay que entregarla en mano, la llevo yo en bici y pido el sello.",
                "❤️ teresa",
            ),
        ),
    ),
]
