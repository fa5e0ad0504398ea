"""Ages of retirement by the decision of 2024-09-13 and the 国务院办法 passed with it.
Months are counted from the year 0."""

# original age in months, the birth month with which the delay begins, months of birth to
# one month of delay, and its end.
CATEGORIES = {
    "male60": (60 * 12, 1965 * 12, 4, 36),
    "female55": (55 * 12, 1970 * 12, 4, 36),
    "female50": (50 * 12, 1975 * 12, 2, 60),
}
# 国发〔1978〕104号 1(2)
SPECIAL = {"male60": 55 * 12, "female55": 45 * 12, "female50": 45 * 12}
FLEXIBLE = 36
FROM = 2025 * 12


def delay(category, born):
    original, first, step, most = CATEGORIES[category]
    late = born - first
    return 0 if late < 0 else min(most, late // step + 1)


def statutory(category, born):
    return born + CATEGORIES[category][0] + delay(category, born)


def original(category, born):
    return born + CATEGORIES[category][0]


def bounds(category, born):
    """The first and the last month of flexible retirement: none before it was law."""
    due = statutory(category, born)
    if due < FROM:
        return due, due
    return max(due - FLEXIBLE, original(category, born), min(due, FROM)), due + FLEXIBLE


def minimum(year):
    """Months of contribution that a pension needs."""
    return 180 if year < 2030 else min(240, 180 + 6 * (year - 2029))
