"""Careers out of a seed: people of one province with what they and their employers paid,
year by year, and when they retire. All of it is invented. Months are counted from the
year 0, money is fen."""

import collections

import ages
from office import citizen, credit_code, yuan
from tables import count, month

OPENED = 2015       # balances come in as of its end
YEARS = (2024, 2025, 2026)     # in which they retire
ROUTES = ("statutory",) * 6 + ("early",) * 3 + ("late",) * 3 + ("special-trade",)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"


# A line of a breakdown of `year`: months as numbers of the year `of` that it is for, amounts
# over all of them. arrived: a month of `year`, where it matters.
Row = collections.namedtuple("Row", "year months base unit personal employer kind of arrived")
NORMAL, ARREARS, REFUND = "正常", "补缴", "退费"


class Person:
    """rows: what was paid, in the order of years."""


def level(year):
    """About what a month's wage was: for bases alone."""
    return round(140000 * 1.088 ** (year - 2005) if year < 2020 else 496000 * 1.045 ** (year - 2020))


class Careers:
    def __init__(self, random, tables, area, people, employers):
        self.random, self.tables, self.area = random, tables, area
        self.employers = [credit_code("91%sMA%07d" % (area, n)) for n in range(1, employers + 1)]
        self.numbers, self.taken = {}, set()
        self.people = [self.person(n) for n in range(people)]

    def number(self, name, when):
        """A parameter of a month, looked up once."""
        if (name, when) not in self.numbers:
            self.numbers[name, when] = self.tables.number(name, self.area, month(when), "employee")
        return self.numbers[name, when]

    def share(self, name, base, year, part):
        """Of each month's base, rounded each month."""
        total = 0
        for m in part:
            rate = self.number(name, year * 12 + m - 1)
            total += (2 * base * rate.numerator + rate.denominator) // (2 * rate.denominator)
        return total

    # -- one person

    def person(self, number):
        random, p = self.random, Person()
        p.number = number
        p.category = random.choice(("male60", "male60", "female55", "female50"))
        p.sex = "男" if p.category == "male60" else "女"
        p.status = {"male60": "男职工", "female55": "女干部", "female50": "女工人"}[p.category]
        self.when(p)
        p.born_on = "%s-%02d" % (month(p.born), random.randrange(1, 29))
        p.id = citizen(self.area, p.born_on.replace("-", ""), 2 * (number % 400) + 100 + (p.sex == "男"))
        p.id = self.unlike(p)
        # Nobody has another's name: one person under two numbers would be found.
        p.name = random.choice(SURNAMES) + "".join(GIVEN[number // len(GIVEN) ** place % len(GIVEN)] for place in range(4))
        p.employer = random.choice(self.employers)
        self.career(p)
        return p

    def unlike(self, p):
        """No two have one number."""
        found, n = p.id, 0
        while found in self.taken:
            n += 1
            found = citizen(self.area, p.born_on.replace("-", ""), 100 + (2 * n + (p.sex == "男")) % 896)
        self.taken.add(found)
        return found

    def when(self, p):
        """A birth and a month of retirement that go together, within the years."""
        random = self.random
        while True:
            p.route = random.choice(ROUTES)
            first = ages.CATEGORIES[p.category][1]
            p.born = first + random.randrange(-40, 60)
            due = ages.statutory(p.category, p.born)
            early, late = ages.bounds(p.category, p.born)
            if p.route == "statutory":
                p.retired = due
            elif p.route == "early" and early < due:
                p.retired = random.randrange(early, due)
            elif p.route == "late" and due < late:
                p.retired = random.randrange(due + 1, late + 1)
            elif p.route == "special-trade":
                p.born += ages.original(p.category, 0) - ages.SPECIAL[p.category]
                p.retired = p.born + ages.SPECIAL[p.category] + random.choice((0, 0, random.randrange(36)))
                if p.retired >= ages.statutory(p.category, p.born):
                    continue
            else:
                continue
            if YEARS[0] * 12 + 2 <= p.retired <= YEARS[-1] * 12 + 9 and (p.route not in ("early", "late") or p.retired >= ages.FROM):
                return

    def career(self, p):
        """Deemed months, the first of insurance, gaps, bases; enough months in all."""
        random, until = self.random, self.tables.text("deemed.until", self.area, "2024-01")
        p.insured = random.randrange(2006 * 12, 2009 * 12) if random.random() < .95 else random.randrange(2011 * 12, 2018 * 12)
        until = count(until) if until else 1995 * 12 + 11
        room = max(0, until - (p.born + 17 * 12))
        p.deemed = 0 if random.random() < .3 else random.randrange(0, min(room, 260) + 1)
        p.worked = until - p.deemed + 1 if p.deemed else p.insured
        gaps = random.choice((0, 0, .03, .1))
        p.rows, p.moved = [], None
        percent = random.randrange(60, 250)
        lines = []
        for year in range(p.insured // 12, p.retired // 12 + 1):
            if random.random() < .04 and p.insured // 12 + 1 < year < YEARS[0] - 1 and not p.moved:
                p.moved = (year * 12, random.choice(self.employers))
                if p.moved[1] == p.employer:
                    p.moved = None
            first = p.insured % 12 + 1 if year == p.insured // 12 else 1
            last = p.retired % 12 + 1 if year == p.retired // 12 else 12
            months = [m for m in range(first, last + 1)]
            if random.random() < gaps:
                gone = random.randrange(len(months))
                months = months[:gone] + months[gone + random.randrange(1, 13):]
            percent = min(300, max(60, percent + random.randrange(-12, 13)))
            lines.append((year, months, percent))
        for year, months, percent in lines:
            self.year(p, year, months, percent)
        if random.random() < .1:
            self.afterwards(p)
        if random.random() < .05:
            self.back(p)
        p.opening = tuple(random.randrange(1, 3000000) for _ in range(4)) if random.random() < .7 else \
            (random.randrange(100000, 6000000), random.randrange(100000), 0, 0)

    def year(self, p, year, months, percent):
        """The year's rows: one base, or another from July on."""
        random = self.random
        parts = [months]
        if random.random() < .1:
            parts = [[m for m in months if m < 7], [m for m in months if m >= 7]]
        for part in parts:
            if not part:
                continue
            base = self.bounded(level(year - 1) * percent // 100, year, part)
            if random.random() < .5:
                base = self.bounded(base // 100 * 100, year, part)
            unit, personal = (self.share(name, base, year, part) for name in ("contribution.unit", "contribution.personal"))
            p.rows.append(Row(year, tuple(part), base, unit, personal, self.at(p, year), NORMAL, year, None))
            percent += 5

    def afterwards(self, p):
        """Months that were missing, paid for in a later year."""
        for of in range(p.insured // 12 + 1, p.retired // 12 - 1):
            missing = set(range(1, 13)) - {m for r in p.rows if r.of == of for m in r.months}
            if missing and of >= 2008:
                later = self.random.randrange(of + 1, p.retired // 12)
                base = self.bounded(level(of - 1), of, missing)
                part = tuple(sorted(missing))
                unit, personal = (self.share(name, base, of, part) for name in ("contribution.unit", "contribution.personal"))
                p.rows.append(Row(later, part, base, unit, personal, self.at(p, later), ARREARS, of, self.random.randrange(1, 13)))

    def back(self, p):
        """Some months of a year, paid back in it."""
        row = self.random.choice(p.rows)
        if row.kind == NORMAL and len(row.months) > 3 and row.year < YEARS[0]:
            part = row.months[-2:]
            unit, personal = (self.share(name, row.base, row.year, part) for name in ("contribution.unit", "contribution.personal"))
            p.rows.append(row._replace(months=part, unit=-unit, personal=-personal, kind=REFUND))

    def at(self, p, year):
        return p.moved[1] if p.moved and year * 12 >= p.moved[0] else p.employer

    def bounded(self, base, year, part):
        """Within the floor and the cap of each month, where they are published."""
        for m in part:
            floor, cap = self.number("base.floor", year * 12 + m - 1), self.number("base.cap", year * 12 + m - 1)
            base = max(base, int(floor)) if floor else base
            base = min(base, int(cap)) if cap else base
        return base

    # -- as files

    def employer_file(self):
        return ["统一社会信用代码,单位名称,行政区划,参保日期"] + [
            "%s,第%d机械厂,%s,2000-01-01" % (e, n, self.area) for n, e in enumerate(self.employers)]

    def registration_file(self):
        lines = ["公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,视同缴费月数,证件已核"]
        for p in self.people:
            lines.append(self.registered(p, p.employer, p.insured, p.deemed))
        return lines

    def registered(self, p, employer, since, deemed):
        return "%s,%s,%s,%s,%s,%s-01,%s-01,%s,%s,%d,是" % (p.id, p.name, p.sex, p.born_on, employer, month(since), month(p.worked),
                                                        p.status, yuan(p.rows[0][2]), deemed)

    def movement_file(self):
        lines = ["公民身份号码,姓名,变动类型,变动年月,统一社会信用代码,转入单位统一社会信用代码"]
        for p in self.people:
            if p.moved:
                lines.append("%s,%s,调动,%s,%s,%s" % (p.id, p.name, month(p.moved[0]), p.employer, p.moved[1]))
        return lines

    def opening_file(self):
        return ["公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息"] + [
            "%s,%s,%d,%s" % (p.id, p.name, OPENED, ",".join(map(yuan, p.opening))) for p in self.people if p.insured < (OPENED + 1) * 12]

    def breakdown_files(self, year):
        """The levy that covers the year, and its breakdown: lines, and the employers."""
        lines, totals = {}, {}
        for p in self.people:
            for r in p.rows:
                if r.year != year:
                    continue
                totals[r.employer] = totals.get(r.employer, 0) + r.unit + r.personal
                lines.setdefault(r.employer, []).append("%d,%s,%s,%s,%s,%d,%s,%s,%s月,%s,%s,%s" % (
                    year, r.employer, p.id, p.name, yuan(r.base), len(r.months), yuan(r.unit), yuan(r.personal),
                    "、".join(map(str, r.months)), r.kind, "" if r.of == year else r.of,
                    "%d-%02d-10" % (year, r.arrived) if r.arrived else ""))
        levy = ["凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类"] + [
            "V%d%s,%s,%d,%d-11-05,%s,税收通用缴款书" % (year, e[8:], e, year, year, yuan(total)) for e, total in sorted(totals.items())]
        breakdown = ["年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,缴费月份,缴费类型,对应年度,到账日期"]
        for e in sorted(lines):
            breakdown += lines[e]
        return levy, breakdown, sorted(lines)
