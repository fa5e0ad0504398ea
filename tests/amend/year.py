"""A scripted year of amendment cases, of every outcome, and beside each step what the
reference model says it has to come to."""

import datetime
import heapq

import model
from office import yuan
from world import ALL, AGENCY, COUNTIES

DAY = datetime.timedelta(1)
OUTCOMES = [("closed", 44), ("applied", 6), ("checked", 6), ("rejected-lead", 14), ("rejected-head", 10), ("withdrawn", 16),
            ("expired", 12), ("revised", 14), ("rebuilt", 16), ("objection", 20), ("objection-rejected", 10),
            ("objection-returned", 6), ("opening", 8), ("registration", 8), ("many", 6), ("open", 4)]
FIELDS = {"base": "base", "months": "months", "unit": "unit", "personal": "personal"}


class Year:
    def __init__(self, world, said):
        self.world, self.agency, self.random, self.said = world, world.agency, world.random, said
        self.queue, self.count, self.kept = [], 0, []
        self.outcomes = {}
        self.off = self.holidays()

    # -- what goes wrong is said, and the year goes on

    def same(self, found, expected, about):
        if found != expected:
            self.said.append("%s: found %s, expected %s" % (about, found, expected))

    def holidays(self):
        """The days off and on of 2025 and 2026, from the table of the agency."""
        import csv
        import os
        table = {}
        path = os.path.join(os.path.dirname(__file__), "../../share/params/workdays.csv")
        with open(path, encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["name"] in ("workday.off", "workday.on"):
                    for day in row["value"].split():
                        year, month = map(int, row["valid_from"].split("-"))
                        table[datetime.date(year, month, int(day))] = row["name"] == "workday.on"
        return table

    def worked(self, day):
        return self.off.get(day, day.weekday() < 5)

    # -- commands that are steps of a case

    def amend(self, staff, *words, clean=True):
        return self.world.run(staff, "pen-amend", "-f", "json", *words, clean=clean)

    def step(self, case, move, staff, *options, reason=None):
        words = [move, case.number] + list(options) + (["--reason", reason] if reason else [])
        self.amend(staff, *words)
        case.move(move, staff, self.world.stamp(), reason)
        if move == "unseal":
            case.open_until = self.until
        if move == "apply":
            self.agency.apply(case)
            self.agency.log += [(self.world.now.strftime("%Y-%m"), case, change) for change in case.changes]

    def unseal(self, case, staff, hours=48):
        self.until = self.world.now + datetime.timedelta(hours=hours)
        self.step(case, "unseal", staff, "--for", "%dh" % hours)

    def papers(self):
        return ["--original", "original.txt", "--evidence", "evidence.txt"]

    # -- asking

    def county(self, person):
        return self.world.people[person]

    def free(self, missing=False):
        """A contribution that no open case claims and nothing waits to be sealed."""
        random, agency = self.random, self.agency
        people = list(self.world.people)
        while True:
            person, year = random.choice(people), random.choice(model.YEARS)
            if ((person, year) in agency.rows) == missing or self.waits(person):
                continue
            if not agency.claimed("breakdown", person, year, self.world.now):
                return person, year

    def waits(self, person):
        return any(c.state in ("applied", "checked") and any(x["person"] == person for x in c.changes) for c in self.agency.cases.values())

    def asked(self, row):
        random = self.random
        kind = random.choice(("base", "base", "base", "both", "personal"))
        if kind == "personal":      # rounded once a year, not month by month: the rule lets both pass
            once = model.half_up(row["base"] * model.PERSONAL * len(row["months"]))
            if once != row["personal"]:
                return {"personal": once}
        asked = {"base": random.choice((row["base"] + 100 * random.randrange(1, 3000), 500000 + random.randrange(1, 900000)))}
        if asked["base"] == row["base"]:
            asked["base"] += 1
        if kind == "both":
            asked["months"] = random.choice([m for m in (3, 6, 9, 11, 12) if m != len(row["months"])])
        return asked

    def words(self, asked):
        result = []
        for name, value in asked.items():
            result += ["--set", "%s=%s" % (FIELDS[name], value if name == "months" else yuan(value))]
        return result

    def change_of(self, person, year, asked):
        fields, row = self.agency.changed(person, year, asked, self.county(person))
        return {"kind": "breakdown", "person": person, "year": year, "fields": fields, "row": row}

    def effects(self, ended, changes, about):
        """The effect of each person, to the fen."""
        expected = {p: (b, a, a - b) for p, (b, a) in self.agency.effect(changes).items()}
        found = {r["id_number"]: (r["account_before_fen"], r["account_after_fen"], r["account_difference_fen"]) for r in ended.json()["rows"]}
        self.same(found, expected, about)

    def enter(self, form, staff, words, changes, reason, issue=None):
        verb = ["object"] if form == "objection" else ["request", "--form", form]
        ended = self.amend(staff, *verb, *words, "--reason", reason, *self.papers())
        self.effects(ended, changes, "effect of a request of %s" % form)
        number = ended.json()["head"]["case"]
        self.same(number, len(self.agency.cases) + 1, "number of a new case")
        agency = AGENCY if staff in ("op1", "op2", ALL[0]) else COUNTIES[staff[2]]
        case = model.Case(number, form, agency, staff)
        case.changes, case.reason, case.issue = changes, reason, issue
        case.begin("object" if form == "objection" else "request", self.world.stamp())
        self.agency.cases[number] = case
        return case

    def requester(self, person):
        return self.random.choice(("op1", "op2", "op" + self.county(person)))

    def request(self, missing=False):
        person, year = self.free(missing)
        asked = {"base": 100 * self.random.randrange(5000, 12000), "months": self.random.choice((6, 12))} if missing else \
            self.asked(self.agency.rows[(person, year)])
        change = self.change_of(person, year, asked)
        words = ["--person", person, "--year", year] + self.words(asked)
        if missing:
            words += ["--employer", self.world.employers[self.county(person)]]
        return self.enter("rebuild-account" if missing else "change", self.requester(person), words, [change], "录入有误")

    # -- stories: each yields how long until it goes on

    def long_way(self, case):
        yield DAY
        self.step(case, "approve", self.random.choice(("lead1", "lead2")))
        yield DAY / 2
        self.step(case, "approve", self.random.choice(("head1", "head2")))
        yield DAY
        self.unseal(case, self.random.choice(("sys1", "sys2")))
        yield DAY / 4
        self.step(case, "apply", self.random.choice(("am1", "am2")))

    def to_the_end(self, case):
        yield DAY * self.random.choice((1, 2))
        self.step(case, "check", self.random.choice(("lead1", "lead3")))
        yield DAY / 2
        self.step(case, "close", self.random.choice(("lead1", "lead2")))
        self.look(case)

    def closed(self):
        case = self.request()
        yield from self.long_way(case)
        yield from self.to_the_end(case)

    def rebuilt(self):
        case = self.request(missing=True)
        yield from self.long_way(case)
        yield from self.to_the_end(case)

    def applied(self):
        yield from self.long_way(self.request())

    def checked(self):
        case = self.request()
        yield from self.long_way(case)
        yield DAY
        self.step(case, "check", "lead3")

    def rejected_lead(self):
        case = self.request()
        yield DAY
        self.step(case, "reject", "lead1", reason="依据不足")

    def rejected_head(self):
        case = self.request()
        yield DAY
        self.step(case, "approve", "lead2")
        yield DAY
        self.step(case, "reject", "head1", reason="与档案不符")

    def withdrawn(self):
        case = self.request()
        for step in range(self.random.randrange(3)):
            yield DAY
            self.step(case, "approve", ("lead1", "head2")[step])
        yield DAY
        self.step(case, "withdraw", case.requester, reason="单位撤回")

    def expired(self):
        case = self.request()
        yield DAY
        self.step(case, "approve", "lead1")
        yield DAY
        self.step(case, "approve", "head1")
        yield DAY
        self.unseal(case, "sys1", hours=5)
        yield DAY
        self.refused("am1", "amend.expired", "apply", case.number)
        case.move("expire", "am1", self.world.stamp())

    def revised(self):
        case = self.request()
        yield DAY
        if self.random.random() < .5:
            self.step(case, "approve", "lead1")
            yield DAY
            self.step(case, "return", "head1", reason="请补充说明")
        else:
            self.step(case, "return", "lead2", reason="请补充说明")
        yield DAY
        self.revise(case)
        yield from self.long_way(case)
        yield from self.to_the_end(case)

    def revise(self, case):
        person, year = case.changes[0]["person"], case.changes[0]["year"]
        asked = self.asked(self.agency.rows[(person, year)])
        changes = [self.change_of(person, year, asked)]
        ended = self.amend(case.requester, "revise", case.number, "--person", person, "--year", year, *self.words(asked),
                           "--reason", "补充后重报", *self.papers())
        self.effects(ended, changes, "effect of a revision")
        case.changes, case.reason = changes, "补充后重报"
        case.move("revise", case.requester, self.world.stamp())

    def opening(self):
        people = [p for p in self.world.people if not self.waits(p) and not self.agency.claimed("opening", p, 2021, self.world.now)]
        person = self.random.choice(people)
        old = self.agency.openings[person]
        new = (old[0] + 1 + self.random.randrange(90000),) + old[1:]
        change = {"kind": "opening", "person": person, "year": 2021, "row": new, "fields": [("personal_principal", old[0], new[0], False)]}
        case = self.enter("change", self.requester(person), ["--person", person, "--kind", "opening", "--set",
                          "personal_principal=" + yuan(new[0])], [change], "期初余额漏记")
        yield from self.long_way(case)
        yield from self.to_the_end(case)

    def registration(self):
        people = [p for p in self.world.people if not self.agency.claimed("registration", p, 0, self.world.now)]
        person = self.random.choice(people)
        old = self.agency.registered[person]["worked_on"]
        new = "2010-%02d-%02d" % (1 + self.random.randrange(12), 2 + self.random.randrange(27))
        change = {"kind": "registration", "person": person, "year": 0, "row": {"worked_on": new}, "fields": [("worked_on", old, new, False)]}
        case = self.enter("change", self.requester(person), ["--person", person, "--kind", "registration", "--set", "worked_on=" + new],
                          [change], "参加工作时间有误")
        yield from self.long_way(case)
        yield from self.to_the_end(case)

    def many(self):
        """Several records in one case, from a file."""
        picked = []
        while len(picked) < 5:
            pair = self.free()
            if pair not in picked:
                picked.append(pair)
        changes, lines = [], ["公民身份号码,年度,修改项目,原数据,新数据"]
        for person, year in picked:
            old = self.agency.rows[(person, year)]
            asked = {"base": old["base"] + 100 * self.random.randrange(1, 2000)}
            changes.append(self.change_of(person, year, asked))
            lines.append("%s,%d,缴费基数,%s,%s" % (person, year, yuan(old["base"]), yuan(asked["base"])))
        name = self.world.write("many-%d.csv" % self.world.runs, lines)
        case = self.enter("change", "op1", ["--from", name], changes, "整批录错")
        yield from self.long_way(case)
        yield from self.to_the_end(case)

    def open(self):
        case = self.request()
        yield DAY
        if self.random.random() < .5:
            self.step(case, "approve", "lead2")

    # -- objections

    def enterer(self, case):
        """An operator of the store's own agency, whoever verified it."""
        return case.requester if case.agency == AGENCY else self.random.choice(("op1", "op2"))

    def statement(self, person, year):
        """Handed out by an operator; kept, to be printed again at the end."""
        ended = self.world.run("op1", "pen-report", "statement", "--year", year, "--person", person, "-f", "json")
        account = self.agency.account(person)[year]
        closing = ended.json()["closing"]
        self.same(tuple(closing[k] for k in ("personal_principal_fen", "personal_interest_fen", "unit_principal_fen", "unit_interest_fen")),
                  account, "statement of %s for %d" % (person, year))
        self.kept.append((person, year, ended.json()["as_of"], ended.out))
        issued = self.agency.issues.setdefault((person, year), [])
        content = (account, self.agency.account(person).get(year - 1), repr(self.agency.rows.get((person, year))))
        if not issued or issued[-1][1] != content:
            issued.append((self.world.now.date(), content))
        return issued[-1][0]

    def against(self, wait=None):
        person, year = self.free()
        handed_out = self.statement(person, year)
        yield DAY * (wait or self.random.randrange(1, 60))
        while self.agency.claimed("breakdown", person, year, self.world.now) or self.waits(person):
            person, year = self.free()
            handed_out = self.statement(person, year)
        last = model.three_months_on(handed_out, self.worked)
        asked = self.asked(self.agency.rows[(person, year)])
        if self.world.now.date() > last:
            self.refused("op1", "objection.late", "object", "--person", person, "--year", year, *self.words(asked),
                         "--reason", "来迟", *self.papers())
            return None
        return self.enter("objection", self.requester(person) if self.random.random() < .3 else "op1",
                          ["--person", person, "--year", year] + self.words(asked), [self.change_of(person, year, asked)], "本人有异议",
                          issue=(person, year))

    def objection(self):
        case = yield from self.against(self.random.choice((None, None, None, 89, 95)))
        if not case:
            return
        yield DAY
        self.step(case, "approve", "lead1")
        yield DAY
        self.step(case, "apply", self.enterer(case))
        yield from self.to_the_end(case)

    def objection_rejected(self):
        case = yield from self.against()
        if case:
            yield DAY
            self.step(case, "reject", "lead2", reason="经核实无误")

    def objection_returned(self):
        case = yield from self.against()
        if not case:
            return
        yield DAY
        self.step(case, "return", "lead2", reason="请附银行流水")
        yield DAY
        self.revise(case)
        yield DAY
        self.step(case, "approve", "lead1")
        yield DAY
        self.step(case, "apply", self.enterer(case))
        yield from self.to_the_end(case)

    # -- what is refused

    def refused(self, staff, code, *words, status=3, store=None):
        """Ends with that status and code, and the attempt is in the journal with them."""
        before = self.world.sql("SELECT MAX(at) FROM journal")[0][0]
        ended = self.world.run(staff, *(words if words[0].startswith("pen-") else ("pen-amend",) + words), store=store, clean=False)
        about = "%s by %s" % (" ".join(map(str, words)), staff)
        self.same(ended.status, status, "status of %s (%s)" % (about, ended.err.strip()[-300:]))
        if "(%s)" % code not in ended.err:
            self.said.append("%s: found '%s', expected code %s" % (about, ended.err.strip()[-400:], code))
        if status != 3:
            return
        entries = self.world.sql("SELECT text FROM journal WHERE at > ? AND act = 'refused'", before)
        if not any('"code":"%s"' % code in text for text, in entries):
            self.said.append("%s: not in the journal as refused with %s: %s" % (about, code, entries))

    # -- what stands after a step

    def look(self, case):
        """The case as the store tells it: state, steps, by whom, as what, why."""
        head = self.amend("aud1", "show", case.number).json()["head"]
        self.same((head["state"], head["revision"], head["form"], head["agency"], head["requested_by"]),
                  (case.state, case.revision, case.form, case.agency, case.requester), "case %d" % case.number)
        found = [(s["move"], s["state"], s["as"], s["staff"], s["time"], s["reason"]) for s in head["steps"]]
        self.same(found, [tuple(s) for s in case.steps], "steps of case %d" % case.number)

    # -- the year

    def plan(self, cases):
        total, stories = sum(n for _, n in OUTCOMES), []
        for name, n in OUTCOMES:
            stories += [name] * max(1, n * cases // total)
        while len(stories) < cases:
            stories.append("closed")
        self.random.shuffle(stories)
        for name in stories[:cases]:
            begin = datetime.datetime(2025, 1, 7, 9, 0) + DAY * self.random.random() * 330
            self.push(begin, getattr(self, name.replace("-", "_"))())
            self.outcomes[name] = self.outcomes.get(name, 0) + 1

    def push(self, when, story):
        self.count += 1
        heapq.heappush(self.queue, (when, self.count, story))

    def go(self, cases):
        """Until all stories are told; what was refused is made up for by further ones."""
        while self.queue or len(self.agency.cases) < cases:
            if not self.queue:
                self.push(self.world.now + DAY, self.closed())
            when, _, story = heapq.heappop(self.queue)
            self.world.now = max(self.world.now + datetime.timedelta(seconds=1), when.replace(microsecond=0))
            try:
                self.push(self.world.now + next(story), story)
            except StopIteration:
                pass
            except AssertionError as error:
                self.said.append(str(error))
