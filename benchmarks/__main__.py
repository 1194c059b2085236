"""``make bench``: measure the site on its production servers; print a table, write one JSON file.

OUT= names the file (DATA/bench.json), ONLY=pages,reply runs just those parts, BENCH_DATA= keeps
the filled data folders for the next run (DATA/bench).
"""

import json
import os
import platform
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from benchmarks.parts import KEYS, PARTS, RUNS


def machine() -> dict:
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def main() -> None:
    data = Path(os.environ.get("DATA") or ".data")
    folder = Path(os.environ.get("BENCH_DATA") or data / "bench")
    out = Path(os.environ.get("OUT") or data / "bench.json")
    wanted = [part for part in os.environ.get("ONLY", "").split(",") if part] or list(PARTS)
    unknown = set(wanted) - set(PARTS)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    report = {"machine": machine(), "runs": RUNS}
    for part in wanted:
        begun = time.monotonic()
        report[KEYS.get(part, part)] = PARTS[part](folder)
        print(f"\n{part} ({time.monotonic() - begun:.0f} s)")
        show(report[KEYS.get(part, part)])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=1))
    print(f"\nWritten to {out}")


def show(found: object) -> None:
    if not isinstance(found, dict):
        print(f"  {found}")
        return
    for name, value in found.items():
        if isinstance(value, dict):
            value = "  ".join(f"{key} {number}" for key, number in value.items())
        print(f"  {name:16} {value}")


if __name__ == "__main__":
    main()
