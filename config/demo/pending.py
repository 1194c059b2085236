"""What is not finished: requests, offers, invitations, an appeal, drafts, things kept for later.

Times are hours or days ago, as "31h" or "16d 19:00".
"""

JOIN_REQUESTS = [
    {
        "group": "north",
        "by": "samir",
        "ago": "31h",
        "answers": (
            "Mill Street 14. My neighbour told me about the boiler letter.",
            "The window in the stairwell, since before I moved in. It whistles.",
        ),
    },
    {
        "group": "north",
        "by": "raul",
        "ago": "7h",
        "answers": (
            "Bridge Street 9. Ya estoy en el grupo de la casa, y quiero venir también los martes.",
            "La luz de la escalera. Bueno, ya no: la arregló Oleh.",
        ),
    },
    {
        "group": "register",
        "by": "yara",
        "ago": "2d 18:00",
        "answers": (
            "Four to six, mostly on Sundays.",
            "No. I teach at the evening school.",
            "Yes, twice. Four ranges for how long people have lived there may be too many.",
        ),
    },
]

DECLINED = [
    {
        "group": "register",
        "by": "malik",
        "ago": "9d 13:00",
        "answers": (
            "One, when the shop is empty.",
            "No.",
            "Not yet, but I am curious what the others pay.",
        ),
        "decided_by": "bea",
        "reason": "Thank you for asking, Malik. Curiosity is a good beginning, and this table is "
        "not the place for it: people told us their rent on condition that few see it. Read "
        "what we keep first, then let us talk at the shop. I need a haircut anyway.",
    },
]

RING_OFFERS = [
    {
        "group": "repairs",
        "to": "tom",
        "by": "rosa",
        "ring": "steward",
        "ago": "20h",
        "note": "The letters have been yours for months. Jo and I would like you to hold the "
        "campaign with us until spring. Say no if you would rather write.",
    },
    {
        "group": "north",
        "to": "aisha",
        "by": "jo",
        "ring": "core",
        "ago": "2d 20:00",
        "note": "You wrote the debrief that everybody now reads before their first round.",
    },
    {
        "group": "childcare",
        "to": "kofi",
        "by": "teresa",
        "ring": "steward",
        "ago": "1d 21:00",
        "note": "¿Lo llevamos entre dos? Tú tienes el curso, yo tengo las llaves.",
    },
]

RING_REQUESTS = [
    {
        "group": "north",
        "by": "lucia",
        "ring": "core",
        "ago": "1d 17:30",
        "note": "I would like to look after the films and the photos, together with Piotr.",
    },
    {
        "group": "north",
        "by": "malik",
        "ring": "participant",
        "ago": "3d 12:00",
        "note": "Half of my customers live between the bridge and the mill. I want to hear it "
        "from you and not from the chair.",
    },
    {
        "group": "south",
        "by": "zainab",
        "ring": "core",
        "ago": "4d 09:30",
        "note": "The questions to the committee take me two evenings a week as it is.",
    },
]

INVITATIONS = [
    {
        "group": "north",
        "by": "marisol",
        "note": "For the four from Willow House who said yes at the door.",
        "max_uses": 10,
        "ago": "1d 22:00",
        "used_by": (),
    },
    {
        "group": "stewards",
        "by": "marisol",
        "email": "teresa@riverside.example",
        "note": "You have started a group, so there is a chair for you here, and soup.",
        "ago": "2d 12:00",
        "used_by": (),
    },
    {
        "group": "strike",
        "by": "grace",
        "note": "You ran the telephone tree in the year of the flood.",
        "max_uses": 1,
        "ago": "1d 10:00",
        "used_by": ("shirley",),
    },
]

REMOVALS = [
    {
        "group": "repairs",
        "who": "derek",
        "by": "jo",
        "ago": "6d 19:00",
        "reason": "You named a neighbour with her flat number as somebody who “takes and does not "
        "sign”. Mo and I had each asked you before not to write about neighbours who can be "
        "recognised. The others need to be able to trust that their door is not talked about. "
        "You can ask to come back after three months, and before that we would like to talk.",
        "appeal": {
            "ago": "4d 10:00",
            "text": "I was wrong to write the number and I have told her so. But between Mo’s call "
            "and Jo’s talk were almost three weeks in which nobody said anything, and I "
            "thought it was settled. I have walked every survey day. I would like to be heard "
            "by somebody who was not annoyed with me.",
        },
    },
]

PROPOSED = [
    {
        "name": "Old Town doorsteps",
        "by": "sofia",
        "kind": "local",
        "area": "Old Town",
        "languages": ("en", "es"),
        "purpose": "Eighteen homes in the register and no group. We would like to have one, with "
        "chairs on the street in summer.",
        "ago": "1d 15:00",
    },
]

EDITS = [
    {
        "topic": "how-we-decide",
        "before": "If it costs under ten and can be undone",
        "after": "If it costs under twenty and can be undone",
        "ago": "36d 21:00",
    },
]

DRAFTS = [
    {
        "by": "marisol",
        "group": "north",
        "ago": "3h",
        "title": "Who holds the spring lunch?",
        "text": "Hawa and Kasia have said that they would like to learn it. What I would hand over "
        "to them:\n\n"
        "- the list of pots, and whose they are\n"
        "- the telephone number of the school kitchen\n"
        "- ",
    },
    {
        "by": "tom",
        "topic": "laundry-key",
        "ago": "2h",
        "text": "I can write the sentence about the common rooms for Monday. Viktor, have you got "
        "page 6 as",
    },
    {
        "by": "jo",
        "group": "repairs",
        "ago": "26h",
        "title": "What “I hear you” means, six weeks on",
        "text": "The date on the wall is coming closer. Three questions that I would put to the "
        "chair:\n\n1. ",
    },
    {
        "by": "amina",
        "group": "north",
        "ago": "5h",
        "title": "Proposal: the library on wet days",
        "text": "On evenings when it rains hard at six, we meet in the reading room of the library",
    },
]

BOOKMARKS = {
    "marisol": "three-languages one-does-half boiler-nine-days bridge-1983",
    "tom": "report-how doors-41 survey-58",
    "amina": "start-here rent-twice who-sees-me how-we-decide",
    "jo": "empty-office council-evening strike-question",
    "hanna": "call-committee story-boiler",
    "mo": "who-sees-me names-on-list",
    "luis": "mi-primera-puerta",
}

FOLLOWS = {
    "marisol": "laundry-key library-rain lift-tannery rent-twice survey-58",
    "jo": "rent-letters-north library-rain survey-saturday register-140",
    "tom": "laundry-key doors-41 report-how",
    "amina": "boiler-nine-days library-rain survey-saturday",
}

HUSHED = {"tom": "courtyard-lunch", "hanna": "estates-answer"}
"""Topics that somebody asked to hear nothing of."""

LAST_LOOK = {"marisol": 9, "jo": 4, "tom": 6, "amina": 20, "mo": 11, "rosa": 3, "luis": 14}
"""Hours since somebody looked around; for the others it follows from `Person.last_seen`."""

STAFF = {
    "marisol": "admin",
    "mo": "moderator",
    "grace": "safeguarding",
    "miriam": "safeguarding_bypass",
}
COMMUNITY_STEWARDS = ("marisol", "carmen", "miriam", "grace")

SIGN_INS = [
    ("marisol", "Marisol, steward of several groups and of the whole community"),
    ("jo", "Jo, steward of Riverside North and of the Repairs campaign"),
    ("tom", "Tom, takes part in a lot, holds nothing"),
    ("amina", "Amina, joined three days ago"),
    ("hanna", "Hanna, follows quietly"),
    ("mo", "Mo, moderator"),
    ("luis", "Luis, en español"),
]
PASSWORD = "riverside-demo"
