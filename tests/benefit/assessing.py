"""Who retires, assessed by the tools a year at a time, and by the second computation."""

import os
import subprocess

import ages
from accounts import Account, rows_of
from careers import OPENED
from pensions import PROVINCES
from tables import month

MONTHS = 10 ** 6    # of an index, in the store


class Assessing:
    COLUMNS = ("retired_on", "benefit_from", "category", "route", "age_months", "paid_months", "deemed_months", "wage_index",
               "wage_base_1_fen", "wage_base_2_fen", "balance_fen", "divisor", "basic_fen", "account_fen", "transitional_fen",
               "extra_fen", "pension_fen", "provisional")

    def __init__(self, witness):
        self.witness, self.agency, self.tables = witness, witness.agency, witness.tables
        self.count = 0

    def rate(self, year):
        """And whether it is not published yet."""
        area = self.agency.area
        published = self.tables.number("account.interest", area, "%d-01" % year)
        return (published, False) if published is not None else (self.tables.number("account.interest-provisional", area, "%d-01" % year), True)

    def balance(self, person, until):
        """At the end of the month before a month."""
        account = Account(person.opening if person.insured < (OPENED + 1) * 12 else (0, 0, 0, 0))
        provisional = False
        for year in range(OPENED + 1, until // 12 + 1):
            months = 12 if year < until // 12 else until % 12
            if months:
                rate, open_ = self.rate(year)
                account.year(rate, rows_of(person, year), months)
                provisional = provisional or open_
        return account.total(), provisional

    def expected(self, p):
        """The row that is to come; a text: why not."""
        start = p.retired + 1
        total, provisional = self.balance(p, start)
        pension = PROVINCES[self.agency.area[:2]](p, total, self.tables, self.agency.area)
        if pension.months < ages.minimum(p.retired // 12):
            return "too few months: %d" % pension.months
        parts = pension.parts()
        return dict(zip(self.COLUMNS, (self.day(p), self.number(start), p.category, p.route, pension.age, pension.paid, pension.deemed,
                                      int(pension.index * MONTHS), int(pension.first), int(pension.second), total,
                                      int(pension.divisor * 10)) + tuple(parts) + (sum(parts), int(provisional))))

    @staticmethod
    def number(m):
        return m // 12 * 100 + m % 12 + 1

    def day(self, p):
        return self.number(p.retired) * 100 + int(p.born_on[8:])

    def reckoned(self, year):
        """What the library makes of the sealed records of all who retire for a year, one by one."""
        people = [p for p in self.agency.careers.people if (p.retired + 1) // 12 == year]
        numbers = {value: number for number, value in self.witness.people.items()}
        lines = "".join("%d %d %d\n" % (numbers[p.id], self.number(p.retired), self.number(p.born)) for p in people)
        program = os.path.join(self.agency.bin, "..", "benefit", "reckon")
        out = subprocess.run([program, self.agency.store, self.agency.area], input=lines, stdout=subprocess.PIPE, text=True, check=True,
                             env=dict(self.agency.environment, PEN_CLOCK=self.agency.clock())).stdout.splitlines()
        for p, found in zip(people, out):
            row = self.expected(p)
            if isinstance(row, str):    # too few months
                continue
            self.witness.same(found, " ".join(str(row[c]) for c in self.COLUMNS[5:]), "pension of %s (%s, %s)" % (p.id, p.route, month(p.retired)))
            self.count += 1
        self.witness.same(len(out), len(people), "pensions of %d" % year)
