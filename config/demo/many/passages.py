"""Prose without a story, of the length that people write in forums; the same every time."""

from __future__ import annotations

from random import Random

COMMON = """
tenant neighbour street house stair door window roof boiler lift letter council meeting question
answer repair rent date list name key lamp soup bread garden bench bridge river winter evening
morning week member group room paper plan vote promise report survey wall water light table chair
market school library bus child friend work story photo open warm dry fair long short early late
new old good clear quiet next first second write read ask tell call bring mend carry count meet
wait begin end agree learn help the a an of and to in for with on at from by about as into after
before under between it this that we you they is are was were be have has had do does did will
would can could should
"""
WORDS = COMMON.split()


def sentence(random: Random) -> str:
    """Six to eighteen words."""
    words = random.choices(WORDS, k=random.randint(6, 18))
    return " ".join(words).capitalize() + "."


def passage(random: Random) -> str:
    """One to three paragraphs; now and then a list, and something in bold."""
    paragraphs = [
        " ".join(sentence(random) for _ in range(random.randint(1, 4)))
        for _ in range(random.randint(1, 3))
    ]
    if random.random() < 0.15:
        paragraphs.append("\n".join(f"- {sentence(random)}" for _ in range(3)))
    if random.random() < 0.15:
        paragraphs.append(f"**{sentence(random)}** and `code {random.choice(WORDS)}`")
    return "\n\n".join(paragraphs)


def title(random: Random, number: int) -> str:
    return f"{sentence(random)[:70].rstrip('. ')} {number}"
