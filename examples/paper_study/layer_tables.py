"""One table for each method, architecture and label budget: every layer by every measure, student beside baseline."""

from __future__ import annotations

from .distillation import METHODS
from .evidence import LAYER_MEASURES, Evidence
from .figures import SHORT, described
from .markdown import plus_minus, table
from .networks import Architecture
from .settings import BASELINE, BUDGET_LABELS
from .statistics import estimate
from .verdict import layer_gains


def layer_tables(evidence: Evidence) -> str:
    """Folded, one method after the other."""
    parts = []
    for method in evidence.methods:
        for student in evidence.students:
            for budget in evidence.budgets:
                if evidence.paired_seeds(student.name, method, budget):
                    title = f"{METHODS[method].label}, {described(student)}, {BUDGET_LABELS[budget]}"
                    body = _table(evidence, student, method, budget)
                    parts.append(f"<details><summary>{title}</summary>\n\n{body}\n\n</details>")
    return (
        "Mean over seeds ± half of its 95% interval; n: seeds, where not all count. Gain: student against baseline, "
        "paired by seed; positive is more compact or more accurate (the scatter ratio's is ln(baseline / student)).\n\n"
        + "\n".join(parts)
    )


def _table(evidence: Evidence, student: Architecture, method: str, budget: str) -> str:
    header = ["layer", "depth"]
    for measure in LAYER_MEASURES:
        header += [f"{SHORT[measure]}: student", "baseline", "gain"]
    rows = []
    seeds = evidence.paired_seeds(student.name, method, budget)
    for layer in student.layers:
        cells = [layer, f"{student.relative_depth(layer):.2f}"]
        for measure in LAYER_MEASURES:
            for taught in (method, BASELINE):
                values = [evidence.value(student.name, taught, budget, seed, layer, measure) for seed in seeds]
                cells.append(plus_minus(estimate(values), evidence.asked_seeds))
            gains = estimate(layer_gains(evidence, student.name, method, budget, layer, measure))
            cells.append(plus_minus(gains, evidence.asked_seeds, signed=True))
        rows.append(cells)
    return table(header, rows)
