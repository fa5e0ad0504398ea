#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-account close-out: an account closed by a death or an emigration, what is paid out
# by a second computation in exact fractions, and what counts no more afterwards.

load helper
load aged

examples=$top/share/examples

# The example agency up to the sealed breakdown of 2024, made once.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	cp "$examples"/*.csv "$examples"/*.txt .
	# One whose months end in June.
	LC_ALL=C sed -i 's/^\(2024,[^,]*,33010719760320866X,[^,]*,13234.00\),12,25409.28,12704.64,/\1,6,12704.64,6352.32,1/' breakdown-2024.csv
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q breakdown breakdown-2024.csv >/dev/null || test $? = 1
	pen-import -q confirm 4 || test $? = 1
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	pen-import -q --confirm --expect-rows 294 opening opening.csv
	pen-seal -q acknowledge 4 --from answers-2024.csv --document answers-2024.txt
	seal 1-6
}

setup() {
	aged
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv 2>/dev/null | tr -d '\r' >b.csv
}

# Somebody whose year 2024 is credited, whole (12) or from January on for fewer months:
# citizen id, months.
someone() {
	sqlite3 -readonly store/pen.db "SELECT a.value, c.months FROM contribution AS c JOIN folio AS f ON f.id = c.folio AND f.state = 'sealed'
		JOIN person_alias AS a ON a.person = c.person AND a.kind = 'citizen-id'
		WHERE c.kind = 1 AND c.months $1 AND (SELECT COUNT(*) FROM contribution AS o WHERE o.person = c.person) = 1
		AND EXISTS (SELECT 1 FROM opening AS o WHERE o.person = c.person) ORDER BY a.value LIMIT 1"
}

# What an account comes to, from the source files alone: citizen id, then for each year
# from 2024 on its months and its rate in per cent.
witness() {
	python3 - "$@" <<-'END'
		import csv, sys
		from fractions import Fraction as F
		def half_up(x):
		    return (2 * x.numerator + x.denominator) // (2 * x.denominator)
		def fen(text):
		    return int(F(text) * 100)
		who = sys.argv[1]
		opening = [r for r in csv.DictReader(open('opening.csv', encoding='utf-8-sig')) if r['公民身份号码'] == who][0]
		personal = fen(opening['个人缴费本金']) + fen(opening['个人缴费利息'] or '0')
		unit = fen(opening['单位划转本金'] or '0') + fen(opening['单位划转利息'] or '0')
		paid = [r for r in csv.DictReader(open('b.csv', encoding='utf-8-sig')) if r['公民身份号码'] == who]
		for i in range(2, len(sys.argv), 2):
		    k, rate = int(sys.argv[i]), F(sys.argv[i + 1]) / 100
		    credits = interest = F(0)
		    if i == 2:
		        for r in paid:
		            n, first = int(r['缴费月数']), int(r.get('起始月份') or 1)
		            credits += fen(r['个人缴费'])
		            interest += sum(F(fen(r['个人缴费']), n) * (k - m + 1) * rate / 12 for m in range(first, first + n))
		    personal += half_up(personal * rate * k / 12) + credits + half_up(interest)
		    unit += half_up(unit * rate * k / 12)
		print(personal + unit)
	END
}

close_out() { pen-account close-out --person "$1" --reason "${3:-death}" --on "$2" --note 'certificate 12' -f json >out.json; }

settle() { pen-account settle --year "$1" -f json >settled.json || test $? = 1; }

@test "an account is paid out with interest to the end of the month, as a second computation has it" {
	settle 2024
	seal "$(jq .summary.batch settled.json)"
	who=$(someone '= 4095' | cut -d '|' -f 1)
	close_out "$who" 2025-03-05
	test "$(jq .summary.payout_fen out.json)" = "$(witness "$who" 12 2.62 3 1.50)"
	jq -e '[.rows[].kind] == ["interest-opening", "payout", "balance"] and .rows[-1].total_fen == 0 and .head.months == 3' out.json
	# At the turn of the year what was settled is paid out as it is.
	who=$(someone "= 4095 AND a.value > '$who'" | cut -d '|' -f 1)
	close_out "$who" 2024-12-31 emigration
	test "$(jq .summary.payout_fen out.json)" = "$(witness "$who" 12 2.62)"
	# A prediction changes nothing.
	sha256sum store/pen.db >before
	pen-account close-out --person 33010719760320866X --reason death --on 2025-03-05 --note x --dry-run -f json | jq -e '.summary.batch == null'
	sha256sum -c before
}

@test "within a year what was paid earns from its month on; settling passes the account over once it is sealed" {
	who=33010719760320866X
	close_out "$who" 2024-06-01
	test "$(jq .summary.payout_fen out.json)" = "$(witness "$who" 6 2.62)"
	jq -e '[.rows[].kind] == ["credit", "interest-opening", "interest-year", "payout", "balance"]' out.json
	batch=$(jq .summary.batch out.json)
	# Until it is sealed it does not count.
	cp -Rp store unsealed
	PEN_STORE=$PWD/unsealed settle 2024
	jq -e '.summary.people.settled == 276 and .summary.closed == 0' settled.json
	refuses 3 pen-seal sign "$batch" --as head1
	seal "$batch"
	settle 2024
	jq -e '.summary.people.settled == 275 and .summary.closed == 1' settled.json
	seal "$(jq .summary.batch settled.json)"
	pen-account show --person "$who" -f json | jq -e '.rows[-1].kind == "balance" and .summary.balance_fen == 0'
	pen-verify replay -f ndjson | jq -e 'select(.type == "summary") | .status == 0'
	pen-verify -f ndjson >all.ndjson || cat all.ndjson
	jq -e 'select(.type == "summary") | .status == 0' all.ndjson
}

@test "a close-out that was changed behind the tools' back is named" {
	close_out 33010719760320866X 2024-11-30
	seal "$(jq .summary.batch out.json)"
	sqlite3 store/pen.db "DROP TRIGGER movement_stays_u; UPDATE movement SET personal_interest_fen = personal_interest_fen - 100 WHERE kind = 'payout'"
	ended=0
	pen-verify replay -f ndjson >found.ndjson || ended=$?
	test "$ended" = 5
	jq -se 'any(.rule == "settlement.rows")' found.ndjson
}

@test "what cannot be closed is refused, with the reason" {
	IFS='|' read -r who months < <(someone '= 4095')
	refuses 3 pen-account close-out --person "$who" --reason death --on 2024-06-10 --note x
	[[ $message == *"paid for a month of 2024 after"* ]]
	refuses 3 pen-account close-out --person "$who" --reason death --on 2025-03-05 --note x
	[[ $message == *"the account of $who ("*") is not settled for 2024"* ]]
	refuses 2 pen-account close-out --person "$who" --reason holiday --on 2025-03-05 --note x
	refuses 2 pen-account close-out --person "$who" --reason death --on 2999-03-05 --note x
	refuses 2 pen-account close-out --person "$who" --reason death --on 2025-03-05 --note ''
	refuses 2 pen-account close-out --person "$who" --reason death
	refuses 3 pen-account close-out --person "$who" --reason death --on 2025-03-05 --note x --as lead1
	settle 2024
	refuses 3 pen-account close-out --person "$who" --reason death --on 2025-03-05 --note x
	[[ $message == *"not sealed"* ]]
	seal "$(jq .summary.batch settled.json)"
	close_out "$who" 2025-03-05
	refuses 3 pen-account close-out --person "$who" --reason death --on 2025-03-05 --note x
	[[ $message == *"already"* ]]
}
