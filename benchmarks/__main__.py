"""`python -m benchmarks [--quick] [NAME…]`: run those named, or all, and print one JSON object.

Each file is one claim with a function `measure(quick=…) -> dict`: figures, the limit measured in
the same run, and their ratio. Quote ratios and CPU time; wall time belongs to the machine of the
day.
With `--quick` they only show that they run: their figures mean nothing.
"""

import importlib
import json
import platform
import sys

NAMES = ("ledger", "customs", "scan", "day")


def main(wanted: list[str]) -> int:
    """Run and print; exit 2 for a name that is no benchmark."""
    quick = "--quick" in wanted
    wanted = [name for name in wanted if name != "--quick"]
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(NAMES)}")
        return 2
    report = {"python": platform.python_version(), "machine": platform.machine()}
    for name in wanted or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        report[name] = importlib.import_module(f"benchmarks.{name}").measure(quick=quick)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
