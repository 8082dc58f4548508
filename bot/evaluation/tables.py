"""The figures for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SHOWN = 10
"""Pairs, changed sentences and intents that are shown at most."""


def table(reports: list[dict[str, Any]]) -> str:
    """All files: first side by side, then each with its details."""
    lines = [
        f"{'file':32} {'n':>5} {'accuracy':>9} {'macro F1':>9} {'refused':>8} {'OOS@5%':>7}"
        f" {'ECE':>6}"
    ]
    for one in reports:
        recall = one["out_of_scope"]["recall_at_5pct_refused"]
        shown = "-" if recall is None else f"{recall:.1%}"
        lines.append(
            f"{_short(one['file']):32} {one['n']:5} {one['accuracy']:9.1%} {one['macro_f1']:9.1%} "
            f"{one['refused']:8.1%} {shown:>7} {one['calibration']['ece']:6.3f}"
        )
    for one in reports:
        lines.append(f"\n{one['file']}")
        lines += _scores("intent", one["intents"])
        lines += _scores("entity", one["entities"])
        lines += _calibration(one["calibration"])
        lines += _confusions(one["confusions"])
        if "against" in one:
            lines += _against(one["against"])
    return "\n".join(lines)


def _short(file: str) -> str:
    return "/".join(file.split("/")[-3:])[-32:]


def _scores(title: str, scores: dict[str, Any]) -> Iterator[str]:
    if scores:
        yield f"  {title:24} {'n':>4} {'precision':>10} {'recall':>7} {'F1':>7}"
    worst_first = sorted(scores.items(), key=lambda item: (item[1]["f1"], item[0]))
    for name, score in worst_first:
        yield (
            f"  {name:24} {score['n']:4} {score['precision']:10.1%} {score['recall']:7.1%}"
            f" {score['f1']:7.1%}"
        )


def _calibration(figures: dict[str, Any]) -> Iterator[str]:
    yield f"  calibration: error {figures['ece']:.3f}"
    for one in figures["bins"]:
        if one["n"]:
            yield (
                f"    {one['from']:.1f} to {one['to']:.1f}: {one['n']:4} sentences,"
                f" {one['confidence']:.1%} sure, {one['accuracy']:.1%} right"
            )


def _confusions(pairs: list[dict[str, Any]]) -> Iterator[str]:
    for pair in pairs[:SHOWN]:
        yield f"  {pair['expected']} taken for {pair['got']}: {pair['n']}"
        for text in pair["examples"]:
            yield f"      {text}"


def _against(change: dict[str, Any]) -> Iterator[str]:
    yield (
        f"  against {change['model']}: {change['accuracy_before']:.1%} →"
        f" {change['accuracy_after']:.1%}; {len(change['better'])} better,"
        f" {len(change['worse'])} worse, {len(change['other'])} wrong in another way"
    )
    for kind in ("worse", "better", "other"):
        for one in change[kind][:SHOWN]:
            yield f"    {kind}: {one['text']}"
            yield f"      is {one['expected']}; was {one['before']}, now {one['after']}"
    moved = sorted(change["intents"].items(), key=lambda item: item[1]["delta"])
    for name, one in moved:
        yield f"    {name}: F1 {one['before']:.1%} → {one['after']:.1%} ({one['delta']:+.1%})"
