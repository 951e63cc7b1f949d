"""A class graded in one command: ``make grade FOLDER=…``, or ``grade_class("folder")``.

nbgrader keeps the gradebook, puts back what was changed and adds up the points. The learner's code itself runs apart
(:mod:`helpers.classroom.apart`), and the tests run here, on the plain answers that came of it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import io
import logging
import os
import queue
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.classroom.apart import ROOT, SECONDS, Apart, Run, names_in
from helpers.classroom.handed_in import HandedIn, find, restored
from helpers.classroom.marks import feedback_page, read_marks, write_table
from helpers.text.errors import UnionError

if TYPE_CHECKING:
    from nbformat import NotebookNode

KEY = ROOT / "notebooks" / "instructor" / "assignments" / "source"
OWN_CLASS = ROOT / "my-class"
