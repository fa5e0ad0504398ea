"""Parameter tables, read as nothing but data: which row holds for a name, an area, a
category and a month (pen-forms(5))."""

import csv
import glob
import os
from fractions import Fraction


class Tables:
    def __init__(self, *directories):
        self.rows = {}
        for directory in directories:
            for path in sorted(glob.glob(os.path.join(directory, "*.csv"))):
                with open(path, encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file):
                        self.rows.setdefault((row["name"], row["area"], row["category"]), []).append(row)

    def row(self, name, area, month, category=""):
        """Of the narrowest area that has any; of its category before one for all."""
        for code in (area, area[:4] + "00", area[:2] + "0000", "000000"):
            for kind in ((category, "") if category else ("",)):
                for row in self.rows.get((name, code, kind), ()):
                    if (not row["valid_from"] or row["valid_from"] <= month) and (not row["valid_to"] or month <= row["valid_to"]):
                        return row
        return None

    def text(self, name, area, month, category=""):
        row = self.row(name, area, month, category)
        return row["value"] if row else None

    def number(self, name, area, month, category=""):
        """Yuan in fen, percent as a fraction of one, anything else as it stands."""
        row = self.row(name, area, month, category)
        if not row:
            return None
        value = Fraction(row["value"])
        return value * 100 if row["unit"] == "yuan" else value / 100 if row["unit"] == "percent" else value


def month(number):
    """A month, counted from the year 0, as the tables write it."""
    return "%04d-%02d" % (number // 12, number % 12 + 1)


def count(text):
    return int(text[:4]) * 12 + int(text[5:7]) - 1
