"""The pension of one person of a province, from the career alone: what Sichuan, Henan and
Jilin do differently is written out here from the texts that SOURCES names, and the
published numbers are read from the tables. Amounts are fen, months are counted from the
year 0."""

from fractions import Fraction

import law
from careers import REFUND
from tables import month


class Pension:
    """What the formulas need of a person who retires: paid and deemed months, the average
    index, the account, the age."""

    DECIMALS = 4        # of the average index

    def __init__(self, person, balance, tables, area):
        self.person, self.balance, self.tables, self.area = person, balance, tables, area
        self.retired = month(person.retired)
        self.months_paid = self.lay(person.rows)
        self.paid = len(self.months_paid)
        self.deemed, self.months = person.deemed, person.deemed + self.paid
        self.age = person.retired - person.born
        self.index = self.average()
        # By the month of age since 2025, before by whole years.
        self.divisor = law.divisor(self.age if self.retired >= "2025-01" else self.age // 12 * 12, self.divisor_of)

    def number(self, name, category=""):
        return self.tables.number(name, self.area, self.retired, category)

    def divisor_of(self, whole):
        return self.number("divisor", str(whole))

    @staticmethod
    def lay(rows):
        """The base of each month that was paid for and not paid back."""
        months = {(r.of, m): r.base for r in rows if r.kind != REFUND for m in r.months}
        for r in rows:
            if r.kind == REFUND:
                for m in r.months:
                    del months[r.of, m]
        return months

    def average(self):
        """Each month's base by the average wage of the year before; only paid months count."""
        years = {}
        for (year, _), base in self.months_paid.items():
            years[year] = years.get(year, 0) + base
        return law.places(sum(total / self.wage(year - 1) for year, total in years.items()) / self.paid, self.DECIMALS)

    def wage(self, year):
        return self.tables.number("wage.average", self.area, "%d-01" % year)

    def parts(self):
        raise NotImplementedError

    def basic(self, first, second):
        """C1, C2: the basic pension, and the indexed wage by which it is."""
        self.first, self.second = first, second
        self.indexed = law.indexed(second, self.index)
        return law.basic(first, self.indexed, law.years(self.months))

    def account(self):
        return law.of_account(self.balance, self.divisor)


class Sichuan(Pension):
    """川劳社发〔2006〕17号: what is before 1996, deemed or paid for, by 1.3 %, and a tenth
    of a percent of the indexed wage for every year. The indexed wage is printed to the fen
    and reckoned with as it is: a form of 2025-01 has 858.31 by 8021.444."""

    DECIMALS = 3

    def parts(self):
        self.basic(self.number("wage.base", "1"), self.number("wage.base", "2"))
        exact = self.second * self.index
        before = self.deemed + sum(year < 1996 for year, _ in self.months_paid)
        return (law.basic(self.first, exact, law.years(self.months)), self.account(),
                law.half_up(Fraction(self.first + exact) / 2 * law.years(before) * Fraction(13, 1000)),
                law.half_up(exact * Fraction(1, 1000) * law.years(self.months)))


class Henan(Pension):
    """C1 is the province's, C2 the city's; the years before accounts by the city's wage,
    an index of their own, 1.3 %."""

    def parts(self):
        basic = self.basic(self.number("wage.base", "1"), self.number("wage.base", "2"))
        own = law.indexed(self.second, self.index)
        return basic, self.account(), law.half_up(own * law.years(self.deemed) * Fraction(13, 1000)), 0


class Jilin(Pension):
    """C1 is the city's, C2 the province's; 1.2 % of a deemed year, 1.4 % with more than
    twenty years paid; and with those more for each year beyond twenty, twenty-five and
    thirty. A deemed year goes by C2."""

    DECIMALS = 2
    STEPS = (20, 25, Fraction(15, 10000)), (25, 30, Fraction(20, 10000)), (30, None, Fraction(25, 10000))

    def parts(self):
        basic = self.basic(self.number("wage.base", "1"), self.number("wage.base", "2"))
        rate = Fraction(14 if self.paid > 240 else 12, 1000)
        transitional = law.half_up(self.second * law.years(self.deemed) * self.index * rate)
        served = law.years(self.months)
        steps = [(max(0, (served if last is None else min(served, last)) - first), rate) for first, last, rate in self.STEPS]
        extra = law.stepped(Fraction(self.first + self.indexed) / 2, steps) if self.paid > 240 else 0
        return basic, self.account(), transitional, extra


PROVINCES = {"51": Sichuan, "41": Henan, "22": Jilin}
