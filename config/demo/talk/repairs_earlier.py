"""Talk in the Repairs campaign, in the weeks before."""

from config.demo.shapes import Reply, Say, Topic

TOPICS = [
    Topic(
        "eleven-people",
        "repairs",
        "kwame",
        "question",
        "50d 19:30",
        "Who is responsible for the lifts: the company, the council or the insurer?",
        """
I have asked all three and each of them named one of the others. As somebody who repairs lifts I can
tell you that there is always exactly one signature on the contract. Whose?
""",
        "👀 ruth rosa grace",
        answer=1,
        says=(
            Say(
                "ruth",
                "1h",
                "I have been sent in this circle since June. It is the only exercise I get.",
            ),
            Say(
                "rosa",
                "1d 20:00",
                "Found. The maintenance contract for all eleven buildings is signed by the "
                "council’s **estates department**, not by housing services. Renewed two years "
                "ago, page 31 of the committee papers. The company only collects the rent. So "
                "the letter goes to the head of estates.",
                "💪 kwame ruth grace 👍 jo tom",
            ),
            Reply("kwame", "1h", "Page 31. Who reads as far as page 31?"),
            Reply(
                "rosa",
                "10m",
                "I do. On the bus. It is how I fall in love with this town again.",
                "❤️ grace kwame marisol",
            ),
        ),
    ),
    Topic(
        "campaign-begins",
        "repairs",
        "marisol",
        "talk",
        "54d 20:00",
        "What this campaign is about, in five sentences",
        """
Winter begins in about eight weeks, and in our eleven buildings there are at least forty repairs
that were promised and never done.

We want each of them to have **a name, a date and an answer**.

The people who can decide this are the head of housing services and, for the lifts and roofs, the
head of estates. They can be reached by letter, in committee, and by our being many at the same
time.

We begin with what we can count ourselves: damp, heating, lifts.

And we do it in such a way that at the end there are more people who know how to do it than at the
beginning.
""",
        "❤️ jo rosa tom leila grace sunita 💪 kwame ana luis kasia carmen 👍 oleh bern",
        ring="follower",
        says=(
            Say("leila", "1h", "Sentence five is the one that I am in for."),
            Say("luis", "2h", "Yo puedo tocar puertas los lunes. ¿Quién viene?", "💪 mateo"),
            Reply("mateo", "30m", "Yo. Llevo timbre propio.", "🎉 luis"),
            Say(
                "bern",
                "1d 10:00",
                "Do count the roofs. Everybody forgets the roofs because nobody goes up.",
            ),
            Reply("oleh", "2h", "I go up.", "👍 bern"),
        ),
    ),
    Topic(
        "meters-arrived",
        "repairs",
        "andrei",
        "talk",
        "35d 19:10",
        "Eight moisture meters have arrived. Training on {next:sat}",
        """
Paid for by the cake sale of June and her friends on the hill: 212, which is eight meters and a box
of batteries.

Training: ten o’clock, hall, one hour. I bring three pieces of wall. One is dry, one is wet, and one
is wet *behind* the paint, and that is the one you have to learn.
""",
        "🎉 kasia aisha emeka lan ❤️ june marisol 💪 nacho",
        says=(
            Say(
                "june",
                "2h",
                "It was four cakes and one auction of a fifth. I am glad they turned into "
                "something that beeps.",
                "❤️ andrei marisol",
            ),
            Say("aisha", "1d 12:00", "You carry pieces of wall around with you?"),
            Reply("andrei", "1h", "You do not?", "🎉 aisha leila emeka"),
            Say(
                "lan",
                "5d 13:00",
                "I held the third piece and said dry. Now I will never trust paint again.",
                "🎉 andrei",
            ),
        ),
    ),
    Topic(
        "survey-first-debrief",
        "repairs",
        "lan",
        "debrief",
        "15d 17:30",
        "First survey day: what two beginners learned on nine stairs",
        """
Nacho and I, Wharf Court, five homes in two hours.

**Good.** The script is short enough to forget that it is a script. The ruler in the photo makes
people laugh, and then they show you more.

**Difficult.** In the third home a man wanted to know what *we* would do if he lost the flat because
of us. We did not know what to say. We stayed and were quiet, and then he measured himself.

**Missing.** A card in Dari. A pencil that writes on damp paper. Somebody to speak with afterwards,
because we both went home and could not eat.

Maybe we could end each survey day together, for half an hour, with soup?
""",
        "❤️ andrei marisol priya sunita 🙏 jo kasia nacho grace",
        says=(
            Say(
                "kasia",
                "1h",
                "Soup from next Saturday on, at mine. I have chairs for twelve.",
                "❤️ lan nacho andrei",
            ),
            Say(
                "grace",
                "2h",
                "About the man in the third home: you did the right thing. One may also say “I "
                "do not know, and I will ask somebody who does, and come back on Thursday.” "
                "And then come back on Thursday.",
                "👍 jo marisol 🙏 lan",
            ),
            Say(
                "nacho",
                "1d 20:00",
                "Volvimos el jueves. Nos esperaba con café y con dos vecinos.",
                "❤️ lan grace marisol andrei 💪 ana",
            ),
            Say("nadia", "3h", "Dari card is done, thirty copies."),
        ),
    ),
    Topic(
        "names-on-list",
        "repairs",
        "derek",
        "talk",
        "27d 22:10",
        "Time to publish who has not signed",
        """
We keep pretending everyone is on board. In my building there are four people who take the benefit
and sign nothing. I think their flats should be on the noticeboard so that everybody can see.
""",
        "",
        closed=True,
        says=(
            Say(
                "kasia",
                "30m",
                "No. One of those four may be the woman who cleans for the company. She would "
                "lose her hours on Monday.",
                "👍 leila sunita viktor hawa",
            ),
            Say("bern", "1h", "We did that in 1983. I still pass her door.", "❤️ marisol grace"),
            Say(
                "miriam",
                "8h",
                "There is also a plain legal point: whether somebody belongs to a union or "
                "signs its letter is protected information. Publishing it would be unlawful, "
                "and we would be the ones who pay.",
                "👍 jo mo zainab",
            ),
            Say(
                "mo",
                "1h",
                "I have closed this topic. The proposal goes against point 1 of how we are "
                "with each other, and nobody has to argue about it any further. Derek, I rang "
                "you at six and would like to talk before Thursday.",
                "🙏 kasia marisol rosa",
            ),
        ),
    ),
    Topic(
        "who-drives",
        "repairs",
        "elif",
        "talk",
        "29d 12:00",
        "Roster for survey days: drivers, interpreters, soup, box of meters",
        """
I make rosters for forty people at work, this one is easier. Four columns, three Saturdays, first
name only. Empty fields are marked, so you can see what is missing and not who is missing.

If you take a field you tell me, and if you cannot come you tell me as well. No reason needed. I
only need to know it by Thursday.
""",
        "👍 jo tom kasia andrei 🙏 rosa",
        files=("roster-survey-days.csv",),
        says=(
            Say("omar", "1h", "Driver on all three."),
            Say("fatou", "3h", "Interpreting on the first and third, French and Spanish."),
            Say(
                "tom",
                "2h",
                "“What is missing and not who is missing.” I will steal that.",
                "❤️ elif",
            ),
            Say(
                "dev",
                "1d 06:31",
                "Meters back to Kasia on the third, I pass there at seven anyway.",
                "👍 kasia elif",
            ),
        ),
    ),
    Topic(
        "repairs-unanswered",
        "repairs",
        "priya",
        "question",
        "20h",
        "May a doctor’s letter name the damp as the cause?",
        """
Two families asked me at the desk this week. The doctors are willing, but they do not know which
words help and which words only frighten people.

Has anybody seen a letter that worked?
""",
        "👀 miriam andrei",
    ),
    Topic(
        "estates-answer",
        "repairs",
        "rosa",
        "talk",
        "39d 18:00",
        "Estates have answered. One sentence of it is useful",
        """
Two pages. I read it three times so that you need not.

The useful sentence: *“Lift availability is monitored centrally.”* So there is a table. Zainab has
asked for it under freedom of information, and they have twenty working days.

The rest is weather.
""",
        "🎉 kwame zainab 👍 jo ruth grace",
        files=("answer-estates.pdf",),
        says=(
            Say(
                "zainab",
                "1h",
                "Sent at 18:40. Twenty working days end on {date:+28}. It is in the calendar "
                "and on my fridge.",
            ),
            Say(
                "ruth",
                "1d 09:15",
                "I have my own table. It will be interesting to lay them beside each other.",
                "👀 kwame rosa 💪 grace",
            ),
            Say(
                "kwame",
                "4h",
                "“Availability” counts a lift that moves between two floors as available, by "
                "the way. Ask for *entrapments*.",
            ),
            Reply(
                "zainab",
                "30m",
                "Second request sent. Thank you, that would have cost us a month.",
                "👍 kwame",
            ),
        ),
    ),
    Topic(
        "core-plan-december",
        "repairs",
        "jo",
        "talk",
        "3d 20:30",
        "Plan until the committee meets again (draft, core team)",
        """
| by | what | who |
|---|---|---|
| {date:+4} | 100 homes visited | Andrei, Tom |
| {date:+9} | roof letter, Bridge Street 9 | Oleh, Miriam |
| {date:+12} | table of lift outages, theirs and ours | Zainab, Ruth |
| {date:+18} | 150 homes: first result to all groups, before anybody else hears it | Andrei, Bea |
| {date:+25} | groups discuss what we ask for | all stewards |
| {date:+32} | committee: 60 people in the gallery, told yes twice | Aisha holds, I plan |

**My doubt:** between the second and the fourth line there are nine evenings, and I see Andrei’s
name on six of them.
""",
        "👍 rosa tom marisol",
        ring="core",
        says=(
            Say(
                "andrei",
                "1h",
                "Nine evenings is too much, yes. I did not want to say it. My daughter has her "
                "exams.",
            ),
            Reply(
                "leila",
                "20m",
                "Training and meters go to Lan and Nacho, they are better at it than they "
                "think. You keep the numbers.",
                "👍 jo rosa 🙏 andrei",
            ),
            Say(
                "noor",
                "2h",
                "i can do the result as one page, if i get the numbers two days before and not "
                "two hours.",
                "👍 andrei",
            ),
            Say(
                "kwame",
                "1d 08:00",
                "Sixty people need a room to meet in before. Laundry café holds forty-five.",
            ),
            Reply(
                "marisol",
                "1h",
                "Half of them in the hall, half in the café, and we meet on the bridge. I "
                "would like that picture anyway.",
                "❤️ rosa tom noor",
            ),
        ),
    ),
    Topic(
        "thank-drivers",
        "repairs",
        "sunita",
        "talk",
        "12d 09:00",
        "Thank you, Omar",
        """
Since the beginning of September Omar has driven forty-three people home after our meetings. I know
because I counted, he did not.

Last night it was after eleven and he waited until the light went on in each window.
""",
        "❤️ marisol jo tom leila hawa kasia rosa grace lan amina 🙏 shirley ruth dev 💪 emeka",
        says=(
            Say("omar", "2h", "They are on my way.", "🎉 dev"),
            Reply(
                "dev",
                "30m",
                "Hill is not on your way to the harbour. I have a map.",
                "🎉 sunita leila omar ❤️ marisol",
            ),
            Say("hawa", "3h", "The light. I did not know that you waited for it.", "❤️ omar"),
        ),
    ),
]
