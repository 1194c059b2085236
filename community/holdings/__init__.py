"""What the core holds about people, declared by subject: table by table, with reason, time and end.

Another subject is another module here; ``community/personal.py`` says how to declare.
"""

from community.holdings import (
    abuse,
    announcing,
    belonging,
    chat,
    lists,
    mail,
    people,
    pushing,
    recovery,
    rights,
    safety,
    standing,
    telling,
    words,
)

__all__ = [
    "abuse",
    "announcing",
    "belonging",
    "chat",
    "lists",
    "mail",
    "people",
    "pushing",
    "recovery",
    "rights",
    "safety",
    "standing",
    "telling",
    "words",
]
