"""The agency of the scripted year, as the tools see it: a store with two counties, two
employers, people with three settled years; and the running of commands against it."""

import datetime

import model
from office import Office, citizen, credit_code, yuan

AGENCY = "330100"
COUNTIES = {"A": "330106", "B": "330102"}
STAFF = [("op1", "operator", AGENCY), ("op2", "operator", AGENCY), ("opA", "operator", "330106"), ("opB", "operator", "330102"),
         ("lead1", "lead", AGENCY), ("lead2", "lead", AGENCY), ("lead3", "lead", AGENCY), ("head2", "head", AGENCY),
         ("sys1", "syslead", AGENCY), ("sys2", "syslead", AGENCY), ("am1", "amender", AGENCY), ("am2", "amender", AGENCY),
         ("aud1", "auditor", AGENCY), ("leadA", "lead", "330106")]
# Somebody who holds every role, and would like to do it all alone.
ALL = ("all1", ("operator", "lead", "head", "syslead", "amender"))


class World(Office):
    def __init__(self, directory, bin_directory, random):
        super().__init__(directory, bin_directory, datetime.datetime(2025, 1, 6, 9, 0))
        self.random = random
        self.agency = model.Agency()

    # -- the beginning

    def make(self, people):
        self.run("head1", "pen-admin", "init", "--agency", AGENCY, "--name", "某市社会劳动保险经办机构", "--head", "head1:王敏",
                 "--suite", "ed25519-sha256", "-q")
        for who, role, agency in STAFF:
            self.run("head1", "pen-admin", "staff", "add", who, "--name", who, "--role", role, "--agency", agency, "-q")
        for role in ALL[1]:
            self.run("head1", "pen-admin", "staff", "add", ALL[0], "--name", ALL[0], "--role", role, "--agency", AGENCY, "-q",
                     clean=False)
        self.employers = {"A": credit_code("91330106MA0000001"), "B": credit_code("91330102MA0000002")}
        self.people = {}
        for i in range(people):
            self.people[citizen("330106", "19%02d0%d1%d" % (78 + i % 12, 1 + i % 9, i % 9), 100 + i)] = "AB"[i % 3 == 2]
        self.name = {p: "职工%03d" % i for i, p in enumerate(self.people)}
        self.batches()
        self.write("original.txt", ["原始录入资料"])
        self.write("evidence.txt", ["修改依据资料"])

    def batches(self):
        random, agency = self.random, self.agency
        self.seal(self.bring("employer", ["统一社会信用代码,单位名称,行政区划,参保日期"] +
                             ["%s,第%s机械厂,%s,2005-01-01" % (self.employers[e], e, COUNTIES[e]) for e in "AB"]))
        self.seal(self.bring("registration", ["公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数"] + [
            "%s,%s,%s,%s-%s-%s,%s,2020-01-01,2010-01-01,%s,8000.00" % (p, self.name[p], "女男"[int(p[16]) % 2], p[6:10], p[10:12],
            p[12:14], self.employers[e], ("女工人", "男职工")[int(p[16]) % 2]) for p, e in self.people.items()]))
        for p in self.people:
            agency.registered[p] = {"worked_on": "2010-01-01"}
            agency.openings[p] = tuple(random.randrange(100000, 6000000) for _ in range(4))
        self.seal(self.bring("opening", ["公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息"] + [
            "%s,%s,2021,%s" % (p, self.name[p], ",".join(map(yuan, agency.openings[p]))) for p in self.people]))
        for year in model.YEARS:
            self.one_year(year)

    def one_year(self, year):
        random, agency = self.random, self.agency
        lines, total = {"A": [], "B": []}, {"A": 0, "B": 0}
        for i, (p, e) in enumerate(self.people.items()):
            if (i + year) % 6 == 0:     # a year that is missing, to be rebuilt
                continue
            base, count = random.randrange(500000, 1500000), random.choice((12, 12, 12, 12, 7, 5))
            months = tuple(range(1, count + 1))
            row = {"employer": e, "base": base, "months": months, "unit": model.share(base, months, model.UNIT),
                   "personal": model.share(base, months, model.PERSONAL)}
            agency.rows[(p, year)] = row
            total[e] += row["unit"] + row["personal"]
            lines[e].append("%d,%s,%s,%s,%s,%d,%s,%s" % (year, self.employers[e], p, self.name[p], yuan(base), count,
                                                       yuan(row["unit"]), yuan(row["personal"])))
        # Twice what is due, so that amendments upwards are covered.
        self.seal(self.bring("levy", ["凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类"] + [
            "V%d%s,%s,%d,%d-06-05,%s,税收通用缴款书" % (year, e, self.employers[e], year, year, yuan(3 * total[e])) for e in "AB"]))
        batch = self.bring("breakdown", ["年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费"] + lines["A"] + lines["B"])
        self.agree(batch, self.employers.values())
        self.seal(batch)
        self.run("op1", "pen-account", "-q", "settle", "--year", year)
