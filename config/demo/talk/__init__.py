"""All the talk of the demo community, one file a place."""

from config.demo.talk import (
    bridge,
    circles,
    hispano,
    mill,
    new_here,
    north_earlier,
    north_lately,
    north_now,
    repairs,
    repairs_earlier,
    south,
    south_earlier,
    stewards,
    strike,
    supporters,
    survey,
)

TOPICS = [
    *bridge.TOPICS,
    *circles.TOPICS,
    *hispano.TOPICS,
    *mill.TOPICS,
    *new_here.TOPICS,
    *north_earlier.TOPICS,
    *north_lately.TOPICS,
    *north_now.TOPICS,
    *repairs.TOPICS,
    *repairs_earlier.TOPICS,
    *south.TOPICS,
    *south_earlier.TOPICS,
    *stewards.TOPICS,
    *strike.TOPICS,
    *supporters.TOPICS,
    *survey.TOPICS,
]
