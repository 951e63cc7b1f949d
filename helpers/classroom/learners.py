"""Whose work file is whose: several saves of one learner's work, and learners who go by one name."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple


class Saved(NamedTuple):
    """One work file: what sentences call it, its name, its bytes, the ids of its steps, and what they come to."""

    label: str
    file: str
    data: bytes
    ids: frozenset[str]
    name: str  # as the learner said it last, or nothing
    first: tuple[str, str]  # time and id of the earliest step
    last: str
    invented: bool
    rows: list[dict[str, Any]]  # the codings
    troubles: Counter[str]


def learners_of(saved: list[Saved]) -> list[list[Saved]]:
    """The files of each learner, in an order that says nothing.

    Two files are of one learner if they share steps and the name, or if all steps of one are in the other, and in no other's.
    """
    partners, root = _sharing(saved), list(range(len(saved)))

    def join(one: int, other: int) -> None:
        old, new = root[one], root[other]
        root[:] = [new if each == old else each for each in root]

    for one, others in partners.items():
        for other in others:
            if saved[one].name and saved[one].name.casefold() == saved[other].name.casefold():
                join(one, other)
    for one in sorted(partners, key=lambda place: (-len(saved[place].ids), saved[place].first)):
        around = {root[other] for other in partners[one] if saved[one].ids <= saved[other].ids} - {
            root[one]
        }
        if len(around) == 1:
            join(one, around.pop())
    groups = [
        [saved[place] for place in range(len(saved)) if root[place] == each]
        for each in dict.fromkeys(root)
    ]
    return sorted(groups, key=lambda group: scattered(min(each.first for each in group)[1]))


def _sharing(saved: list[Saved]) -> dict[int, set[int]]:
    """The files that share steps with other files, by place, and with which."""
    if len(frozenset().union(*(each.ids for each in saved))) == sum(
        len(each.ids) for each in saved
    ):
        return {}  # as it mostly is
    holders: dict[str, list[int]] = {}
    for place, each in enumerate(saved):
        for id in each.ids:
            holders.setdefault(id, []).append(place)
    found: dict[int, set[int]] = {}
    for places in {tuple(some) for some in holders.values() if len(some) > 1}:
        for place in places:
            found.setdefault(place, set()).update(set(places) - {place})
    return found


def names_of(groups: list[list[Saved]], names: bool) -> list[str]:
    """What each learner is called, no two the same."""
    if not names:
        return [
            f"{'Invented' if group[0].invented else 'Learner'} {number}"
            for number, group in enumerate(groups, 1)
        ]
    found = [latest(group).name or "no name" for group in groups]
    while len({name.casefold() for name in found}) < len(found):
        many, so_far = Counter(name.casefold() for name in found), Counter()
        for place, name in enumerate(found):
            if many[name.casefold()] > 1:
                so_far[name.casefold()] += 1
                found[place] = f"{name} ({so_far[name.casefold()]})"
    return found


def latest(group: list[Saved]) -> Saved:
    """The save in which most is done of those that were made last."""
    return max(group, key=lambda each: (each.last, len(each.ids)))


def told_apart(saved: list[Saved], groups: list[list[Saved]], called: list[str]) -> Iterable[str]:
    """What there is to say about saves of one learner, and about learners who are hard to tell apart."""
    owner = {id(each): name for name, group in zip(called, groups, strict=True) for each in group}
    for name, group in zip(called, groups, strict=True):
        if len(group) > 1:
            other = " under more than one name" * (
                len({each.name.casefold() for each in group}) > 1
            )
            yield f"{joined(each.label for each in group)} are saves of one learner's work{other}, {name}: all steps together count once."
    whose = [owner[id(each)] for each in saved]
    near = {
        whose[one]
        for one, others in _sharing(saved).items()
        if any(whose[other] != whose[one] for other in others)
    }
    if near:
        yield f"Different names, and yet some of the same steps, so ask whether they began from one file: {joined(sorted(near))}."
    alike: dict[str, list[str]] = {}
    for name, group in zip(called, groups, strict=True):
        alike.setdefault(latest(group).name.casefold(), []).append(name)
    for name, some in alike.items():
        if name and len(some) > 1:
            yield f"The same name, and no step in common, so they are kept apart as different learners: {joined(some)}."


def scattered(text: str) -> bytes:
    """What puts things in an order that says nothing."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def joined(each: Iterable[str]) -> str:
    """Some names in a sentence."""
    return "; ".join(each)
