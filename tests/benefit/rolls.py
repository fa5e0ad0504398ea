"""What somebody is paid month by month, by a second hand: all that is due of all months up
to one, as it is known then, less all that was paid and stayed so. Months are counted from
the year 0, amounts are fen."""

PAID, STOPPED, ENDED = "paid", "stopped", "ended"


class Pensioner:
    def __init__(self, parts, since):
        self.parts, self.since = tuple(parts), since
        self.increases, self.changes = [], []       # (month, fen); (state, month, once), as they were decided
        self.paid, self.returned, self.repaid = 0, 0, 0
        self.keep, self.once_before, self.regular_before = None, 0, 0
        self.over, self.drawn = False, 0

    def account(self, month):
        """What of all that is due by then the personal account pays."""
        return sum(self.parts[1] for m in range(self.since, month + 1) if self.state(m) == PAID)

    def state(self, month):
        """What was decided last of it."""
        state = PAID
        for to, since, _ in self.changes:
            if since <= month:
                state = to
        return state

    def regular(self, month):
        if month < self.since or self.state(month) != PAID:
            return 0
        return sum(self.parts) + sum(fen for since, fen in self.increases if since <= month)

    def once(self):
        """Due once, with an end that stands."""
        return self.changes[-1][2] if self.changes and self.changes[-1][0] == ENDED else 0

    def line(self, month):
        """The row of a month's roll; None: there is nothing to say of them any more."""
        regular = self.regular(month)
        due = sum(self.regular(m) for m in range(self.since, month + 1)) + self.once()
        once = max(0, self.once() - self.once_before)
        open_, now = due - (self.paid - self.returned - self.repaid), regular + once
        arrears = max(0, open_ - now)
        kept = max(0, now - open_)
        kept = min(kept, now if self.keep is None else min(self.keep, now))
        amount = now + arrears - kept
        before = self.regular_before
        change = "same" if before == regular else "joined" if not before else "left" if not regular else "changed"
        paid = self.paid - self.returned - self.repaid + amount
        return {"change": change, "regular": regular, "arrears": arrears, "recovered": kept, "once": once, "amount": amount,
                "due_total": due, "paid_total": paid, "overpaid": paid - due,
                "drawn": self.account(month) - self.drawn, "drawn_total": self.account(month)}

    def pay(self, month):
        """The line, and that it is paid."""
        line = self.line(month)
        if self.over or month < self.since:
            return None
        if self.state(month) == ENDED and not (line["amount"] or line["overpaid"] or line["recovered"]) and line["change"] == "same":
            self.over = True
            return None
        self.paid, self.returned, self.repaid = line["paid_total"], 0, 0
        self.drawn = line["drawn_total"]
        self.once_before, self.regular_before = max(self.once_before, self.once()), line["regular"]
        return line
