"""Talk in the secret group that prepares a rent strike."""

from config.demo.shapes import Reply, Say, Topic

TOPICS = [
    Topic(
        "strike-question",
        "strike",
        "rosa",
        "talk",
        "31d 19:00",
        "The question that we are here to answer, and what we do not do",
        """
**The question.** Could we, from the first of the quarter, withhold *the increase* (not the rent)
together, house by house, and hold it until there is a negotiation?

**Before we may say yes** all of the following must be true, and we fix the numbers now, before we
count:

1. In each house that takes part, **at least 85 of 100 households that got the letter** have signed,
   on paper, after a conversation at their door.
2. The money is on an escrow account that needs two signatures.
3. The hardship fund has enough for three months for one in ten.
4. Miriam and a second solicitor have answered the same seven questions in writing.
5. Every floor has one person whom people ring at night.

**If one is missing on the day, we do not start**, and we say so to everybody and are not ashamed.

**What we do not do.** We do not call it a strike outside of this room. We do not count people who
"would probably". We do not argue with a no.
""",
        "💪 bern hector ana kwame marisol 👍 miriam jo grace zainab emeka 🙏 ruth",
        pinned=True,
        says=(
            Say(
                "bern",
                "1h",
                "85 is right. We started with 71 in 1983 and it was the longest spring of my life.",
                "🙏 rosa",
            ),
            Say(
                "daniel",
                "2h",
                "Escrow: I have spoken with two banks without saying why. The second one "
                "understood without my saying why.",
            ),
            Say(
                "hector",
                "1d 12:00",
                "Añado una: saber cómo se termina antes de empezar. Quién se sienta, con qué "
                "mínimo y quién puede decir basta.",
                "👍 rosa miriam jo",
            ),
            Reply(
                "rosa",
                "1h",
                "Point 6, adopted: *We know how it ends.* Gracias, Héctor.",
                "❤️ hector marisol",
            ),
        ),
    ),
    Topic(
        "strike-first-test",
        "strike",
        "jo",
        "debrief",
        "12d 21:00",
        "First test: the common answer to the letter. 112 of 161 in ten days",
        """
A small and legal thing that costs something: to sign the common answer, with a name, to Hartwell &
Lane.

| house | got the letter | signed | |
|---|---|---|---|
| Bridge Street 9 | 14 | 13 | above |
| Mill Street | 14 | 12 | above |
| Tannery House | 52 | 41 | below |
| Wharf Court | 48 | 29 | far below |
| Willow House | 33 | 17 | far below |

So: **two houses above 85 of 100, three below.** If today were the day, we would not start.

What the two have in common: one person per floor, and that person had a meal with somebody. What
the other three have in common: us, coming from outside with a clipboard.
""",
        "🙏 rosa miriam grace 👀 kwame ana emeka",
        says=(
            Say(
                "grace",
                "40m",
                "Wharf Court is mine to answer for. I have been ringing at doors. I have not "
                "been eating there.",
            ),
            Say(
                "emeka",
                "2h",
                "On the third and fourth floor people ask Mrs Bangura before they do anything. "
                "Nobody has asked Mrs Bangura.",
            ),
            Reply(
                "ana",
                "30m",
                "La conozco, limpiamos juntas. Voy yo, sin papel.",
                "💪 grace emeka rosa",
            ),
            Say(
                "kwame",
                "1d 18:30",
                "Tannery: eleven are missing, and I know why seven of them are. They are on "
                "the upper floors and too angry about the lift to believe in anything. First "
                "the lift.",
            ),
            Say(
                "miriam",
                "3h",
                "To record it: the 85 stands. It is in the nature of such numbers that one "
                "wants to discuss them when one sees the result.",
                "👍 jo bern hector",
            ),
            Say(
                "ana",
                "4d 22:00",
                "La señora Bangura dice que viene el domingo y que trae a seis. No le hablé de "
                "nada. Le pregunté por su balcón.",
                "🎉 grace emeka ❤️ rosa marisol bern jo",
            ),
        ),
    ),
    Topic(
        "strike-cannot",
        "strike",
        "ruth",
        "talk",
        "9d 11:00",
        "Those who cannot take part: let us decide how we speak of them",
        """
I get housing support. If I withhold four pounds, an office decides whether I am still entitled. I
can be for this with all my heart and not do it.

There are about twenty of us. I would like that we are asked for something that we *can* do, and
that on no list there is a cross next to us.
""",
        "❤️ rosa bern grace marisol jo 🙏 miriam hector",
        says=(
            Say(
                "bern",
                "1h",
                "Thank you, Ruth. In 1983 nobody said this sentence, and so two people became "
                "traitors who were only poor.",
            ),
            Say(
                "rosa",
                "30m",
                "Proposal: three ways of taking part, of equal worth. Withhold, stand surety "
                "on the telephone list, keep the record. Everybody signs *one of the three*, "
                "and the list shows only that they signed.",
                "👍 ruth miriam jo kwame ana 💪 zainab",
            ),
            Say("daniel", "1d 09:00", "And the hardship fund asks nobody for a reason twice."),
            Reply(
                "ruth",
                "1h",
                "I will keep the record. I am a proofreader. There will be no commas to attack.",
                "💪 rosa bern 🎉 grace daniel",
            ),
        ),
    ),
    Topic(
        "strike-fund",
        "strike",
        "daniel",
        "talk",
        "5d 20:20",
        "Hardship fund: 6,140 of 9,000. Where the rest may come from",
        """
- 3,200 from our reserve (assembly agreed in general in May, use is for the stewards)
- 1,900 dockers’ pensioners, through Héctor, in an envelope and with a handshake
- 1,040 from people on the hill who do not want to be named

Missing: **2,860**. I would not like to ask tenants for it. Ideas that do not need to say what it is
for?
""",
        "🙏 hector marisol 👍 jo",
        ring="core",
        says=(
            Say("marisol", "1h", "A winter fund. It is one, and it is true."),
            Say(
                "miriam",
                "2h",
                "Then it must be spent as such: set it up so that it helps with heating as "
                "well. I will draft the purpose. It has to be true in each of its words.",
            ),
            Reply(
                "bern",
                "1h",
                "And no raffle. I have three pressure cookers from raffles.",
                "🎉 daniel marisol jo",
            ),
        ),
    ),
]
