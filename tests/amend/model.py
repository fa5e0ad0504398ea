"""What a pension agency's amendments come to, by a second hand: written from the
regulation and the manual pages, with nothing of the tools in it.

Rows, accounts, cases, their steps and the log of what was changed are kept in plain
dictionaries. Amounts are integers in fen, everything between is an exact fraction."""

import calendar
import datetime
from fractions import Fraction

RATES = {2022: Fraction(612, 10000), 2023: Fraction(397, 10000), 2024: Fraction(262, 10000)}
YEARS = (2022, 2023, 2024)
UNIT, PERSONAL = Fraction(16, 100), Fraction(8, 100)

# R5: as what a move is made, from which state, to which. An objection is R4.2.3(3)'s.
LONG = {
    ("requested", "approve"): ("lead", "lead-approved"),
    ("lead-approved", "approve"): ("head", "head-approved"),
    ("head-approved", "unseal"): ("syslead", "unsealed"),
    ("unsealed", "apply"): ("amender", "applied"),
    ("applied", "check"): ("lead", "checked"),
    ("checked", "close"): ("lead", "closed"),
    ("requested", "return"): ("lead", "returned"),
    ("lead-approved", "return"): ("head", "returned"),
    ("requested", "reject"): ("lead", "rejected"),
    ("lead-approved", "reject"): ("head", "rejected"),
    ("returned", "revise"): ("requester", "requested"),
    ("requested", "withdraw"): ("requester", "withdrawn"),
    ("returned", "withdraw"): ("requester", "withdrawn"),
    ("lead-approved", "withdraw"): ("requester", "withdrawn"),
    ("head-approved", "withdraw"): ("requester", "withdrawn"),
    ("unsealed", "expire"): ("anybody", "expired"),
}
SHORT = {
    ("requested", "approve"): ("lead", "lead-approved"),
    ("lead-approved", "apply"): ("amender", "applied"),
    ("applied", "check"): ("lead", "checked"),
    ("checked", "close"): ("lead", "closed"),
    ("requested", "return"): ("lead", "returned"),
    ("requested", "reject"): ("lead", "rejected"),
    ("returned", "revise"): ("requester", "requested"),
    ("requested", "withdraw"): ("requester", "withdrawn"),
    ("returned", "withdraw"): ("requester", "withdrawn"),
    ("lead-approved", "withdraw"): ("requester", "withdrawn"),
}
OVER = ("closed", "rejected", "withdrawn", "expired")


def half_up(amount):
    """To the whole fen, half away from zero."""
    twice = abs(amount) * 2 + 1
    whole = twice.numerator // (2 * twice.denominator)
    return whole if amount >= 0 else -whole


def share(base, months, rate):
    """What follows from a base: each month's share rounded."""
    return len(months) * half_up(Fraction(base) * rate)


def settle(opening, rows):
    """The account by year: S1 = S0(1 + r) + A + M r / 12, the two interests rounded once
    a year, for the personal and the unit part apart."""
    pp, pi, up, ui = opening
    years = {}
    for year in YEARS:
        rate = RATES[year]
        credit, product = 0, Fraction(0)
        for row in rows.get(year, []):
            credit += row["personal"]
            for month in row["months"]:
                product += Fraction(row["personal"], len(row["months"])) * (13 - month)
        on_opening = half_up(Fraction(pp + pi) * rate), half_up(Fraction(up + ui) * rate)
        on_year = half_up(product * rate / 12)
        pp, pi, ui = pp + credit, pi + on_opening[0] + on_year, ui + on_opening[1]
        years[year] = (pp, pi, up, ui)
    return years


def three_months_on(day, worked):
    """The last day of three months: of the same number, or the month's last; if it is not
    worked, the next that is."""
    month = day.month + 3
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    last = datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    while not worked(last):
        last += datetime.timedelta(1)
    return last


class Case:
    def __init__(self, number, form, agency, requester):
        self.number, self.form, self.agency, self.requester = number, form, agency, requester
        self.state, self.revision, self.steps, self.changes, self.issue = "requested", 1, [], [], None
        self.reason, self.open_until = None, None

    def table(self):
        return SHORT if self.form == "objection" else LONG

    def begin(self, move, time):
        self.steps.append((move, "requested", "requester", self.requester, time, None))

    def move(self, move, staff, time, reason=None):
        post, to = self.table()[(self.state, move)]
        self.state = to
        self.steps.append((move, to, post, staff, time, reason))
        if move == "revise":
            self.revision += 1

    def open(self, now):
        """Whether it claims its records: one whose time is over does not."""
        return self.state not in OVER and not (self.state == "unsealed" and now >= self.open_until)


class Agency:
    """rows: (person, year) -> row; row: base, months, unit, personal, employer."""

    def __init__(self):
        self.rows, self.openings, self.registered = {}, {}, {}
        self.cases, self.log, self.issues = {}, [], {}

    def account(self, person, rows=None):
        rows = self.rows if rows is None else rows
        mine = {}
        for year in YEARS:
            if (person, year) in rows:
                mine[year] = [rows[(person, year)]]
        return settle(self.openings[person], mine)

    # -- what a change of a record comes to

    def changed(self, person, year, asked, employer=None):
        """The fields (column, old, new, follows) and the row as it is to stand."""
        old = self.rows.get((person, year))
        row = dict(old) if old else {"employer": employer, "months": ()}
        fields = []
        if "months" in asked:
            first = min(old["months"]) if old else 1
            row["months"] = tuple(range(first, first + asked["months"]))
        if "base" in asked:
            row["base"] = asked["base"]
        for part, rate in (("unit", UNIT), ("personal", PERSONAL)):
            if part in asked:
                row[part] = asked[part]
            elif "base" in asked or "months" in asked:
                row[part] = share(row["base"], row["months"], rate)
        for name in ("base", "months", "unit", "personal"):
            if not old or old[name] != row[name]:
                fields.append((name, old[name] if old else None, row[name], name not in asked))
        return fields, row

    def effect(self, changes):
        """(person, year): account before and after, at the end of the last settled year."""
        rows = dict(self.rows)
        openings = dict(self.openings)
        people = []
        for change in changes:
            if change["kind"] == "breakdown":
                rows[(change["person"], change["year"])] = change["row"]
            if change["person"] not in people:
                people.append(change["person"])
        result = {}
        for person in people:
            before = sum(self.account(person)[YEARS[-1]])
            opening = self.openings[person]
            for change in changes:
                if change["kind"] == "opening" and change["person"] == person:
                    self.openings[person] = change["row"]
            after = sum(self.account(person, rows)[YEARS[-1]])
            self.openings[person] = opening
            result[person] = (before, after)
        self.openings = openings
        return result

    def apply(self, case):
        for change in case.changes:
            if change["kind"] == "breakdown":
                self.rows[(change["person"], change["year"])] = change["row"]
            elif change["kind"] == "opening":
                self.openings[change["person"]] = change["row"]
            else:
                self.registered[change["person"]].update(change["row"])

    def claims(self, case, now):
        if not case.open(now):
            return []
        return [(c["kind"], c["person"], c["year"]) for c in case.changes]

    def claimed(self, kind, person, year, now, but=None):
        for case in self.cases.values():
            if case.number != but and (kind, person, year) in self.claims(case, now):
                return case.number
        return None
