"""Talk in Riverside South, lately."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "lift-tannery",
        "south",
        "ruth",
        "talk",
        "9h",
        "Tannery House lift, day 36",
        """
It moved this morning. From the ground floor to the second, with me in it, and then it stopped for
fifty minutes.

I am home, I am fine, I am furious. Kofi heard me and stayed on the stairs and read me the football
results. Thank you, Kofi, I do not even like football.

Two things I would like from this group, and one thing I would not.

**I would like:** somebody who was *not* in the lift to ring the company today, and somebody to
write down the times. 8:05 in, 8:55 out, the emergency button rang for eleven minutes and nobody
answered.

**I would not like:** to be in a photo.
""",
        "❤️ rosa grace kofi ana shirley 💪 kwame nadia emeka 👀 zainab",
        ring="follower",
        says=(
            Say(
                "kwame",
                "30m",
                "Emergency button unanswered means that the lift must be taken out of service "
                "*today*, by law, not in a week. I have the paragraph. Grace, I send it to you "
                "for the call. Ruth: please do not get in again even if it moves.",
                "🙏 ruth 👍 grace rosa",
            ),
            Say(
                "grace",
                "1h",
                "I rang at 10:20 and was connected at 10:41. The name of the person, the "
                "paragraph and the promise are in the book. An engineer is to come by 18:00. I "
                "shall be standing there.",
                "💪 ruth rosa 👍 kwame",
            ),
            Reply("ruth", "15m", "With your head teacher’s voice, I hope.", "🎉 grace rosa kofi"),
            Say(
                "emeka",
                "1h",
                "I am free from four with two strong people. If anybody above the second needs "
                "shopping carried up or themselves carried down, knock at 204.",
                "❤️ ruth ana shirley",
            ),
            Say(
                "nacho",
                "40m",
                "Yo subo las compras del tercero y el cuarto. Hasta las ocho.",
                "❤️ ana ruth",
            ),
            Say(
                "rosa",
                "2h",
                "Written down: 36 days, three reports, one entrapment, eleven minutes without "
                "an answer. That is the first item for the committee. @ruth may I say “a "
                "neighbour on the fourth floor”, or not even that?",
            ),
            Reply("ruth", "20m", "Say “a proofreader”. Let them wonder.", "🎉 rosa grace 💪 kwame"),
        ),
    ),
    Topic(
        "council-evening",
        "south",
        "rosa",
        "experience",
        "12d 22:30",
        "Three minutes at the council: what they promised, word for word",
        """
Housing committee, item 7, thirty-one of us in the gallery. It was hot, the benches are narrow,
and Shirley brought humbugs.

## What I said

One minute on the lift, with dates. One minute on the letters to eleven different people. One
minute on what we ask for: **one address for repairs, one answer in ten days, and a public list of
what is open.**

## What they answered

The chair of the committee, and I wrote it down:

> We will ask the landlord for a single point of contact within six weeks. Officers will report
> back in public on lift outages in all eleven buildings.

She did *not* promise ten days. I asked again and she said "I hear you", which is not a promise.

## What I learned

- Bring the sentence you want to hear, in writing. She read ours aloud as if it were hers.
- People in the gallery count. Councillors look up.
- The papers come out five working days before, at noon. That is when we have to ring them, not
  after.

{date:+42} is the date for the single address. It stands on the wall in the café.
""",
        "💪 grace kwame ana jo marisol zainab ❤️ shirley nadia 🎉 kofi emeka ruth",
        pictures=(
            Picture(
                "council_hall", "The council chamber from the gallery, rows of people from behind"
            ),
        ),
        files=("our-three-minutes.pdf",),
        says=(
            Say(
                "kwame",
                "9h",
                "The sticker in the lift says last inspected fourteen months ago. The law says "
                "six. I was shaking, and you said it as if it were the weather.",
                "❤️ rosa",
            ),
            Say(
                "ana",
                "2h",
                "Yo estaba arriba con el delantal del trabajo todavía puesto. La señora del "
                "pañuelo me hizo sitio. Así sí.",
                "❤️ rosa carmen shirley marisol",
            ),
            Say(
                "shirley",
                "3h",
                "Dear all, there were thirty-one of us and eleven humbugs, and I have noted "
                "who shared. With warm regards, Shirley",
                "❤️ grace rosa nadia 🎉 kofi",
            ),
            Say(
                "jo",
                "1d 19:00",
                "“I hear you” goes onto the wall as well, with the date. In six weeks we ask "
                "what she heard.",
                "👍 rosa grace",
            ),
            Say(
                "zainab",
                "2h",
                "I found the standing order that lets us ask a written question in between. "
                "Five working days, fifty words. Shall I draft?",
                "👀 rosa",
            ),
            Reply(
                "rosa",
                "20m",
                "Yes please. Fifty words is your discipline, not mine.",
                "🎉 zainab grace",
            ),
        ),
    ),
    Topic(
        "benches",
        "south",
        "rosa",
        "talk",
        "5d 12:10",
        "The benches by the water are gone for “refurbishment”. All of them, on one day",
        """
The notice says six weeks. The last refurbishment took two years and came back as one bench with an
arm in the middle.

Before we write: who used them, and when? I would like ten sentences from ten people. Not why
benches are good in general. What *you* do there.
""",
        "👍 grace shirley",
        says=(
            Say(
                "shirley",
                "2h",
                "I sit down between the bus and my door, as I cannot do it in one go. I have "
                "done so since my hip. Without the bench I take a taxi: 6.40, twice a week. "
                "Shirley",
                "❤️ rosa nadia grace",
            ),
            Say(
                "kofi",
                "1h",
                "Twelve young people, six to nine, because the club closes at five. If they "
                "stand in the passage instead, somebody will call the police.",
            ),
            Say(
                "pablo",
                "4h",
                "Yo ceno ahí después del turno, a las once y media. Con el río, que es gratis.",
                "❤️ ana carmen",
            ),
            Say(
                "ruth",
                "1d 10:00",
                "I bring my own seat. But I meet people at the third bench, because it is the "
                "only one with a flat place beside it. That was my whole summer.",
            ),
            Reply("rosa", "30m", "That sentence goes first.", "👍 grace"),
            Say(
                "nadia",
                "2h",
                "I correct homework there. My students find me there, those who do not dare to "
                "come to the school.",
                "❤️ rosa",
            ),
        ),
    ),
    Topic(
        "rent-form",
        "south",
        "zainab",
        "question",
        "10d 16:45",
        "Does anybody still have a rent rise notice from two years ago?",
        """
I am comparing the wording. The new letters leave out one sentence that I think has to be there: the
one about where you may object, and until when.

Please cover name and flat number before you take a photo.
""",
        "👍 grace",
        answer=1,
        says=(
            Say("ana", "2h", "Tengo una de hace tres años. ¿Sirve? La busco esta noche."),
            Say(
                "ruth",
                "3h",
                "I have every letter since 2009, in order, with the envelopes. Proofreaders "
                "do. The sentence is on page two of all of them until last year. I scanned "
                "three.",
                "🎉 zainab 👀 rosa 💪 grace",
            ),
            Reply(
                "zainab",
                "25m",
                "You have just made my week, and possibly our case. I bring them to Miriam "
                "tomorrow.",
                "❤️ ruth",
            ),
            Say(
                "grace",
                "1d 09:00",
                "Let us be careful with “our case” until Miriam has read them. But well done, "
                "both.",
                "👍 zainab ruth",
            ),
        ),
    ),
]
