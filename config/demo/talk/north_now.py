"""Talk in Riverside North this week."""

from config.demo.shapes import Reply, Say, Topic

TOPICS = [
    Topic(
        "laundry-key",
        "north",
        "leila",
        "question",
        "5h",
        "Who has a key for the laundry room on Sundays?",
        """
Alder House, basement. The company changed the lock in September and since then it is open on
weekdays only, nine to five, when exactly nobody is at home.

My mother has been washing sheets in the bath. Is there a second key anywhere?
""",
        "👀 hawa wei",
        answer=1,
        says=(
            Say("wei", "20m", "I saw Viktor open it in October. I did not ask how."),
            Say(
                "kasia",
                "35m",
                "I have one. It came with the spare for the bicycle cellar and nobody noticed. "
                "From today it hangs in the grey box beside the hall door, number 4, and I "
                "wrote a list next to it: name, from, until. Sundays eight to eight.\n\n"
                "Please bring it back **the same day**. If it gets lost I will know whose "
                "mother to ask.",
                "❤️ leila hawa 🙏 amina 💪 tom",
            ),
            Reply("leila", "10m", "She is already downstairs. Thank you, Kasia.", "❤️ kasia"),
            Say(
                "viktor",
                "45m",
                "For the record. Lease of Alder House, page 6: laundry is part of the common "
                "rooms *at all times*. Locking it is not their choice. We can write this in "
                "one sentence and hand it in with the others on Monday.",
                "👍 jo tom marisol",
            ),
        ),
    ),
    Topic(
        "doors-41",
        "north",
        "marisol",
        "debrief",
        "1d 21:10",
        "Door-knocking on {day:+0}: 41 doors, 17 conversations, 6 promises",
        """
Eight of us, two hours, Willow House floors one to five.

**What happened**

* 41 doors, 17 opened and talked, 9 said "not now", 2 said "never" and were friendly about it.
* 6 people promised something with a date: 4 come on Tuesday, 1 brings her rent letter, 1 asks her
  sister on the seventh floor.

**What went well**

We listened longer than last time. Piotr’s pair took forty minutes for three doors, and two of the
six promises come from those three doors.

**What did not**

We began at half past five, and half the doors were still on the bus. And I forgot to pair a
Spanish speaker with the second floor, which I knew was needed.

**Next time**

Start at half past six. Mateo or Lucía on the second floor. Each promise gets a call from the
person who heard it, not from me.
""",
        "💪 tom leila sunita ❤️ jo kasia",
        ring="core",
        says=(
            Say(
                "tom",
                "30m",
                "My two: flat on 3 with the bicycle (said yes to Tuesday) and the gentleman on "
                "5 (brings the letter). I ring both on Monday after my round.",
                "👍 marisol",
            ),
            Say(
                "piotr",
                "20m",
                "I know we were slow. The lady wanted to show us her ceiling, and then her "
                "photos. I thought: this is the conversation. We got coffee also.",
                "❤️ marisol sunita jo dev",
            ),
            Reply(
                "marisol",
                "10m",
                "@piotr, that was not a complaint. That was the best thing of the evening.",
                "🙏 piotr",
            ),
            Say(
                "leila",
                "25m",
                "The two who said “never”: one has been waiting for a tap since March. I know "
                "that tap. I would go back with a spanner and without a leaflet.",
                "💪 kasia 👍 jo",
            ),
            Reply(
                "jo",
                "15m",
                "Do. As a neighbour, and tell us only if they want us to know.",
                "👍 leila",
            ),
            Say(
                "sunita",
                "10m",
                "I take the welcome calls for those who come on Tuesday for the first time, so "
                "that they know which door sticks.",
                "❤️ marisol",
            ),
        ),
    ),
    Topic(
        "library-rain",
        "north",
        "amina",
        "talk",
        "2d 17:40",
        "Could we meet in the library when it rains?",
        """
Hello everybody, this is my first message here, so tell me if it is in the wrong place.

On Tuesday I came to the hall and it was very nice, but the rain came in at the back and we all
moved to one side, and some people went home after the break. I think two of them were cold.

The library in the Old Town has a room with a door. I asked at the desk and they said groups may
use it until nine. It is eight minutes from the bridge on foot, I tried it.

Would that be possible on rainy days?
""",
        "❤️ marisol sunita hawa 👍 wei lan tariq piotr fatou",
        says=(
            Say(
                "sunita",
                "30m",
                "It is in exactly the right place, and you asked at the desk before you wrote. "
                "You will fit in here very well.",
                "❤️ amina jo",
            ),
            Say(
                "wei",
                "40m",
                "Eight minutes for you. My father needs twenty. Is there a seat on the way?",
            ),
            Reply(
                "amina",
                "15m",
                "There are two benches, at the chemist and at the fountain. But you are right, "
                "I did not think of this. Maybe only if it rains hard?",
                "🙏 wei",
            ),
            Reply(
                "tom",
                "1h",
                "Omar drives four people home after meetings. I will ask him whether he could "
                "do it before, too.",
                "❤️ wei amina",
            ),
            Say(
                "kasia",
                "1d 09:30",
                "The rain comes in at the back because of the gutter. I reported it in May, in "
                "July and in September. I would like us not to get used to it.",
                "💪 leila viktor 👍 tom jo marisol",
            ),
            Say(
                "leila",
                "20m",
                "Both. Library on wet days, gutter on the list. It is one bracket and a ladder.",
                "👍 kasia amina",
            ),
            Say(
                "jo",
                "2h",
                "This touches everybody and can be undone, so: advice first. @amina, would you "
                "ask three people for whom the library is further (Wei’s father, Mrs Lan’s "
                "landing, somebody with small children) and tell us on Tuesday what you "
                "propose? I can sit with you beforehand. Ten minutes are enough.",
                "👍 sunita wei",
            ),
            Reply(
                "amina",
                "50m",
                "I would like that. I am free on Monday after six. @jo should I write it down "
                "or only say it?",
                "💪 marisol",
            ),
            Reply("jo", "10m", "Three sentences on paper. Monday, 18:15, at the hall.", "👍 amina"),
            Say(
                "lan",
                "1h",
                "From our landing two would come to the library gladly. There is a heater "
                "under each window.",
                "❤️ amina",
            ),
        ),
    ),
    Topic(
        "facilitator-tuesday",
        "north",
        "dev",
        "talk",
        "1d 06:35",
        "Tuesday has no facilitator yet",
        """
I did the last two. Both times half asleep, ask Jo.

Three people have done it before: Kasia, Tom, Leila with Jo beside her. It needs forty minutes of
preparation and the tea tin.
""",
        "👀 tom kasia",
        ring="core",
        says=(
            Say(
                "leila",
                "6h",
                "I did half a meeting, and the second half Jo had to rescue. But all right, if "
                "Jo sits next to me again.",
                "💪 jo marisol dev sunita",
            ),
            Reply(
                "jo",
                "1h",
                "I rescued nothing, I handed you the pen. Gladly. Shall we do the agenda on "
                "Monday at nineteen hours? Amina brings the library proposal, ten minutes.",
                "👍 leila",
            ),
            Say("dev", "12h", "Then I may sleep. Thank you.", "❤️ leila"),
        ),
    ),
    Topic(
        "gas-inspector",
        "north",
        "tom",
        "question",
        "4d 19:30",
        "Gas inspection in Willow House: who is at home on {next:wed}?",
        """
The notice says "between 8 and 16", which is no time at all. Last year eleven flats were marked
*no access* and then got a fine.

If one neighbour per floor holds the keys of those who work, we are through by noon. I need six
people at home and one who walks along with the inspector and writes down what he says.
""",
        "👍 kasia marisol",
        says=(
            Say("wei", "1h", "Fifth floor: my father is always at home and likes visitors."),
            Say("hawa", "3h", "I can do the second floor until eleven."),
            Say(
                "viktor",
                "1d 10:00",
                "I walk along. He knows me. He will say it is all fine, and I will ask him to "
                "write that he *measured* it.",
                "💪 leila tom",
            ),
            Say(
                "amina", "8h", "My sister and I, first floor, the whole morning. We learn at home."
            ),
            Reply("tom", "2h", "Five floors of six. Who has the fourth?", "👀 lucia"),
        ),
    ),
]
