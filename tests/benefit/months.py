"""Month after month: rolls made by the tools, each line and each sum beside the second
computation's, while things happen to those who are paid."""

import datetime

from tables import count, month

FIRST = count("2026-12")


class Months:
    def __init__(self, witness, retirees):
        self.witness, self.agency, self.retirees = witness, witness.agency, retirees
        self.random = retirees.random
        self.paid = {}      # by citizen id
        self.happened = {}

    def begin(self):
        """Those who retired before the system come in by form."""
        self.agency.now = datetime.datetime(2026, 12, 20, 9, 0)
        self.agency.seal(self.agency.bring("retirement", self.retirees.file()))
        self.witness.numbers()
        for r in self.retirees.people:
            if r.told:
                self.paid[r.id] = self.retirees.pensioner(r, FIRST)

    def go(self, last):
        for m in range(FIRST, last + 1):
            self.agency.now = max(self.agency.now, datetime.datetime(m // 12, m % 12 + 1, 20, 9, 0))
            self.happen(m)
            self.roll(m)

    # -- what happens before a roll

    def note(self, what):
        self.happened[what] = self.happened.get(what, 0) + 1

    def happen(self, m):
        if m == FIRST + 2:
            self.supplement()

    def supplement(self):
        some = [r for r in self.retirees.people if not r.told]
        if not some:
            return
        self.agency.seal(self.agency.bring("benefit-supplement", self.retirees.supplement(some)))
        for r in some:
            self.paid[r.id] = self.retirees.pensioner(r, FIRST)
            self.note("supplement")

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
