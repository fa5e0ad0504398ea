"""Those who retired before the system, out of the same seed: what their approval forms say
(R4.3.1a). Of some the paper does not tell the parts; that is filled in later (R4.3.2)."""

from careers import GIVEN, SURNAMES
from office import citizen, yuan
from rolls import Pensioner
from tables import month


class Retiree:
    pass


class Retirees:
    TITLES = ("公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,"
              "基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计")

    def __init__(self, random, area, employers, people):
        self.random, self.area, self.employers = random, area, employers
        self.people = [self.one(n) for n in range(people)]

    def one(self, number):
        random, r = self.random, Retiree()
        man = random.random() < .5
        r.born = random.randrange(1938 * 12, 1963 * 12)
        r.retired = min(r.born + (60 if man else random.choice((50, 55))) * 12, 2023 * 12 + 10)
        r.sex = "男" if man else "女"
        r.born_on = "%s-%02d" % (month(r.born), 1 + number % 28)
        r.id = citizen(self.area, r.born_on.replace("-", ""), 2 * (number // 28 % 440) + 100 + man)
        r.name = random.choice(SURNAMES) + random.choice(GIVEN)
        r.employer = random.choice(self.employers)
        served = r.retired - r.born - 18 * 12
        r.paid = random.randrange(36, served)
        r.deemed = random.randrange(0, served - r.paid)
        r.parts = random.randrange(60000, 250000), random.randrange(0, 90000), random.randrange(0, 60000), random.choice((0, random.randrange(20000)))
        r.told = random.random() > .05
        return r

    def file(self):
        lines = [self.TITLES]
        for r in self.people:
            parts = ",".join(map(yuan, r.parts + (sum(r.parts),))) if r.told else ",,,,"
            lines.append("%s,%s,%s,%s,%s,%s-01,%s-15,退休审批表,%s,%d,%d,%s" % (
                r.id, r.name, r.sex, r.born_on, r.employer, month(r.born + 18 * 12), month(r.retired), month(r.retired + 1), r.paid,
                r.deemed, parts))
        return lines

    def supplement(self, some):
        """What the papers of some say after all."""
        lines = ["公民身份号码,姓名,统一社会信用代码,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计"]
        for r in some:
            lines.append("%s,%s,%s,%s" % (r.id, r.name, r.employer, ",".join(map(yuan, r.parts + (sum(r.parts),)))))
            r.told = True
        return lines

    def pensioner(self, retiree, first):
        """Others paid them before the store's first roll."""
        return Pensioner(retiree.parts, first)
