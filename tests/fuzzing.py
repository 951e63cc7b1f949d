"""Notebooks, work files and notes of time as no program writes them, from a seed."""

import json
import random

ODD = [
    None,
    True,
    -1,
    1e308,
    10**30,
    "",
    "half \ud83d of it",
    "\0",
    "../../up",
    "=1+1",
    [],
    [[]],
    {},
    {"nbgrader": 3},
    ["a", 1, None],
]
CODE = [
    "(" * 190 + "1" + ")" * 190,
    "[" * 5_000,
    "-" * 5_000 + "1",
    "1+" * 5_000 + "1",
    "9**9**9**9",
    "10**15**15",
    "'x' * 10**10",
    "[1, 2] * 10**9",
    "1 / 0",
    "1e999",
    "0x" + "f" * 5_000,
    "9" * 5_000,
    "{[]: 1}",
    "lambda: (yield)",
    "open('/dev/zero').read()",
    "__import__('os')._exit(1)",
    "“curly”",
    "'\\N{nope}'",
    "{'codes': {'kctu-001': 3}}",
    "[" + "'a'," * 3_000 + "]",
]
STAMPS = [
    b"0001-01-01 00:00:00 +05:00",
    b"9999-12-31 23:59:59 -05:00",
    b"2026-11-01 12:00:00 UTC",
    b"\xff\xfe",
    b"",
    b"soon",
    b"2026" * 10_000,
]


def damaged(notebook, seed):
    """The bytes of a notebook after one to four things went wrong with it."""
    chance = random.Random(seed)
    whole = json.loads(json.dumps(notebook))
    for _ in range(chance.randint(0, 3)):
        chance.choice([_odd_value, _odd_code, _shuffled, _fewer])(whole, chance)
    data = bytearray(json.dumps(whole).encode())
    for _ in range(chance.choice([0, 0, 1, 20])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.1 else data)


def _places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(each, (*path, key))


def _odd_value(whole, chance):
    path = chance.choice([path for path in _places(whole) if path])
    for key in path[:-1]:
        whole = whole[key]
    whole[path[-1]] = chance.choice(ODD)


def _odd_code(whole, chance):
    cells = [each for each in _cells(whole) if isinstance(each, dict)]
    for cell in chance.sample(cells, min(3, len(cells))):
        source = "".join(map(str, cell.get("source") or ""))
        name = source.partition(" =")[0]
        cell["source"] = chance.choice([source + "\n", ""]) + f"{name} = {chance.choice(CODE)}"


def _shuffled(whole, chance):
    chance.shuffle(_cells(whole))


def _fewer(whole, chance):
    cells = _cells(whole)
    del cells[chance.randrange(len(cells) + 1) :]
    cells += cells[:3]


def _cells(whole):
    found = whole.get("cells") if isinstance(whole, dict) else None
    return found if isinstance(found, list) else []
