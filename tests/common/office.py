"""What independent witnesses share: a store that is worked on by commands alone, with a
clock of its own, and identifiers that pass for real ones."""

import datetime
import json
import os
import sqlite3
import subprocess


def citizen(area, born, number):
    """GB 11643; born is yyyymmdd, an odd number is a man's."""
    body = "%s%s%03d" % (area, born, number)
    return body + "10X98765432"[sum(int(d) * 2 ** (17 - i) for i, d in enumerate(body)) % 11]


def credit_code(body):
    """GB 32100: 17 characters and their check character."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[-total % 31]


def yuan(fen):
    return "%s%d.%02d" % ("-" if fen < 0 else "", abs(fen) // 100, abs(fen) % 100)


class Tap:
    def __init__(self):
        self.count, self.failed = 0, 0

    def say(self, about, said):
        """One test: what was said against it, which is taken off the list."""
        self.count += 1
        self.failed += bool(said)
        print("%sok %d - %s" % ("not " if said else "", self.count, about), flush=True)
        for line in said[:20]:
            print("# " + str(line)[:600].replace("\n", " "))
        del said[:]


class Ended:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def json(self):
        return json.loads(self.out)


class Office:
    def __init__(self, directory, bin_directory, now):
        self.dir, self.bin = directory, bin_directory
        self.store = os.path.join(directory, "store")
        self.now = now      # in China, which is eight hours ahead
        self.runs = 0
        self.environment = dict(os.environ, PEN_STORE=self.store, XDG_CONFIG_HOME=os.path.join(directory, "config"),
                                TZ="CST-8", LC_ALL="C.UTF-8")
        for name in ("PEN_KEY", "PEN_SHARE", "PEN_RULES", "PEN_STAFF", "LANGUAGE"):
            self.environment.pop(name, None)

    def utc(self):
        return self.now - datetime.timedelta(hours=8)

    def stamp(self):
        return self.utc().strftime("%Y-%m-%dT%H:%M:%SZ")

    def clock(self):
        return str(int((self.utc() - datetime.datetime(1970, 1, 1)).total_seconds()))

    def run(self, staff, *words, store=None, clean=True):
        """A command, by somebody, now; it has to end well unless `clean` is taken off."""
        environment = dict(self.environment, PEN_STAFF=staff, PEN_CLOCK=self.clock())
        if store:
            environment["PEN_STORE"] = store
        self.runs += 1
        ended = subprocess.run([os.path.join(self.bin, words[0])] + [str(w) for w in words[1:]], cwd=self.dir, env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if clean and ended.returncode != 0:
            raise AssertionError("%s by %s ended with %d: %s" % (" ".join(map(str, words)), staff, ended.returncode,
                                                                 ended.stderr.decode() or ended.stdout.decode()[-600:]))
        return Ended(ended.returncode, ended.stdout, ended.stderr.decode())

    def kill(self, after, staff, *words):
        """The same, killed after so many seconds; whether it had ended by itself."""
        environment = dict(self.environment, PEN_STAFF=staff, PEN_CLOCK=self.clock())
        self.runs += 1
        with subprocess.Popen([os.path.join(self.bin, words[0])] + [str(w) for w in words[1:]], cwd=self.dir, env=environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=after)
            except subprocess.TimeoutExpired:
                process.kill()
            return process.wait() == 0

    def sql(self, text, *values):
        """Read by a library of somebody else's. It may write: who reads first after a kill rolls back what was half written."""
        base = sqlite3.connect("file:%s/pen.db?mode=rw" % self.store, uri=True)
        try:
            return base.execute(text, values).fetchall()
        finally:
            base.close()

    def write(self, name, lines):
        with open(os.path.join(self.dir, name), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return name

    def bring(self, form, lines, *options):
        """A file of a form, confirmed by its declared number of rows: the batch."""
        name = self.write("%s-%d.csv" % (form, self.runs), lines)
        self.run("op1", "pen-import", "-q", "--confirm", "--expect-rows", len(lines) - 1, *options, form, name)
        return self.sql("SELECT MAX(id) FROM batch")[0][0]

    def seal(self, batch):
        for words in (("sign", batch), ("sign", batch, "--as", "lead1"), ("close", batch)):
            self.run("op1", "pen-seal", "-q", *words)

    def agree(self, batch, employers):
        """Each of these employers agrees to its breakdown, on paper."""
        lines = ["统一社会信用代码,核对意见"] + [e + ",同意" for e in employers]
        self.run("op1", "pen-seal", "-q", "acknowledge", batch, "--from", self.write("answers.csv", lines),
                 "--document", self.write("agreed.txt", ["同意"]))
