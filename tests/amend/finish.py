"""What stands at the end of the year, each thing beside the reference model: the cases and
their steps, every row, every account to the fen, the log of each month and area, and the
statements that were handed out, printed again to the byte."""

import model
from office import yuan

COLUMNS = {"base": "base_fen", "months": "months", "unit": "unit_fen", "personal": "personal_fen",
           "personal_principal": "personal_principal_fen", "worked_on": "worked_on"}


def month_set(months):
    """1-6,9"""
    result, months = [], sorted(months)
    for month in months:
        if result and month == result[-1][1] + 1:
            result[-1][1] = month
        else:
            result.append([month, month])
    return ",".join("%d" % a if a == b else "%d-%d" % (a, b) for a, b in result)


def shown(name, value):
    """As the log shows a value."""
    if value is None:
        return None
    if name == "months":
        return month_set(value)
    return value if name == "worked_on" else yuan(value)


def cases(year):
    world, agency = year.world, year.agency
    rows = world.run("aud1", "pen-amend", "-f", "json", "list").json()["rows"]
    found = {r["case"]: (r["form"], r["state"], r["agency"], r["revision"]) for r in rows}
    expected = {c.number: (c.form, c.state, c.agency, c.revision) for c in agency.cases.values()}
    for number in sorted(set(found) | set(expected)):
        year.same(found.get(number), expected.get(number), "case %d in the list" % number)
    for case in agency.cases.values():
        year.look(case)


def values(year):
    world, agency = year.world, year.agency
    for y in model.YEARS:
        rows = world.run("aud1", "pen-report", "breakdown", "--year", y, "-f", "json").json()["rows"]
        found = {}
        for r in rows:
            year.same(r["id_number"] in found, False, "two rows of %s in %d" % (r["id_number"], y))
            found[r["id_number"]] = (r["base_fen"], r["month_set"], r["unit_fen"], r["personal_fen"])
        expected = {p: (row["base"], month_set(row["months"]), row["unit"], row["personal"])
                    for (p, of), row in agency.rows.items() if of == y}
        for p in sorted(set(found) | set(expected)):
            year.same(found.get(p), expected.get(p), "contribution of %s in %d" % (p, y))


def accounts(year):
    world, agency = year.world, year.agency
    names = ("personal_principal_fen", "personal_interest_fen", "unit_principal_fen", "unit_interest_fen")
    for person in world.people:
        found = {}
        for r in world.run("aud1", "pen-account", "show", "--person", person, "-f", "json").json()["rows"]:
            if r["kind"] in ("balance", "opening"):
                found[r["year"]] = tuple(r[n] for n in names)
        expected = dict(agency.account(person))
        expected[2021] = agency.openings[person]
        year.same(found, expected, "account of %s" % person)


def log(year):
    """Each field of each case, in the month and the area of the change."""
    world, agency = year.world, year.agency
    months = sorted({"2025-%02d" % m for m in range(1, 13)} | {month for month, _, _ in agency.log})
    for month in months:
        expected = {}
        for when, case, change in agency.log:
            if when != month:
                continue
            post = {s[2] + str(i): s[3] for i, s in enumerate(case.steps)}
            for name, old, new, follows in change["fields"]:
                expected[(case.number, change["person"], change["year"] if change["kind"] == "breakdown" else None, COLUMNS[name])] = (
                    shown(name, old), shown(name, new), follows, case.agency, case.reason, people(case))
        for area in (None, "330100", "330102", "330106"):
            words = ["pen-report", "amendment-log", "--month", month, "-f", "json"] + (["--agency", area] if area else [])
            table = world.run("op1", *words).json()
            found = {}
            for r in table["rows"]:
                key = (r["case"], r["id_number"], r["year"] if r["kind"] == "contribution" else None, r["column"])
                found[key] = (r["old"], r["new"], r["follows"], r["agency"], r["reason"],
                              tuple(r[p]["staff"] for p in ("requested", "lead", "head", "unsealed", "applied", "checked", "closed")))
            wanted = {k: v for k, v in expected.items() if area in (None, v[3]) and k[3] != "sequence"}
            found = {k: v for k, v in found.items() if k[3] in COLUMNS.values()}
            for key in sorted(set(found) | set(wanted), key=str):
                year.same(found.get(key), wanted.get(key), "log of %s, area %s, %s" % (month, area, key))


def people(case):
    """Who asked, approved (twice), unsealed, applied, checked and closed it, by its steps."""
    result = [None] * 7
    for move, _, _, staff, _, _ in case.steps:
        if move in ("request", "object", "revise"):
            result = [staff] + [None] * 6
        elif move == "approve":
            result[2 if result[1] else 1] = staff
        elif move in ("unseal", "apply", "check", "close"):
            result[3 + ("unseal", "apply", "check", "close").index(move)] = staff
    return tuple(result)


def printed_again(year):
    for person, of, as_of, bytes_then in year.kept:
        ended = year.world.run("aud1", "pen-report", "statement", "--year", of, "--person", person, "-f", "json", "--as-of", as_of, clean=False)
        year.same(ended.out == bytes_then, True, "statement of %s for %d as of entry %d, to the byte" % (person, of, as_of))


def objections(year):
    rows = year.world.run("aud1", "pen-report", "objections", "-f", "json").json()["rows"]
    found = {r["case"]: (r["state"], r["reason"]) for r in rows if r["case"]}
    expected = {c.number: (c.state, next((s[5] for s in reversed(c.steps) if s[0] == "reject"), None))
                for c in year.agency.cases.values() if c.form == "objection"}
    for number in sorted(set(found) | set(expected)):
        if expected.get(number) and expected[number][0] != "rejected":
            year.same(found.get(number, (None,))[0], expected[number][0], "objection %d" % number)
        else:
            year.same(found.get(number), expected.get(number), "objection %d" % number)


def verified(year):
    ended = year.world.run("op1", "pen-verify", "-f", "json", clean=False)
    table = ended.json()
    bad = [(r["rule"], r["record"], r["field"], r["found"], r["expected"]) for r in table["rows"] if r["severity"] != "note" and r["class"] != "workflow"]
    year.same(bad[:10], [], "findings of the whole store")
