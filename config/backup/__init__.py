"""Backups of the whole site, and the way back: one encrypted file, checked before it is believed.

* `seal` turns a stream of bytes into one that only the holder of the passphrase can read, and
  that cannot be changed or cut short unnoticed.
* `archive` lays named parts one after another, with a manifest of their hashes at the end.
* `database` writes and reads the database's part, by PostgreSQL's own programs where there are
  some that fit, else by COPY.
* `making` and `restoring` put these together; `shelf` knows the folder of finished backups.

Nothing is ever written in the clear on the way, not even for a moment.
"""


class BackupError(Exception):
    """The whole message is what is wrong and what to do about it."""
