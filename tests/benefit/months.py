"""Month after month: rolls made by the tools, each line and each sum beside the second
computation's, while things happen to those who are paid."""

import datetime
import json

import schemes
from rolls import PAID, STOPPED, Pensioner
from tables import count, month

FIRST = count("2026-12")


class Months:
    def __init__(self, witness, retirees):
        self.witness, self.agency, self.retirees = witness, witness.agency, retirees
        self.random = retirees.random
        self.paid = {}      # by citizen id
        self.happened = {}

    def begin(self):
        """Those who retired before the system come in by form; others were assessed."""
        self.agency.now = datetime.datetime(2026, 12, 20, 9, 0)
        self.agency.seal(self.agency.bring("retirement", self.retirees.file()))
        self.witness.numbers()
        for r in self.retirees.people:
            if r.told:
                self.paid[r.id] = self.retirees.pensioner(r, FIRST)
        for p, row in self.witness.retired:
            self.paid[p.id] = Pensioner((row["basic_fen"], row["account_fen"], row["transitional_fen"], row["extra_fen"]), p.retired + 1)

    def go(self, last):
        for m in range(FIRST, last + 1):
            self.agency.now = max(self.agency.now, datetime.datetime(m // 12, m % 12 + 1, 20, 9, 0))
            self.happen(m)
            self.roll(m)

    # -- what happens before a roll

    def note(self, what):
        self.happened[what] = self.happened.get(what, 0) + 1

    def happen(self, m):
        if m == FIRST + 1:
            self.scheme = schemes.draw(self.random, self.agency.area, m // 12)
            self.adjust()
        if m == FIRST + 2:
            self.supplement()
            self.stop(m)
        if m == FIRST + 3:
            self.adjust()
            self.sent_back(m - 1)
        if m == FIRST + 4:
            self.go_on()

    def supplement(self):
        some = [r for r in self.retirees.people if not r.told]
        if not some:
            return
        self.agency.seal(self.agency.bring("benefit-supplement", self.retirees.supplement(some)))
        for r in some:
            self.paid[r.id] = self.retirees.pensioner(r, FIRST)
            self.note("supplement")

    def act(self, *words):
        """A decision of the operator, which a lead approves."""
        self.agency.run("op1", "pen-benefit", *words, "-q")
        self.agency.run("lead1", "pen-benefit", "approve", self.agency.sql("SELECT MAX(id) FROM batch")[0][0], "-q")

    def stop(self, m):
        """Of some from this month on, of one from the month before, which was paid: that is kept back."""
        self.stopped = dict(zip(self.random.sample(sorted(self.paid), 3), (m - 1, m, m)))
        for person, since in self.stopped.items():
            self.act("stop", "--person", person, "--reason", "qualification-overdue", "--month", month(since))
            self.paid[person].changes.append((STOPPED, since, 0))
            self.note("stop")

    def go_on(self):
        """From the month of the stop, or from a later one."""
        for n, (person, since) in enumerate(self.stopped.items()):
            self.act("resume", "--person", person, "--reason", "qualified", "--month", month(since + n % 2))
            self.paid[person].changes.append((PAID, since + n % 2, 0))
            self.note("resume")

    def sent_back(self, m):
        """What the bank could not pay of a month is due again."""
        rows = self.agency.run("op1", "pen-benefit", "pay", "--month", month(m), "-f", "csv").out.decode().splitlines()
        failed = set(self.random.sample(range(1, len(rows)), 4))
        name = self.agency.write("bank.csv", [rows[0] + ",发放结果,失败原因"] + [
            row + (",失败,账户已注销" if n in failed else ",成功,") for n, row in enumerate(rows[1:], 1)])
        self.act("pay", "--return", name)
        for n in failed:
            person, amount = rows[n].split(",")[3], rows[n].split(",")[-1]
            self.paid[person].returned += int(amount.replace(".", ""))
            self.note("sent back")

    # -- a scheme

    PARTS = "before_fen", "fixed_fen", "years_fen", "level_fen", "tilt_fen", "increase_fen", "after_fen"

    def everybody(self):
        """Whoever a scheme may be for, by citizen id."""
        area = self.agency.area
        for r in self.retirees.people:
            yield r.id, schemes.Who(r.sex, r.born_on, month(r.retired) + "-15", r.paid + r.deemed, sum(r.parts) if r.told else None, area)
        for p, row in self.witness.retired:
            yield p.id, schemes.Who(p.sex, p.born_on, "%s-%s" % (month(p.retired), p.born_on[8:]), row["paid_months"] + row["deemed_months"],
                                    row["pension_fen"], area)

    def adjust(self):
        """Applied, and in force once it is approved: those who had it already have it still."""
        expected, left, begins = {}, 0, count(self.scheme["effective"])
        for person, who in self.everybody():
            if who.pension is None:
                left += 1
            elif not any(since == begins for since, _ in self.paid[person].increases):
                parts = schemes.increase(self.scheme, who)
                if parts and sum(parts):
                    expected[person] = dict(zip(self.PARTS, (who.pension,) + parts + (sum(parts), who.pension + sum(parts))))
        name = self.agency.write("scheme.json", [json.dumps(self.scheme, ensure_ascii=False)])
        table = self.agency.run("lead1", "pen-benefit", "adjust", name, "-f", "json", clean=False)
        if table.status > 1:
            raise AssertionError("the scheme: ended with %d: %s" % (table.status, table.err[-400:]))
        summary = table.json()["summary"]
        self.witness.same((summary["people"], len(summary["left"])), (len(expected), left), "people of the scheme, and those who are left")
        if not summary["batch"]:
            return
        self.agency.run("head2", "pen-benefit", "approve", summary["batch"], "-q")
        found = {self.witness.people[person]: dict(zip(self.PARTS, columns)) for person, *columns in self.agency.sql(
            "SELECT a.person, %s FROM adjustment a JOIN folio f ON f.id = a.folio WHERE f.batch = ?" %
            ", ".join("a." + c for c in self.PARTS), summary["batch"])}
        for person in sorted(set(found) | set(expected)):
            self.witness.same(found.get(person), expected.get(person), "the scheme: %s" % person)
        for person, parts in expected.items():
            self.paid[person].increases.append((begins, parts["increase_fen"]))
            self.note("increase")

    # -- the roll

    COLUMNS = ("change", "basic_fen", "account_fen", "transitional_fen", "extra_fen", "adjustment_fen", "arrears_fen",
               "recovered_fen", "once_fen", "amount_fen", "due_total_fen", "paid_total_fen", "overpaid_fen", "drawn_fen", "drawn_total_fen")

    def roll(self, m):
        agency, before = self.agency, self.agency.sql("SELECT MAX(id) FROM batch")[0][0]
        side = {"before": [0, 0], "joined": [0, 0], "left": [0, 0], "raised": [0, 0], "lowered": [0, 0], "after": [0, 0]}
        expected = {}
        for person, p in self.paid.items():
            old = p.regular_before
            line = p.pay(m)
            if line is None:
                continue
            expected[person] = self.row(p, line, m)
            self.count(side, old, line["regular"])
        table = agency.run("op1", "pen-benefit", "run", "--month", month(m), "-f", "json", clean=False)
        batch = agency.sql("SELECT MAX(id) FROM batch")[0][0]
        if table.status > 1 or batch == before:
            raise AssertionError("roll of %s: ended with %d: %s" % (month(m), table.status, table.err[-400:]))
        self.agency.run("lead1", "pen-benefit", "approve", batch, "-q")
        found = {}
        for person, *columns in agency.sql("SELECT p.person, %s FROM payment p JOIN folio f ON f.id = p.folio WHERE f.batch = ?" %
                                           ", ".join("p." + c for c in self.COLUMNS), batch):
            found[self.witness.people[person]] = dict(zip(self.COLUMNS, columns))
        for person in sorted(set(found) | set(expected)):
            self.witness.same(found.get(person), expected.get(person), "roll of %s: %s" % (month(m), person))
        told = {r["id"]: [r["people"], r["amount_fen"]] for r in table.json()["rows"]}
        self.witness.same(told, side, "roll of %s against the month before" % month(m))
        return batch

    def row(self, p, line, m):
        """As the store's columns have it."""
        due = line["regular"] and p.parts or (0, 0, 0, 0)
        return dict(zip(self.COLUMNS, (line["change"],) + due + (line["regular"] - sum(due), line["arrears"], line["recovered"],
                                                                   line["once"], line["amount"], line["due_total"],
                                                                   line["paid_total"], line["overpaid"],
                                                                   line["drawn"], line["drawn_total"])))

    @staticmethod
    def count(side, old, new):
        def add(name, fen):
            side[name][0] += 1
            side[name][1] += fen
        if old:
            add("before", old)
        if new:
            add("after", new)
        if not old and new:
            add("joined", new)
        elif old and not new:
            add("left", old)
        elif old != new:
            add("raised" if new > old else "lowered", abs(new - old))
