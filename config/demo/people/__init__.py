"""Who is in the demo community."""

from config.demo.people import north_bank, south_bank, streets, town

PEOPLE = [*north_bank.PEOPLE, *streets.PEOPLE, *south_bank.PEOPLE, *town.PEOPLE]
