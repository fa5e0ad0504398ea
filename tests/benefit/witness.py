"""The tools' figures beside the second computation's, person by person, to the fen."""

import datetime

from accounts import Account, rows_of
from assessing import Assessing
from careers import OPENED, YEARS
from months import FIRST, Months
from retirees import Retirees


class Witness:
    def __init__(self, agency, tables, said):
        self.agency, self.tables, self.said = agency, tables, said
        self.people, self.accounts = {}, {}
        self.retired = []       # (person, row of the assessment)

    def same(self, found, expected, about):
        if found != expected:
            self.said.append("%s: found %s, expected %s" % (about, found, expected))

    def checks(self):
        return [(self.balances, "every account of every year, part by part"),
                (self.pensions, "the pension of everybody who retires, item by item, out of sealed records"),
                (self.rolls, "every line of every month's roll and of a scheme, and how the month goes on from the one before"),
                (self.verified, "nothing is found in the store")]

    # -- accounts

    def rate(self, year):
        return self.tables.number("account.interest", self.agency.area, "%d-01" % year)

    def settle(self):
        """The accounts up to the end of the year before the first of retirements."""
        for p in self.agency.careers.people:
            account = Account(p.opening if p.insured < (OPENED + 1) * 12 else (0, 0, 0, 0))
            self.accounts[p.id] = {}
            begun = max(OPENED + 1, min(r.year for r in p.rows)) if p.insured >= (OPENED + 1) * 12 else OPENED + 1
            for year in range(begun, YEARS[0]):
                account.year(self.rate(year), rows_of(p, year))
                self.accounts[p.id][year] = tuple(account.parts)

    def numbers(self):
        """The store's number of each person: who is who in its tables."""
        self.people = {person: value for value, person in
                       self.agency.sql("SELECT value, person FROM person_alias WHERE kind = 'citizen-id'")}

    def balances(self):
        self.settle()
        self.numbers()
        found = {}
        for person, year, *parts in self.agency.sql(
                "SELECT person, year, personal_principal_fen, personal_interest_fen, unit_principal_fen, unit_interest_fen "
                "FROM movement WHERE kind = 'balance'"):
            found.setdefault(self.people[person], {})[year] = tuple(parts)
        for p in self.agency.careers.people:
            self.same(found.get(p.id), self.accounts[p.id], "account of %s" % p.id)

    # -- pensions

    def pensions(self):
        """A year after the other, as accounts are settled."""
        assessing = Assessing(self)
        for year in YEARS:
            self.agency.now = datetime.datetime(year, 12, 20, 9, 0)
            self.agency.contributed(year)
            assessing.assessed(year)
            if year != YEARS[-1]:
                self.said += self.agency.settled(year, len(self.retired))
        print("# %s: %d pensions" % (self.agency.area, assessing.count), flush=True)

    # -- month after month

    def rolls(self):
        careers = self.agency.careers
        retirees = Retirees(careers.random, self.agency.area, careers.employers, max(10, len(careers.people) // 4))
        months = Months(self, retirees)
        months.begin()
        months.go(FIRST + 4)
        print("# %s: %s" % (self.agency.area, ", ".join("%s %d" % h for h in sorted(months.happened.items()))), flush=True)

    def verified(self):
        table = self.agency.run("op1", "pen-verify", "-f", "json", clean=False).json()
        self.same([(r["rule"], r["record"], r["field"], r["found"], r["expected"]) for r in table["rows"]
                   if r["severity"] != "note" and r["class"] != "workflow"][:10], [], "findings of the whole store")
