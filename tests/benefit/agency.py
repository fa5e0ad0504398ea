"""One province's agency: a store with the careers in it, worked on by commands."""

import datetime
import os

from careers import OPENED
from office import Office

STAFF = ("op1", "operator"), ("op2", "operator"), ("lead1", "lead"), ("head2", "head"), ("sys1", "syslead"), ("aud1", "auditor")


class Agency(Office):
    def __init__(self, directory, bin_directory, area, suite="ed25519-sha256"):
        super().__init__(directory, bin_directory, datetime.datetime(2024, 1, 8, 9, 0))
        self.area, self.suite = area, suite

    def found(self, tables):
        """The store, its staff, and parameter tables of its own (paths)."""
        self.run("head1", "pen-admin", "init", "--agency", self.area, "--name", "某市社会劳动保险经办机构", "--head", "head1:王敏",
                 "--suite", self.suite, "--live-on", "2024-01-01", "-q")
        for who, role in STAFF:
            self.run("head1", "pen-admin", "staff", "add", who, "--name", who, "--role", role, "-q")
        for path in tables:
            self.run("sys1", "pen-admin", "param", "load", path, "-q")

    def enter(self, careers):
        """Who is insured since when, and where; balances and contributions until last year."""
        self.careers = careers
        for form, lines in (("employer", careers.employer_file()), ("registration", careers.registration_file()),
                            ("opening", careers.opening_file())):
            self.seal(self.bring(form, lines))
        moves = careers.movement_file()
        if len(moves) > 1:
            self.seal(self.bring("movement", moves))
        for year in range(2006, 2024):
            self.contributed(year)
        for year in range(OPENED + 1, 2024):
            self.settled(year)

    def contributed(self, year):
        levy, breakdown, employers = self.careers.breakdown_files(year)
        if len(breakdown) == 1:
            return
        self.seal(self.bring("levy", levy))
        batch = self.bring("breakdown", breakdown)
        self.agree(batch, employers)
        self.seal(batch)

    def settled(self, year, drawing=0):
        """Settles a year; what the command said, unless those alone are left who draw a
        pension already: so many, whose accounts wait for the rolls of its months."""
        before = self.sql("SELECT MAX(id) FROM batch")[0][0]
        ended = self.run("op1", "pen-account", "settle", "--year", year, "-f", "json", clean=False)
        batch = self.sql("SELECT MAX(id) FROM batch")[0][0]
        if batch != before:
            self.seal(batch)
        if ended.status > 1:
            return [ended.err[-500:]]
        left = ended.json()["summary"]["people"]["left"]
        return [] if left == drawing else ["%d are left of %d, expected %d who draw a pension" % (left, year, drawing)]

    def account(self, person):
        """The balances that are shown, by year."""
        rows = self.run("aud1", "pen-account", "show", "--person", person.id, "-f", "json").json()["rows"]
        names = ("personal_principal_fen", "personal_interest_fen", "unit_principal_fen", "unit_interest_fen")
        return {r["year"]: tuple(r[n] for n in names) for r in rows if r["kind"] == "balance"}
