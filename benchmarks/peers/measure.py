"""Measures one system in its own process: `measure.py MODULE index|ask FILE MODEL PLACE [OPTION]`.

Nothing beyond the standard library is imported here; the module imports its system. It has
`load(model, option)`, `index(loaded, passages, place)` and `opened(model, option, place)`, which
gives a function from a question to the numbers of passages, best first. Prints JSON: the seconds
that indexing took, or the figures of asking.
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import sys
import time
from pathlib import Path

_WARM_UP = 20


def main() -> None:
    name, task, file, model, place = sys.argv[1:6]
    option = sys.argv[6] if len(sys.argv) > 6 else ""
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    module = importlib.import_module(name)
    if task == "index":
        loaded = module.load(model, option)
        started = time.perf_counter()
        module.index(loaded, data["passages"], place)
        print(json.dumps(time.perf_counter() - started))
        return
    ask = module.opened(model, option, place)
    for question, _ in data["questions"][:_WARM_UP]:
        ask(question)
    spent, right = [], 0
    for question, answer in data["questions"]:
        started = time.perf_counter()
        found = ask(question)
        spent.append(time.perf_counter() - started)
        right += bool(found) and found[0] == answer
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {
        "p50_ms": 1000 * statistics.median(spent),
        "p95_ms": 1000 * statistics.quantiles(spent, n=20)[-1],
        "recall_at_1": right / len(spent),
        "peak_mib": peak,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
