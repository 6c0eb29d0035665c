"""One table for each method, architecture and label budget: every layer by every measure, student beside baseline."""

from __future__ import annotations

from .distillation import METHODS
from .evidence import LAYER_MEASURES, Evidence
from .figures import BUDGET_LABELS, SHORT, described
from .networks import Architecture
from .settings import BASELINE
from .statistics import Estimate, estimate
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
        "Mean over seeds ± half of its 95% interval. Gain: student against baseline, paired by seed; positive is more "
        "compact or more accurate (the scatter ratio's is ln(baseline / student)).\n\n" + "\n".join(parts)
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
                cells.append(_number(estimate(values)))
            cells.append(_number(estimate(layer_gains(evidence, student.name, method, budget, layer, measure)), "+"))
        rows.append(cells)
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines)


def _number(found: Estimate, plus: str = "") -> str:
    if found.n == 0:
        return "missing"
    return f"{found.mean:{plus}.3f}" + (f" ± {found.high - found.mean:.3f}" if found.has_interval else " (no interval)")
