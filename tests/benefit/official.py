"""The official forms, by the second computation: what it is worth. Inputs as the forms
have them, amounts in fen; expected as in benefit_vectors.csv."""

from fractions import Fraction

import law
from accounts import Account


def F(text):
    return Fraction(text)


def sichuan(base, index, served, before, balance):
    wage = law.indexed(base, F(index))
    served = F(served)
    parts = {"index_wage": wage, "basic": law.basic(base, wage, served),
             "transitional": law.half_up(Fraction(base + wage) / 2 * F(before) * F("0.013")),
             "account": law.of_account(balance, 195), "extra": law.half_up(wage * F("0.001") * served)}
    return parts, sum(v for k, v in parts.items() if k != "index_wage")


def henan(base, wage, served, balance, divisor, own, deemed, extra):
    parts = {"basic": law.basic(base, wage, F(served)), "account": law.of_account(balance, divisor),
             "transitional": law.half_up(own * F(deemed) * F("0.013"))}
    return parts, sum(parts.values()) + extra


def jilin():
    base, wage = 732208, law.indexed(732208, F("0.75"))
    parts = {"basic": law.basic(base, wage, 31), "account": law.of_account(11240689, 195),
             "transitional": law.half_up(base * F("0.33") * F("0.75") * F("0.014")),
             "extra": law.stepped(Fraction(base + wage) / 2, [(5, F("0.0015")), (5, F("0.002")), (1, F("0.0025"))])}
    return parts, sum(parts.values())


FORMS = {
    "SC1": lambda: sichuan(807900, "0.84", "17.33", "0", 9114787),
    "SC4": lambda: sichuan(832100, "0.935", "31.83", "3.33", 15039722),
    "HN-PDS-2412": lambda: henan(660600, 394192, "31.08", 7131026, 195, 378730, "1.08", 0),
    "HN-ZZ-2512": lambda: henan(673800, 507633, "31.58", 9107468, 139, 498430, "0.58", 45351),
    "JL-2602": jilin,
}


def agree(rows):
    """What differs from the official figures."""
    said = []
    for name, form in FORMS.items():
        parts, total = form()
        parts["total"] = total
        for row in rows:
            if row["id"] == name and Fraction(row["expected"]) * 100 != parts[row["item"]]:
                said.append("%s %s: found %s fen, expected %s" % (name, row["item"], parts[row["item"]], row["expected"]))
    for account, expected in ((Account((1000000, 0, 0, 0)).year(F("0.0397"), [((m,), 40000) for m in range(1, 13)]), 1530022),
                              (Account((5234567, 0, 0, 0)).year(F("0.0262"), [((m,), 61280) for m in (4, 5, 7, 8, 9, 10, 11, 12)]), 5867037)):
        if account.total() != expected:
            said.append("account: found %d fen, expected %d" % (account.total(), expected))
    months = law.consolation_months(28 * 12 + 9, 42)
    for found, expected in ((law.funeral(281850), 563700), (months, F("19.25")), (law.consolation(281850, months), 5425613),
                            (law.consolation(Fraction(4706600, 12), 11), 4314383), (law.consolation(501500, 11), 5516500)):
        if found != expected:
            said.append("of a death: found %s, expected %s" % (found, expected))
    return said
