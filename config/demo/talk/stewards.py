"""Talk in the Stewards’ room."""

from config.demo.shapes import Reply, Say, Topic

TOPICS = [
    Topic(
        "two-who-do-not-speak",
        "stewards",
        "kasia",
        "talk",
        "6d 21:20",
        "Two people who carry a lot no longer speak with each other. I want ideas, not a decision",
        """
No names, and most of you will guess. Please do not guess aloud.

Since the round in October two people in one of our groups answer each other only in lists. Each of
them is right about something. One feels that she does the work while he gets the thanks. The other
one feels watched.

I have spoken with each of them alone, twice. Both said: "It is fine." Both have begun to come late.

What has helped you, in a case like this? I would rather hear what went wrong than what one should
do.
""",
        "❤️ marisol rosa grace 🙏 sunita mo",
        says=(
            Say(
                "grace",
                "40m",
                "What went wrong for me: I brought two teachers together “to clear the air” "
                "before either of them had said the sentence to anybody. They cleared nothing "
                "and each of them had a witness. Since then I ask each one to say it to me "
                "first, and then: *which part of this would you like her to know?*",
                "❤️ kasia marisol 👍 mo sunita",
            ),
            Say(
                "bern",
                "1h",
                "Give them something small to carry together. A table. I am not joking, it has "
                "two ends.",
            ),
            Say(
                "mo",
                "8h",
                "I can offer an hour with both, on a bench, not in the hall. My condition is "
                "that each of them is asked by you and may say no without having to give a "
                "reason.",
                "🙏 kasia",
            ),
            Say(
                "leila",
                "2h",
                "One thing. The thanks. If she does the work and he is thanked, then that is "
                "not only between those two. We all wrote that thank-you.",
            ),
            Reply("kasia", "1h", "That sat. You are right, we did.", "❤️ leila grace"),
            Reply(
                "marisol",
                "30m",
                "I wrote it. I will mend my part of it, in person and not in a post.",
                "❤️ kasia leila",
            ),
            Say(
                "kasia",
                "2d 20:00",
                "They have said yes to the bench, both of them, Mo. Thank you all. I will say "
                "no more about it here.",
                "❤️ grace marisol rosa mo bern sunita",
            ),
        ),
    ),
    Topic(
        "derek-removal",
        "stewards",
        "jo",
        "talk",
        "3d 19:40",
        "The removal from the Repairs campaign: what we did, so that it can be checked",
        """
Rosa and I have removed a person from the Repairs campaign. You should hear the reason from us and
not on the stairs.

**What happened.** In a comment he named a neighbour with her flat number as somebody who "takes and
does not sign". Mo hid it after eleven minutes. He had been asked twice before, by Mo on the
telephone and by me in person, not to write about neighbours who can be recognised.

**What we decided.** Out of the Repairs campaign, not out of the union and not out of Riverside
North. He may ask to come back after three months.

**What he can do.** Appeal to two people who took no part. Miriam and Carmen have agreed to hear it.
He has used this right, and that is good.

**What we did badly.** Between the first talk and the second lay nineteen days. In those he must
have thought that it was fine.
""",
        "🙏 mo grace kasia 👍 rosa marisol oleh",
        closed=True,
        says=(
            Say("sunita", "1h", "Has anybody been with the neighbour?"),
            Reply(
                "rosa",
                "20m",
                "I was there the same evening, and on the Sunday. She would like it to be "
                "quiet now. So: quiet.",
                "🙏 sunita kasia",
            ),
            Say(
                "carmen",
                "1d 11:00",
                "Lo escucharemos el jueves, Miriam y yo, en mi casa y con café. Prometo no "
                "llevar opinión puesta.",
                "❤️ marisol grace",
            ),
            Say(
                "mo",
                "2h",
                "Nineteen days: my share of that is fourteen. From now on I set a date at the "
                "end of a first talk.",
                "👍 jo grace",
            ),
        ),
    ),
    Topic(
        "one-does-half",
        "stewards",
        "marisol",
        "talk",
        "11d 22:40",
        "I do too much, and I would like you to hold me to doing less",
        """
I counted, because Jo asked me to. In the last sixty days I facilitated, wrote or decided **46 of
100** things that were done in Riverside North. My term ends in spring and nobody is ready, and
the reason is me.

I would like:

* three things that I hand over before the end of the year, and that you ask me about,
* somebody who tells me on the telephone: *that is not yours.*

I find it harder to write this than to go to the council.
""",
        "❤️ jo rosa grace kasia leila carmen sunita bern 💪 oleh ana",
        says=(
            Say(
                "rosa",
                "30m",
                "I will be that voice on the telephone. I have been practising for years.",
                "🎉 marisol grace",
            ),
            Say("leila", "1h", "I facilitate on Tuesday. There goes the first one."),
            Say(
                "carmen",
                "2h",
                "La segunda: Hispanohablantes. Este domingo abro yo, y tú llegas tarde a "
                "propósito.",
                "❤️ marisol ana",
            ),
            Reply("marisol", "20m", "¿Cuánto de tarde?"),
            Reply("carmen", "5m", "Veinte minutos. Y no pidas el acta.", "🎉 marisol rosa kasia"),
            Say(
                "grace",
                "1d 09:00",
                "The third might be the letters. Tom writes better than either of us and has "
                "never been asked to hold one from beginning to end.",
                "👍 jo leila marisol",
            ),
        ),
    ),
    Topic(
        "second-steward-childcare",
        "stewards",
        "marisol",
        "question",
        "3d 12:30",
        "Childcare circle has one steward. Whom could Teresa ask?",
        """
Teresa has started it and does it well. One is not enough, she knows that and so do we. Valentina
would, but she has the night shifts until January.

Not a name for us to appoint. A name for Teresa to ask.
""",
        says=(
            Say("sunita", "1h", "Kofi. He has twelve of them already and still laughs."),
            Say(
                "ana",
                "3h",
                "Wei. Los niños le obedecen porque cree que piensan, y entonces piensan.",
                "❤️ marisol carmen",
            ),
            Reply(
                "marisol",
                "1h",
                "Se lo digo a Teresa, los dos. Ella decide a quién pregunta.",
                "👍 ana sunita",
            ),
        ),
    ),
    Topic(
        "soup-friday",
        "stewards",
        "rosa",
        "talk",
        "4d 10:00",
        "{next:fri}, six o’clock, and soup: what is each of you carrying?",
        """
One sentence each, as always, so that we can make the agenda out of it and not out of my head.
""",
        says=(
            Say(
                "felix",
                "1h",
                "We have rents of 140 homes and two people who can read them. That is too few "
                "people.",
            ),
            Say("oleh", "2h", "A roof."),
            Say("grace", "1h", "How to thank somebody without making the next person smaller."),
            Say(
                "omar",
                "3h",
                "Night shift reads, but it does not decide. Dev and I are tired, in the "
                "ordinary way.",
            ),
            Say("bea", "20h", "Whether we should give numbers to a newspaper that asks nicely."),
            Reply("rosa", "30m", "That one first, Bea. And Omar, that one not last.", "🙏 omar"),
        ),
    ),
    Topic(
        "newspaper-asks",
        "stewards",
        "bea",
        "talk",
        "2d 14:00",
        "A newspaper asks for rents by building, until {day:+4}",
        """
The editor is polite and has read our leaflet. She would like the average increase per building.

For: eleven numbers in the newspaper before the committee meets would help.
Against: in three buildings we have fewer than five homes. And we promised the people who told us
that *they* would see it first.

I lean towards no, and a date from which on it is yes. I would like an ear, not a decision: the
working group decides on Wednesday.
""",
        "👍 felix jo",
        says=(
            Say(
                "jo",
                "1h",
                "“They see it first” is a promise with a date. You could tell her the date.",
            ),
            Say(
                "grace",
                "2h",
                "A polite no with a date has, in my experience, been remembered longer than a "
                "hurried yes.",
            ),
            Reply("bea", "40m", "That helps. Thank you both.", "❤️ grace"),
        ),
    ),
]
