"""Attempts to get round each rule of an amendment. Every one ends with status 3 and the
code of the rule, and is in the journal with it; the case stays as it was."""

import datetime
import os
import shutil
import sqlite3

import model
from office import yuan
from world import AGENCY

DAY = datetime.timedelta(1)


def later(year, time=DAY):
    year.world.now += time


def fresh(year):
    """A request by op1 for a change of a base, and its words."""
    person, of = year.free()
    asked = {"base": year.agency.rows[(person, of)]["base"] + 777}
    words = ["--person", person, "--year", of] + year.words(asked)
    return year.enter("change", "op1", words, [year.change_of(person, of, asked)], "录入有误"), words


def why(year):
    return ["--reason", "试"] + year.papers()


def opened(year, hours=48):
    case, words = fresh(year)
    year.step(case, "approve", "lead1")
    year.step(case, "approve", "head1")
    year.unseal(case, "sys1", hours)
    return case, words


def asking(year):
    """who may ask, for whom, and with what papers"""
    case, words = fresh(year)
    person, of = year.free()
    ask = ["request", "--form", "change", "--person", person, "--year", of]
    year.refused("aud1", "role.missing", *ask, "--set", "base=6500.00", *why(year))
    year.refused("lead1", "role.missing", *ask, "--set", "base=6500.00", *why(year))
    year.refused("op1", "amend.paper", *ask, "--set", "base=6500.00", "--reason", "试", "--evidence", "evidence.txt")
    year.refused("op1", "amend.paper", *ask, "--set", "base=6500.00", "--reason", "试", "--original", "original.txt")
    other = "op" + "AB"[year.county(person) == "A"]
    year.refused(other, "amend.agency", *ask, "--set", "base=6500.00", *why(year))
    # The same record twice, by name of the other case.
    year.refused("op2", "amend.open", "request", "--form", "change", *words, *why(year))
    if "case %d" % case.number not in year.world.run("op2", "pen-amend", "request", "--form", "change", *words, *why(year), clean=False).err:
        year.said.append("the other case is not named")
    year.look(case)


def what_is_asked(year):
    """keys, what is computed, old values that are others, values that a rule rejects"""
    person, of = year.free()
    row = year.agency.rows[(person, of)]
    ask = ["request", "--form", "change", "--person", person, "--year", of]
    for field in ("id_number=330106198501010014", "credit_code=91330106MA00000016", "year=2023"):
        year.refused("op1", "amend.key", *ask, "--set", field, *why(year))
    year.refused("op1", "amend.kind", *ask, "--kind", "settlement", "--set", "rate=0.05", *why(year))
    year.refused("op1", "amend.kind", *ask, "--kind", "levy", "--set", "amount=1.00", *why(year))
    year.refused("op1", "amend.nothing", *ask, "--set", "base=" + yuan(row["base"]), *why(year))
    year.refused("op1", "amend.rule", *ask, "--set", "personal=1.00", *why(year))
    year.refused("op1", "amend.value", *ask, "--set", "base=many", *why(year), status=4)
    name = year.world.write("old.csv", ["公民身份号码,年度,修改项目,原数据,新数据", "%s,%d,缴费基数,1.00,6500.00" % (person, of)])
    year.refused("op1", "amend.old", "request", "--form", "change", "--from", name, *why(year))
    # A row that is there is not rebuilt, and one that is not is not changed.
    gone, then = year.free(missing=True)
    year.refused("op1", "amend.none", "request", "--form", "change", "--person", gone, "--year", then, "--set", "base=6500.00", *why(year))


def approving(year):
    """nobody approves out of turn, in another's role, or what they asked for"""
    case, _ = fresh(year)
    year.refused("op1", "role.missing", "approve", case.number)
    year.refused("leadA", "role.missing", "approve", case.number)
    year.refused("head1", "role.missing", "approve", case.number)
    year.refused("sys1", "amend.state", "unseal", case.number)
    year.refused("am1", "amend.state", "apply", case.number)
    year.refused("lead1", "amend.state", "check", case.number)
    year.refused("lead1", "amend.state", "close", case.number)
    year.refused("op2", "amend.people", "withdraw", case.number, "--reason", "试")
    year.refused("op1", "amend.state", "revise", case.number, "--person", list(year.world.people)[0], "--year", 2024, "--set", "base=1", *why(year))
    year.step(case, "approve", "lead1")
    year.refused("lead2", "role.missing", "approve", case.number)
    year.refused("sys1", "amend.state", "unseal", case.number)
    year.look(case)


def one_for_all(year):
    """five people: whoever holds every role does one thing in a case"""
    person, of = year.free()
    asked = {"base": year.agency.rows[(person, of)]["base"] + 555}
    case = year.enter("change", "all1", ["--person", person, "--year", of] + year.words(asked), [year.change_of(person, of, asked)], "试")
    year.refused("all1", "amend.people", "approve", case.number)
    year.step(case, "approve", "lead1")
    year.refused("all1", "amend.people", "approve", case.number)
    year.step(case, "approve", "head1")
    year.refused("all1", "amend.people", "unseal", case.number)
    year.step(case, "withdraw", "all1", reason="试毕")
    case, _ = fresh(year)
    year.step(case, "approve", "all1")
    year.refused("all1", "amend.people", "approve", case.number)
    year.step(case, "approve", "head2")
    year.refused("all1", "amend.people", "unseal", case.number)
    year.unseal(case, "sys2")
    year.refused("all1", "amend.people", "apply", case.number)
    year.step(case, "apply", "am1")
    year.look(case)
    case, _ = opened(year)
    year.step(case, "apply", "all1")
    year.refused("all1", "amend.people", "check", case.number)
    year.refused("am1", "role.missing", "check", case.number)
    year.look(case)


def opening_it(year):
    """what is unsealed is open for its time, once, to the amender"""
    case, _ = fresh(year)
    year.step(case, "approve", "lead1")
    year.step(case, "approve", "head1")
    year.refused("head1", "role.missing", "unseal", case.number)
    year.refused("op1", "role.missing", "unseal", case.number)
    year.unseal(case, "sys1", hours=2)
    year.refused("sys1", "amend.state", "unseal", case.number, "--for", "9h")
    year.refused("op1", "amend.state", "withdraw", case.number, "--reason", "试")
    year.refused("lead1", "amend.state", "return", case.number, "--reason", "试")
    year.refused("op1", "role.missing", "apply", case.number)
    later(year, datetime.timedelta(hours=3))
    year.refused("am1", "amend.expired", "apply", case.number)
    case.move("expire", "am1", year.world.stamp())
    year.refused("am1", "amend.state", "apply", case.number)
    year.refused("sys1", "amend.state", "unseal", case.number)
    year.look(case)


def applying(year):
    """applied once, checked before it is closed, and by no amender"""
    case, _ = opened(year)
    year.refused("lead1", "amend.state", "check", case.number)
    year.step(case, "apply", "am1")
    year.refused("am1", "amend.state", "apply", case.number)
    year.refused("am2", "amend.state", "apply", case.number)
    year.refused("lead1", "amend.state", "close", case.number)
    year.refused("head1", "role.missing", "check", case.number)
    year.step(case, "check", "lead1")
    year.refused("op1", "amend.state", "withdraw", case.number, "--reason", "试")
    year.refused("op1", "role.missing", "close", case.number)
    year.step(case, "close", "lead1")
    year.refused("lead1", "amend.state", "close", case.number)
    year.refused("lead1", "amend.state", "reject", case.number, "--reason", "试")
    year.look(case)


def objecting(year):
    """an objection is in time, about what the statement said, and signed by a lead"""
    person, of = year.free()
    asked = {"base": year.agency.rows[(person, of)]["base"] + 333}
    words = ["--person", person, "--year", of] + year.words(asked)
    if (person, of) not in year.agency.issues:
        year.refused("op1", "objection.none", "object", *words, *why(year))
    handed_out = year.statement(person, of)
    other = next(y for y in model.YEARS if y != of)
    if (person, other) in year.agency.rows:
        name = year.world.write("beyond.csv", ["公民身份号码,年度,修改项目,新数据", "%s,%d,缴费基数,6500.00" % (person, other)])
        year.refused("op1", "objection.beyond", "object", "--person", person, "--year", of, "--from", name, *why(year))
    year.refused("aud1", "role.missing", "object", *words, *why(year))
    year.refused("op1", "amend.paper", "object", *words, "--reason", "试")
    last = model.three_months_on(handed_out, year.worked)
    today = year.world.now
    year.world.now = max(today, datetime.datetime.combine(last, datetime.time(23, 30)))
    if year.world.now.date() == last:
        # In time until the end of the last day; a lead's signature alone, and it is needed.
        case = year.enter("objection", "op1", words, [year.change_of(person, of, asked)], "本人有异议", issue=(person, of))
        year.refused("op1", "amend.state", "apply", case.number)
        year.refused("head1", "role.missing", "approve", case.number)
        year.refused("op1", "role.missing", "approve", case.number)
        year.step(case, "approve", "lead1")
        year.refused("opA", "role.missing", "apply", case.number)
        year.refused("am1", "role.missing", "apply", case.number)
        year.refused("lead1", "role.missing", "apply", case.number)
        year.step(case, "withdraw", "op1", reason="本人撤回")
        year.look(case)
    year.world.now = max(year.world.now, datetime.datetime.combine(last + DAY, datetime.time(0, 30)))
    year.statement(person, of)      # to print it again begins nothing anew
    year.refused("op1", "objection.late", "object", *words, *why(year))
    rows = year.world.run("aud1", "pen-report", "objections", "-f", "json").json()["rows"]
    year.same((rows[-1]["case"], rows[-1]["state"], rows[-1]["code"], rows[-1]["id_number"], rows[-1]["last_day"]),
              (None, "refused", "objection.late", person, last.isoformat()), "the late objection in the list")
    # The long way is left.
    case = year.enter("change", "op1", words, [year.change_of(person, of, asked)], "逾期异议", issue=None)
    year.step(case, "withdraw", "op1", reason="试毕")


def behind_the_back(year):
    """a value that was changed meanwhile, in the sqlite3 shell: nothing is applied"""
    case, _ = opened(year)
    change = case.changes[0]
    whole = os.path.join(year.world.store, "pen.db")
    shutil.copyfile(whole, whole + ".kept")
    base = sqlite3.connect(whole)
    base.execute("DROP TRIGGER contribution_stays_u")
    touched = base.execute("UPDATE contribution SET base_fen = base_fen + 1 WHERE person = (SELECT person FROM person_alias WHERE value = ?) "
                           "AND folio IN (SELECT id FROM folio WHERE form = 'breakdown' AND period = ?)", (change["person"], change["year"])).rowcount
    base.commit()
    base.close()
    year.same(touched > 0, True, "rows touched")
    year.refused("am1", "amend.moved", "apply", case.number)
    shutil.copyfile(whole + ".kept", whole)
    os.remove(whole + ".kept")
    year.step(case, "apply", "am1")     # as it was, it goes on
    year.look(case)


def shut(year):
    """a store that is suspended, a copy, and people who are of the staff no more"""
    case, words = opened(year)
    year.world.run("sys1", "pen-admin", "suspend", "--reason", "试", "-q")
    year.refused("am1", "store.suspended", "apply", case.number)
    year.world.run("head1", "pen-admin", "resume", "-q")
    year.world.run("head1", "pen-admin", "staff", "revoke", "am2", "--role", "amender", "-q")
    year.refused("am2", "staff.revoked", "apply", case.number)
    year.step(case, "apply", "am1")
    copy = year.world.store + "-copy"
    shutil.copytree(year.world.store, copy)
    open(os.path.join(copy, "restored"), "w").close()
    ended = year.world.run("lead1", "pen-amend", "check", case.number, store=copy, clean=False)
    year.same((ended.status, "(store.copy)" in ended.err), (3, True), "a step on a copy: " + ended.err)
    shutil.rmtree(copy)
    year.step(case, "check", "lead1")
    year.look(case)


def stand(year):
    """The contributions and balances that reports show, and what there is of a batch."""
    world = year.world
    rows = [world.run("aud1", "pen-report", "breakdown", "--year", y, "-f", "json").json()["rows"] for y in model.YEARS]
    return rows, world.sql("SELECT (SELECT COUNT(*) FROM batch), (SELECT COUNT(*) FROM folio), (SELECT COUNT(*) FROM replacement), "
                           "(SELECT COUNT(*) FROM movement), (SELECT COUNT(*) FROM contribution), (SELECT COUNT(*) FROM seal)")


def killed(year):
    """killed in the middle of apply: the case is unsealed and the data as they were; the same command completes it"""
    changes, lines = [], ["公民身份号码,年度,修改项目,新数据"]
    for (person, of), row in sorted(year.agency.rows.items()):
        if not year.waits(person) and not year.agency.claimed("breakdown", person, of, year.world.now):
            changes.append(year.change_of(person, of, {"base": row["base"] + 12300}))
            lines.append("%s,%d,缴费基数,%s" % (person, of, yuan(row["base"] + 12300)))
    case = year.enter("change", "op1", ["--from", year.world.write("killed.csv", lines)], changes, "整年录错")
    year.step(case, "approve", "lead1")
    year.step(case, "approve", "head1")
    year.unseal(case, "sys1")
    before, killed_at_work, after = stand(year), 0, .002
    for _ in range(80):
        if year.world.kill(after, "am1", "pen-amend", "-q", "apply", case.number):
            break
        state, = year.world.sql("SELECT state FROM amendment WHERE id = ?", case.number)[0]
        if state == "applied":      # committed, and killed before it could say so
            break
        killed_at_work += 1
        year.same(state, "unsealed", "state after a kill at %.3f s" % after)
        year.same(stand(year) == before, True, "data as before after a kill at %.3f s" % after)
        after *= 1.12
    else:
        year.said.append("never came to its end")
    year.same(killed_at_work >= 5, True, "killed %d times before it was done" % killed_at_work)
    state, = year.world.sql("SELECT state FROM amendment WHERE id = ?", case.number)[0]
    year.same(state, "applied", "state in the end")
    case.move("apply", "am1", year.world.stamp())
    year.agency.apply(case)
    year.agency.log += [(year.world.now.strftime("%Y-%m"), case, change) for change in case.changes]
    year.step(case, "check", "lead1")
    year.step(case, "close", "lead1")
    year.look(case)


ALL_OF_THEM = [asking, what_is_asked, approving, one_for_all, opening_it, applying, objecting, behind_the_back, shut, killed]
