"""What the law has a pension come to, by a second hand (国发〔2005〕38号 six, and what the
provinces fill in): exact fractions, rounded where the texts say so and nowhere else.
Amounts are fen."""

from fractions import Fraction

PERCENT = Fraction(1, 100)


def half_up(amount):
    """To the whole fen, half away from zero."""
    amount = Fraction(amount)
    twice = abs(amount.numerator) * 2 + amount.denominator
    whole = twice // (2 * amount.denominator)
    return whole if amount >= 0 else -whole


def places(value, decimals):
    return Fraction(half_up(Fraction(value) * 10 ** decimals), 10 ** decimals)


def years(months, decimals=2):
    """None: exactly."""
    return Fraction(months, 12) if decimals is None else places(Fraction(months, 12), decimals)


def indexed(base, index):
    """The indexed wage: rounded to the fen."""
    return half_up(base * index)


def basic(base, wage, served):
    return half_up(Fraction(base + wage) / 2 * served * PERCENT)


def divisor(age, of_year):
    """Of an age in months: linear between whole years, to one decimal; of_year gives that
    of a whole year."""
    low = of_year(age // 12)
    if age % 12 == 0:
        return Fraction(low)
    return places(low + Fraction(of_year(age // 12 + 1) - low) * (age % 12) / 12, 1)


def of_account(balance, by):
    return half_up(balance / Fraction(by))


def stepped(amount, steps):
    """A rate for each further year within a band; steps: (years in it, rate). Each is
    rounded by itself: a form of 2025-06 has 75.23 + 100.31 + 269.59 = 445.13."""
    return sum(half_up(amount * n * rate) for n, rate in steps)


def funeral(income):
    return half_up(2 * Fraction(income))


def consolation_months(paid, drawn=None):
    """人社部发〔2021〕18号: of months paid in; in service, or after so many months of pension."""
    if paid < 60:
        most = Fraction(3)
    elif paid < 120:
        most = Fraction(6)
    elif paid <= 180:
        most = Fraction(9)
    else:
        most = min(Fraction(24), 9 + Fraction(paid - 180, 12))
    return most if drawn is None else max(Fraction(9), most - Fraction(drawn, 12))


def consolation(income, months):
    return half_up(Fraction(income) * months)
