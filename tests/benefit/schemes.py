"""A yearly adjustment out of the seed, as the document that the tools read (pen-scheme(5)),
and what it gives to somebody, by exact fractions."""

from fractions import Fraction

from law import half_up


class Who:
    """retired: a day, born: a day, as texts; months paid and deemed; pension in fen."""

    def __init__(self, sex, born, retired, months, pension, area):
        self.sex, self.born, self.retired, self.months, self.pension, self.area = sex, born, retired, months, pension, area


def draw(random, area, year):
    """A scheme of a year's January, for those who retired the year before."""
    def yuan(low, high, places=2):
        return "%d.%0*d" % (random.randrange(low, high), places, random.randrange(10 ** places))

    scheme = {"name": "drawn-%d" % year, "title": "%d年调整退休人员基本养老金" % year, "area": area, "source": "invented", "verified": "yes",
              "effective": "%d-01" % year, "retired-by": "%d-12-31" % (year - 1), "rounding": random.choice(("fen", "fen", "jiao", "jiao-up"))}
    if random.random() < .9:
        scheme["fixed"] = {"amount": yuan(20, 50)}
    first, second = random.randrange(8, 16), random.randrange(20, 31)
    bands = [{"over": 0, "to": first, "amount": yuan(0, 2)}, {"over": first, "to": second, "amount": yuan(1, 2, 3)},
             {"over": second, "amount": yuan(1, 3)}]
    scheme["years"] = {"part-years": random.choice(("up", "down", "months")), "by": random.choice(("each-band", "whole-band")), "bands": bands}
    if random.random() < .5:
        scheme["years"]["least"] = 10
    scheme["level"] = {"by": "each-band", "bands": [{"over": 0, "to": 3000, "rate": "1.%02d%%" % random.randrange(100)},
                                                       {"over": 3000, "rate": "0.%02d%%" % random.randrange(20, 100)}]}
    if random.random() < .5:
        scheme["level"]["least"], scheme["level"]["most"] = "18.00", "95.50"
    day = "%d-12-31" % (year - 1)
    scheme["tilt"] = [{"by": "age", "on": day, "bands": [{"from": 70, "below": 75, "amount": "32.00"}, {"from": 75, "below": 80, "amount": yuan(40, 50)},
                                                            {"from": 80, "amount": "66.00"}]},
                      {"by": "age", "on": day, "sex": "female", "bands": [{"from": 65, "below": 70, "amount": "5.55"}]},
                      {"by": "area", "areas": [area[:2] + "0000"], "amount": "3.10"}]
    return scheme


def fen(text):
    return Fraction(text) * 100


def rounded(amount, how):
    """Half up to the fen, or to ten fen; or to the fen and then up to ten."""
    if how == "fen":
        return half_up(amount)
    if how == "jiao":
        return 10 * half_up(amount / 10)
    return -(-half_up(amount) // 10) * 10


def banded(part, value, unit, key):
    """Each band for what lies in it, or the one that it falls in for all."""
    total = Fraction(0)
    for band in part["bands"]:
        low, high = Fraction(band["over"]) * unit, Fraction(band["to"]) * unit if "to" in band else None
        rate = Fraction(band[key].rstrip("%")) / 100 if key == "rate" else fen(band[key])
        if part.get("by", "each-band") == "whole-band":
            if value > low and (high is None or value <= high):
                return value / (1 if key == "rate" else unit) * rate
            continue
        if value > low:
            total += ((value if high is None else min(value, high)) - low) * rate
    return total


def age(born, day):
    return int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])


def increase(scheme, who):
    """(fixed, years, level, tilt); None: it is not for them."""
    if who.retired > scheme["retired-by"]:
        return None
    how = scheme.get("rounding", "fen")
    fixed = rounded(fen(scheme["fixed"]["amount"]), how) if "fixed" in scheme else 0
    by = scheme["years"]
    months = max(who.months, 12 * by.get("least", 0))
    served = {"up": Fraction(-(-months // 12)), "down": Fraction(months // 12), "months": Fraction(months, 12)}[by["part-years"]]
    years = rounded(banded(by, served, 1, "amount"), how)
    level = banded(scheme["level"], Fraction(who.pension), 100, "rate")
    if "least" in scheme["level"]:
        level = max(level, fen(scheme["level"]["least"]))
    if "most" in scheme["level"]:
        level = min(level, fen(scheme["level"]["most"]))
    tilt = Fraction(0)
    for one in scheme["tilt"]:
        if one["by"] == "area":
            tilt += fen(one["amount"]) if who.area[:2] == one["areas"][0][:2] else 0
        elif "sex" not in one or one["sex"] == ("male" if who.sex == "男" else "female"):
            for band in one["bands"]:
                if band["from"] <= age(who.born, one["on"]) and ("below" not in band or age(who.born, one["on"]) < band["below"]):
                    tilt += fen(band["amount"])
    return fixed, years, rounded(level, how), rounded(tilt, how)
