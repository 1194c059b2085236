"""The groups of the demo community, parents before their branches."""

from config.demo.groups import branches, circles, working

GROUPS = [*branches.GROUPS, *working.GROUPS, *circles.GROUPS]
