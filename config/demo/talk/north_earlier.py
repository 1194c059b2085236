"""Talk in Riverside North, in the weeks before."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "minutes-tuesday",
        "north",
        "jo",
        "talk",
        "tue2 22:05",
        "Minutes of Tuesday, in ten lines",
        """
Thirty-four people, two languages, ended at 20:29.

1. **Rent letters.** Miriam read nine. Seven have the same mistake in the notice period. Nobody
   answers alone; common letter in two weeks. (Miriam, Zainab)
2. **Gutter.** Fourth report goes out with a photo and the words "last reminder". (Kasia, this
   week)
3. **Damp survey.** Two survey days agreed, both Saturdays. Andrei trains five new people.
4. **Key box.** Agreed without objection. (Kasia)
5. **Money.** 184 in the tin, 40 for leaflets agreed.
6. **Children.** Six came. Teresa and Valentina would like to start something regular.
7. **Objection** of Viktor to the new bench: it would stand on the manhole. Upheld, with thanks.
8. Bench: other side of the door. Agreed.
9. Norms: we stopped once. It took one minute.
10. Next facilitator: not yet.

What I promised myself: the list of who promised what, by tomorrow.
""",
        "👍 tom marisol fatou 🙏 dev hawa ❤️ wei",
        says=(
            Say(
                "dev",
                "1d 06:32",
                "Ten lines on the bus, and I know everything. This is why I stay in this group.",
                "❤️ jo",
            ),
            Say("viktor", "3h", "It is not a manhole, it is the main valve. But yes.", "👍 leila"),
            Reply("jo", "1h", "Corrected in the paper copy. Main valve.", "🙏 viktor"),
            Say(
                "kasia",
                "2d 11:00",
                "Gutter: handed in today, receipt in the grey box.",
                "💪 tom leila",
            ),
        ),
    ),
    Topic(
        "three-languages",
        "north",
        "fatou",
        "experience",
        "21d 20:15",
        "Three languages in one meeting, and we still ended on time",
        """
For two years we translated sentence by sentence. It took double the time, and those who needed it
felt like a burden. Since September we do it differently, and I want to write it down before we
forget how bad it was.

## What we do now

* **Tables by language**, not rows. Whoever interprets sits at the table and whispers. No one
  stands in front.
* **The speaker stops after a thought**, not after a sentence. The facilitator lifts a hand when
  the slowest table is done.
* **Proposals in writing two days before.** Then I am not translating numbers at nine in the
  evening.
* **Rounds start at a different table each time.** Before, English always spoke first and all the
  others said "I agree".

## What it costs

Two interpreters who do not take part in that meeting. We take turns, Inês and Mateo and Valentina
and I, and whoever interprets gets dinner kept warm.

## What I did not expect

Proposals got shorter. And Mr Salinas, who had not said a word since spring, spoke for four minutes
and changed the decision.
""",
        "❤️ marisol jo luis lan teresa hawa 💪 mateo sunita 🙏 wei andrei",
        pictures=(
            Picture("meeting", "Round tables in the hall, seen from the back, one hand lifted"),
        ),
        says=(
            Say(
                "marisol",
                "40m",
                "And before anybody thanks only me for this: it was Fatou’s idea, Fatou’s "
                "plan, and Fatou who convinced me that I talk too much.",
                "❤️ jo fatou sunita",
            ),
            Say(
                "lan",
                "2h",
                "At our table it is now also Vietnamese, when my cousin comes. We whisper in "
                "two directions.",
                "🎉 fatou",
            ),
            Say(
                "mo",
                "1d 09:10",
                "May this go to the other groups? The south has the same difficulty on "
                "Thursdays, and the stewards would like to read it.",
            ),
            Reply(
                "fatou",
                "3h",
                "Yes. Please leave Mr Salinas out, or ask him. He is vain enough to say yes.",
                "👍 mo 🎉 oleh",
            ),
            Say(
                "andrei",
                "2d 20:00",
                "I speak English on the building site for ten years and I never spoke in a "
                "meeting. At the table I speak. It is only a table, but.",
                "❤️ fatou jo marisol tom lan",
            ),
        ),
    ),
    Topic(
        "hall-thursdays",
        "north",
        "wei",
        "question",
        "17d 15:00",
        "Is the hall free on Thursdays from five?",
        """
The chess group has grown from six children to fifteen and we no longer fit in the side room. I do
not want to take the hall from anybody.
""",
        "👍 sunita",
        answer=0,
        says=(
            Say(
                "kasia",
                "2h",
                "Free from five to seven on every Thursday until the end of the year, I looked "
                "in the book and wrote you in. At seven comes the choir on its way to the "
                "south, they only leave their coats.",
                "🙏 wei",
            ),
            Reply("wei", "30m", "Thank you. We will put the chairs back in the right number."),
            Say(
                "hawa",
                "1d 18:00",
                "Is there an age limit? My nephew is four and very serious.",
                "❤️ wei",
            ),
            Reply("wei", "1h", "Four is good. He may lose to me first.", "🎉 hawa"),
        ),
    ),
    Topic(
        "one-minute-film",
        "north",
        "lucia",
        "talk",
        "15d 13:00",
        "A film of one minute about a cold stairwell. May I?",
        """
For my course I have to make a film of sixty seconds. I would like to make it about the winter in
Willow House: only hands, breath, radiators, the thermometer. No faces, no names on doorbells, no
sound except the pipes.

I would film on {next:tue} from six, and on the stairs on {next:sun}. You see it before my
teacher does, and anybody may say no to any second of it.

*(Lo escribo también en español en Hispanohablantes.)*
""",
        "❤️ mateo hawa piotr 👍 jo kasia tom 🎉 aisha",
        says=(
            Say(
                "piotr",
                "2h",
                "If you need light, I have one lamp that does not frighten people.",
                "🙏 lucia",
            ),
            Say(
                "mo",
                "5h",
                "This is how one asks. I would add: no flat doors, even without names. Some "
                "people are recognised by their doormat.",
                "👍 lucia marisol 🙏 lan",
            ),
            Reply("lucia", "40m", "Good, no doormats. Thank you."),
            Say(
                "leila",
                "1d 07:30",
                "Film the pipe behind the lift in Willow House at ten to seven. It knocks. You "
                "will not need music.",
                "👀 lucia 🎉 piotr",
            ),
            Say(
                "lucia",
                "8d 19:00",
                "Done, sixty seconds exactly. The pipe is the main actor. I show it on Tuesday "
                "after the agenda, and then you tell me what has to go.",
                "🎉 mateo hawa leila ❤️ marisol sunita",
            ),
        ),
    ),
    Topic(
        "hall-radiator",
        "north",
        "andrei",
        "question",
        "27d 20:40",
        "The radiator in the hall: is it ours or the company’s?",
        """
I can mend it on one evening. But if it is theirs and I touch it, they will say later that I broke
it. Who knows?
""",
        answer=1,
        says=(
            Say("viktor", "1h", "Theirs. Everything behind the wall is theirs, since 2014."),
            Say(
                "jo",
                "3h",
                "Theirs, in writing: contract for the hall, point 9, “heating and its upkeep "
                "remain with the owner”. So we report it with a date, and you do not touch it, "
                "and I thank you for asking first.",
                "👍 andrei tom",
            ),
            Reply(
                "andrei",
                "20m",
                "Good. I will sit beside it with my hands in my pockets.",
                "🎉 leila piotr",
            ),
            Say(
                "tom",
                "9d 18:00",
                "Came on today. Twelve days after the report. Date of report, date of answer "
                "and date of repair are on the list on the wall.",
                "🎉 andrei kasia 💪 jo",
            ),
        ),
    ),
    Topic(
        "thanks-heater",
        "north",
        "hawa",
        "talk",
        "31d 21:00",
        "To whoever put the heater in front of my door",
        """
It stood there on Friday evening with a note: *"Lent, no hurry."* No name.

My son slept without his coat. I do not know whom to thank, so I thank everybody, and one of you
will know.

I bring it back when the boiler runs.
""",
        "❤️ marisol tom leila kasia sunita jo lan teresa piotr fatou 🙏 aisha wei",
        says=(
            Say("viktor", "2h", "Keep it until April. It is an old one but I changed the cable."),
            Reply("hawa", "15m", "So now I know.", "❤️ viktor kasia marisol leila tom"),
            Say("viktor", "10m", "I wrote that in the wrong box.", "❤️ piotr jo sunita 🎉 leila"),
        ),
    ),
    Topic(
        "willow-first-time",
        "north",
        "aisha",
        "debrief",
        "24d 20:30",
        "Door-knocking in Willow House, first time for three of us",
        """
Hawa, her cousin and me, with Tom as our grown-up.

**Before:** I was sure that everybody would shout. I had prepared answers to eleven kinds of
shouting.

**During:** nobody shouted. One man asked whether we were from the church, and when I said no he
seemed a bit disappointed and made us tea.

**Numbers:** 18 doors, 9 conversations, 3 people on the list for the damp survey, 1 tea.

**What I would tell my earlier self**

- You do not have to know the law. You have to ask "how is it in your flat?" and then be quiet.
- Write down the promise *on the stairs*, not at home.
- Go with somebody who is bad at small talk. Tom says nothing, and so people start to talk.
""",
        "❤️ sunita marisol lucia 🎉 hawa mateo 💪 jo leila",
        pictures=(
            Picture("door_knocking", "A stairwell with three open doors and people talking"),
        ),
        says=(
            Say(
                "tom",
                "1h",
                "I do not say nothing. I listen with emphasis.",
                "🎉 aisha hawa leila ❤️ kasia",
            ),
            Say(
                "sunita",
                "1d 16:00",
                "May I give your three points to everybody who goes for the first time? With "
                "your name or without?",
            ),
            Reply(
                "aisha",
                "20m",
                "With. My mother will be proud. She was sure of the shouting too.",
                "❤️ sunita",
            ),
            Say(
                "mateo",
                "2h",
                "La próxima voy contigo. Soy malísimo para hablar de cualquier cosa.",
                "🎉 aisha",
            ),
        ),
    ),
]
