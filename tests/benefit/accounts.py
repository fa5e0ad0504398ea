"""Personal accounts by the month-product method of 劳办发〔1997〕116号 (rules of the
field, section 4): S1 = S0(1 + r) + A + M r / 12, both interests rounded once, for the
personal and the unit part apart; in the year of retirement for the months before the
pension alone."""

from fractions import Fraction

from law import half_up


class Account:
    """principal and interest of the personal part, then of the unit part."""

    def __init__(self, opening):
        self.parts = list(opening)

    def total(self):
        return sum(self.parts)

    def year(self, rate, rows, months=12):
        """A year, or its first so many months; rows: (months paid, personal amount)."""
        pp, pi, up, ui = self.parts
        credit, product = 0, Fraction(0)
        for paid, personal in rows:
            for m in paid:
                if m <= months:
                    product += Fraction(personal, len(paid)) * (months + 1 - m)
            credit += personal
        opening = half_up((pp + pi) * rate * Fraction(months, 12)), half_up((up + ui) * rate * Fraction(months, 12))
        interest = half_up(product * rate / 12)
        self.parts = [pp + credit, pi + opening[0] + interest, up, ui + opening[1]]
        return self


def rows_of(person, year):
    """What is credited in a year: in its months, or, what is for another year, in the
    month in which it arrived."""
    return [((r.arrived,) if r.of != year else r.months, r.personal) for r in person.rows if r.year == year]
