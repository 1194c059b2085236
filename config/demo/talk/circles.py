"""Talk in the rent register, the night shift and the childcare circle."""

from config.demo.shapes import Reply, Say, Topic

TOPICS = [
    Topic(
        "what-we-keep",
        "register",
        "bea",
        "talk",
        "48d 19:00",
        "What we keep, what we never keep, and who can see it",
        """
## We keep

Building, number of rooms, rent, the increase and its date, since when somebody has lived there (as
one of four ranges), and whether we may use it in a sum.

## We never keep

Name, flat, floor, telephone, income, papers, language. If somebody writes one of these into the
remarks, we delete it on the same evening.

## Who sees what

* Everybody in this group: sums of five homes and more.
* Felix and I: single rows. We both have to sign in, and each look is written down.
* Anybody whose row it is may have it taken out, without a reason. They have a slip with a word on
  it; whoever knows the word may delete the row.

## When it ends

On 30 June the single rows are deleted. The sums stay.
""",
        "👍 miriam felix jo zainab 🙏 daniel lan ana",
        pinned=True,
        says=(
            Say(
                "miriam",
                "1h",
                "This is the first data protection notice in forty years that I have "
                "understood at once. I have two small points, by telephone.",
                "❤️ bea",
            ),
            Say("lan", "1d 12:00", "The slip with the word is good. Bernadette chose “gin”."),
            Reply(
                "bea",
                "2h",
                "Then I now know whose row that is, and you are hereby the first entry in the "
                "list of things that we do not write down.",
                "🎉 lan felix jo",
            ),
        ),
    ),
    Topic(
        "register-140",
        "register",
        "felix",
        "talk",
        "5d 21:00",
        "140 homes. First sums, for this group only",
        """
| | homes | median rent per room | median increase |
|---|---|---|---|
| North bank | 61 | 312 | 9.4 % |
| South bank | 52 | 298 | 9.4 % |
| Old Town | 18 | 341 | 6.0 % |
| Harbour | 9 | 305 | 7.2 % |

Two people please check each figure before the weekend. I computed them, so I am not one of the two.

What strikes me: the increase is the same to the decimal in two parts of town with quite different
rents. That is not a market. That is a spreadsheet.
""",
        "👀 bea zainab nadia 👍 miriam daniel",
        says=(
            Say(
                "elif",
                "1h",
                "North checked, row by row. One home was in twice, so 60, the median stays.",
            ),
            Say(
                "daniel",
                "10h",
                "South checked. Correct. I would say “per room and month”, otherwise somebody "
                "divides it by four.",
            ),
            Reply("felix", "20m", "Both corrected. Thank you."),
            Say("zainab", "1d 17:00", "“That is a spreadsheet” should be in the report."),
            Reply(
                "bea",
                "1h",
                "In the report: “identical to one decimal place”. The spreadsheet they can "
                "think of themselves.",
                "🎉 zainab miriam felix",
            ),
        ),
    ),
    Topic(
        "register-how-ask",
        "register",
        "nadia",
        "experience",
        "17d 19:40",
        "How to ask somebody for their rent without them feeling poor",
        """
I have now done twenty-six of these conversations, most of them in Dari. What helps:

* I say my own rent first. Always.
* I do not ask "how much *can* you pay".
* I ask for the letter and not for the number. Reading aloud from a letter is easier than saying it.
* If somebody rounds down, I write down what they say. The letter can be had later.
* At the end I ask: "What should I have asked?" Half of what we know comes from there.
""",
        "❤️ bea ana lan 👍 jo zainab elif",
        says=(
            Say(
                "ana",
                "2h",
                "Lo de decir primero lo mío cambió todo. Llevaba semanas preguntando como una "
                "funcionaria.",
                "❤️ nadia",
            ),
            Say(
                "kofi",
                "1d 18:00",
                "With the young ones: “what would you do with the difference?” Then they run "
                "and fetch the letter themselves.",
            ),
        ),
    ),
    Topic(
        "register-fewer-five",
        "register",
        "kofi",
        "question",
        "26d 18:20",
        "Wharf Court block C has four homes in the table. May I use them?",
        """
For the meeting on Thursday. I know the rule about five, and all four have said that they do not
mind.
""",
        answer=0,
        says=(
            Say(
                "bea",
                "1h",
                "Not alone, even then: the next four might mind. Together with block B it is "
                "eleven, then yes: “blocks B and C”. Or you find a fifth, which would be nicer.",
                "👍 miriam felix",
            ),
            Say(
                "kofi",
                "3d 20:00",
                "Found a fifth. And a sixth, who came along with the fifth.",
                "🎉 bea nadia",
            ),
        ),
    ),
    Topic(
        "night-decisions",
        "nights",
        "dev",
        "talk",
        "4d 06:30",
        "How do we vote if we are never in the hall? Open for two nights",
        """
Proposal to Riverside North and South: whatever is decided on Tuesday or Thursday stays open for us
until 06:30 two days later. An objection from here counts like one from the hall.

Read, sleep, answer.
""",
        "👍 omar samir elif piotr",
        says=(
            Say(
                "omar",
                "20h",
                "For. Otherwise I drive everybody home who has decided something, and I never "
                "have.",
            ),
            Say(
                "piotr",
                "3h",
                "For. But two days, not more, the hall also wants to know where it stands.",
            ),
            Say(
                "elif",
                "1h",
                "For. I would also write how it is done when it is really urgent. Otherwise "
                "everything will be urgent.",
            ),
            Say("samir", "1d 06:20", "New, so I do not know whether I may. For."),
            Reply(
                "dev",
                "5m",
                "You may. That makes five, no objection. I hand it to Jo and Rosa today.",
                "💪 omar samir elif",
            ),
        ),
    ),
    Topic(
        "kiosk-breakfast",
        "nights",
        "omar",
        "talk",
        "24d 07:10",
        "Breakfast at the kiosk: six came, and one bus driver by mistake",
        """
He thought it was a queue. He stayed, and now he knows what a rent register is.

Yusuf opened at half past five for us and did not want anything for the tea. Next time we bring the
bread, Piotr.
""",
        "🎉 dev piotr elif ❤️ sunita",
        says=(
            Say("piotr", "22h", "Forty rolls. If the bus comes again, they will do."),
            Say("dev", "10m", "Best meeting of the month. Twenty-five minutes."),
        ),
    ),
    Topic(
        "night-noise",
        "nights",
        "samir",
        "question",
        "3d 06:15",
        "Building works under my window from eight. I go to bed at seven. Is there anything to "
        "be done?",
        """
Until spring, says the sign. I have tried earplugs and a pillow and the sofa in the kitchen.
""",
        says=(
            Say(
                "elif",
                "5h",
                "We had that at the hotel. Ask the foreman directly in which weeks it is "
                "*loud*. They know it, it is in their plan, nobody ever asks.",
            ),
            Say(
                "dev",
                "18h",
                "White noise, low, not earplugs. And on the worst days my sofa, I am at work "
                "in the daytime this week.",
                "❤️ samir",
            ),
        ),
    ),
    Topic(
        "childcare-first",
        "childcare",
        "teresa",
        "talk",
        "15d 20:50",
        "Somos tres y una manta. Así empezamos",
        """
El martes cuidamos a seis criaturas en la sala pequeña mientras sus madres y un padre estaban en la
asamblea. Salió bien. Una lloró, luego dibujó la caldera, y el dibujo está en la pared.

*In English: we are three people and a blanket. On Tuesday we looked after six children during the
meeting. One cried, then drew the boiler.*

Lo que falta para que esto sea de verdad:

- [x] una sala con puerta
- [x] una lista con teléfonos
- [ ] una segunda persona que sostenga el grupo conmigo
- [ ] que dos de nosotras hagan el curso de cuidado de menores
- [ ] tijeras sin punta
""",
        "❤️ marisol valentina amina wei 🎉 kofi",
        language="es",
        says=(
            Say(
                "wei",
                "1h",
                "The side room has a lock that a child cannot open. I asked Viktor to take it "
                "off, and he did.",
            ),
            Say(
                "kofi",
                "3h",
                "I have the course, and I can teach the first half of it. Two evenings. And a "
                "box of round scissors.",
                "🙏 teresa 🎉 valentina",
            ),
            Say(
                "valentina",
                "1d 09:00",
                "En enero salgo de noches. Hasta entonces, los martes que pueda.",
                "❤️ teresa",
            ),
            Say(
                "amina",
                "12d 19:00",
                "I am new. I have four younger brothers, does that count as a course?",
                "🎉 teresa kofi",
            ),
            Reply("teresa", "30m", "Cuenta doble. ¿Vienes el martes?", "❤️ amina"),
        ),
    ),
    Topic(
        "childcare-rules",
        "childcare",
        "valentina",
        "talk",
        "9d 21:30",
        "Tres reglas antes de nada",
        """
1. Nunca una persona adulta sola con una criatura. Siempre dos, puerta abierta.
2. Quien trae es quien recoge, salvo que lo diga por escrito.
3. No hay fotos. Dibujos, todos los que queráis.

*Three rules: always two adults and an open door; whoever brings a child collects it; no photos.*
""",
        "👍 teresa kofi marisol wei amina",
        language="es",
        says=(
            Say(
                "kofi",
                "2h",
                "Exactly these three. I would add who is rung if something happens. I have a form.",
            ),
            Reply("valentina", "12h", "Cuatro reglas, entonces.", "👍 teresa kofi"),
        ),
    ),
]
