"""The access table: every address, and what it answers to whom.

A row is a method, an address and seven statuses: for a guest, cleo (member of the community, not of
the group), fay (follower), ben (takes part), ada (steward), mo (moderator of the site) and ruth
(steward of the whole community). The group is closed unless the address says otherwise. Names in
braces are filled in from the world of the test. 302 for a guest leads to signing in; 404 keeps a
secret; 403 gives the reason; 405 means that the address does not know the method; 422 that what was
sent was empty, so that its right was there.
"""

WHO = ("guest", "cleo", "fay", "ben", "ada", "mo", "ruth")

TABLE = """
"""
