"""Personal accounts by the month-product method of 劳办发〔1997〕116号 (rules of the
field, section 4): S1 = S0(1 + r) + A + M r / 12, both interests rounded once, for the
personal and the unit part apart; in the year of retirement for the months before the
pension alone, and from then on I = (B (12 - k) - Mp) r / 12 with what was paid taken out."""

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

    def pension(self, rate, k, drawn, months=12, late=0):
        """The rest of a year, or of its first so many months, in which a pension is drawn: what
        stands after k months, less what rolls took by month (late: after the end), as long as
        there is something."""
        pp, pi, up, ui = self.parts
        whole, left, owed = sum(self.parts), sum(self.parts), 0
        taken, product = 0, 0
        for n, fen in [(m, drawn.get(m, 0)) for m in range(1, months + 1)] + [(months + 1, late)]:
            owed += fen
            now = min(owed, left)
            owed, left, taken = owed - now, left - now, taken + now
            product += now * (months + 1 - n)
        own = half_up(Fraction(product * (pp + pi), whole)) if whole else product
        out, given, so_far = [], 0, 0
        for part in self.parts:
            so_far += part
            next_ = half_up(Fraction(taken * so_far, whole)) if whole else taken
            out.append(next_ - given)
            given = next_
        interest = [half_up((fen * (months - k) - m) * rate / 12) for fen, m in ((pp + pi, own), (up + ui, product - own))]
        self.parts = [pp - out[0], pi - out[1] + interest[0], up - out[2], ui - out[3] + interest[1]]
        return self


def rows_of(person, year):
    """What is credited in a year: in its months, or, what is for another year, in the
    month in which it arrived."""
    return [((r.arrived,) if r.of != year else r.months, r.personal) for r in person.rows if r.year == year]
