"""One event, one line: nothing that people type can forge a second log entry."""

import logging

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))}
_ESCAPES |= {0x2028: "\\u2028", 0x2029: "\\u2029"}
del _ESCAPES[0x09]


class OneLine(logging.Formatter):
    """Time, level, logger, message; control characters escaped; a traceback follows indented."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_ESCAPES)

    def formatException(self, info) -> str:
        lines = super().formatException(info).splitlines()
        return "\n".join("    " + line.translate(_ESCAPES) for line in lines)
