"""Who retires, assessed by the tools a year at a time, and by the second computation."""

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
    SAID = ("category", "route", "paid_months", "deemed_months", "balance_fen") + COLUMNS[12:]

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

    def assessed(self, year):
        """All whose pension begins in a year, by a list: what is said of each, and what is sealed."""
        agency, same = self.agency, self.witness.same
        people = {p.id: p for p in agency.careers.people if (p.retired + 1) // 12 == year}
        name = agency.write("retiring-%d.csv" % year, ["公民身份号码,退休日期,退休方式"] + [
            "%s,%s,%s" % (p.id, "%s-%s" % (month(p.retired), p.born_on[8:]), p.route) for p in people.values()])
        table = agency.run("op1", "pen-benefit", "assess", name, "-f", "json", clean=False)
        if table.status > 1:
            raise AssertionError("assessments of %d: ended with %d: %s" % (year, table.status, table.err[-400:]))
        said, batch = table.json()["rows"], table.json()["summary"]["batch"]
        agency.run("lead1", "pen-benefit", "approve", batch, "-q")
        kept = self.kept(batch)
        same(sorted(r["id_number"] for r in said), sorted(people), "people who retire for %d" % year)
        for r in said:
            self.one(people[r["id_number"]], r, kept.pop(r["id_number"], None))
        same(kept, {}, "assessments that were not said of %d" % year)

    def kept(self, batch):
        """The rows of a batch that is sealed, by citizen id."""
        return {self.witness.people[person]: dict(zip(self.COLUMNS, columns)) for person, *columns in self.agency.sql(
            "SELECT a.person, %s FROM assessment a JOIN folio f ON f.id = a.folio WHERE f.batch = ? AND f.state = 'sealed'" %
            ", ".join("a." + c for c in self.COLUMNS), batch)}

    def one(self, p, said, kept):
        about = "pension of %s (%s, %s)" % (p.id, p.route, month(p.retired))
        row = self.expected(p)
        if isinstance(row, str):
            self.witness.same((said["outcome"], "retire.months" in str(said["why"]), kept), ("left", True, None), about)
            return
        self.witness.same(kept, row, about)
        self.witness.same({c: said.get(c) for c in self.SAID}, {c: row[c] for c in self.SAID}, about + ", as it is said")
        self.witness.retired.append((p, row))
        self.count += 1
