"""Grade what a class has handed in, as `make grade FOLDER="handed in" DUE=2027-01-31` does."""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from helpers import UnionError
from helpers.classroom.grading import grade_class


def moment(text: str) -> datetime:
    """The last moment of a day, or a moment of it, in the time of this computer."""
    found = datetime.fromisoformat(text)
    return (found + timedelta(days="T" not in text)).astimezone(UTC)


def main() -> None:
    """Grade, and say where to look."""
    given = argparse.ArgumentParser(prog="make grade", description=__doc__)
    given.add_argument("folder", help="the folder with what the class has handed in")
    given.add_argument("--due", help="the last day to hand in, or moment: 2027-01-31T17:00")
    wanted = given.parse_args()
    try:
        due = moment(wanted.due) if wanted.due else None
        out = grade_class(wanted.folder, due=due)
    except UnionError as problem:
        sys.exit(str(problem))
    except ValueError:
        sys.exit(f"“{wanted.due}” is no date: write it as in 2027-01-31.")
    print(f"Done: look into {out.name}. Read to-read.csv first, and write your points into it.")


if __name__ == "__main__":
    main()
