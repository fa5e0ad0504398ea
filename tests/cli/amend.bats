#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-amend: a change of what is sealed is asked for, approved twice and unsealed; what
# cannot be applied is refused at once, and every attempt is entered.

load helper

examples=$top/share/examples

# The example agency up to the settled year of 2024, made once.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
	pen-admin -q --as head1 staff add op2 --name 冯二 --role operator
	pen-admin -q --as head1 staff add lead2 --name 陈三 --role lead
	cp "$examples"/*.csv "$examples"/*.txt .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q breakdown breakdown-2024.csv >/dev/null || test $? = 1
	pen-import -q confirm 4 || test $? = 1
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	pen-import -q --confirm --expect-rows 294 opening opening.csv
	pen-seal -q acknowledge 4 --from answers-2024.csv --document answers-2024.txt
	local step
	for step in sign 'sign --as lead1' close; do
		# shellcheck disable=SC2086
		pen-seal -q $step 1-6 >/dev/null || test $? = 1 || return 1
	done
	pen-account -q settle --year 2024 >/dev/null || test $? = 1
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR"/*.csv .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	echo old >old.pdf
	echo new >new.pdf
	papers=(--reason 基数录错 --original old.pdf --evidence new.pdf)
	person=$(sed -n 2p registration.csv | cut -d, -f1)
	other=$(sed -n 3p registration.csv | cut -d, -f1)
	code=$(sed -n 2p employers.csv | cut -d, -f1)
}

sql() { sqlite3 -readonly store/pen.db "$1"; }

# A change of one base.
ask() { pen-amend request --form change --person "${1:-$person}" --year 2024 --set base=6500.00 "${papers[@]}" -f json; }

attempts() { sql "SELECT count(*) FROM journal WHERE act = 'refused'"; }
state() { sql "SELECT state FROM amendment WHERE id = $1"; }

@test "a change is asked for, approved by lead and head, and unsealed for a stated time" {
	ask >out.json
	[ "$(jq -r '.head.case, .head.state' out.json | paste -sd' ')" = '1 requested' ]
	pen-amend -q approve 1 --as lead1
	[ "$(state 1)" = lead-approved ]
	pen-amend -q approve 1 --as head1
	pen-amend -q unseal 1 --for 2h --as sys1
	[ "$(state 1)" = unsealed ]
	[ "$(sql "SELECT (julianday(open_until) - julianday('now')) * 24 BETWEEN 1.9 AND 2.0 FROM amendment")" = 1 ]
	[ "$(sql "SELECT group_concat(move) FROM amendment_step")" = request,approve,approve,unseal ]
	pen-amend list -f json | jq -e '.rows[0].state == "unsealed" and .rows[0].records == 1'
	pen-verify -q
}

@test "what it would come to is told in fen, and nothing is changed yet" {
	before=$(pen-account show --person "$person" -f json | jq -c .rows)
	ask >out.json
	[ "$(jq '.rows | length' out.json)" = 1 ]
	# 12 months of 6500.00 at 8 % are 6240.00; the account loses what was too much, with its interest.
	[ "$(jq '.rows[0].account_after_fen - .rows[0].account_before_fen == .rows[0].account_difference_fen' out.json)" = true ]
	jq -e '.rows[0].account_difference_fen < 624000 - 1574592' out.json
	[ "$(sql "SELECT new FROM amendment_field WHERE name = 'personal_fen'")" = 624000 ]
	[ "$(sql "SELECT follows FROM amendment_field WHERE name = 'personal_fen'")" = 1 ]
	[ "$(pen-account show --person "$person" -f json | jq -c .rows)" = "$before" ]
	[ "$(sql 'SELECT count(*) FROM batch WHERE amendment IS NOT NULL')" = 0 ]
}

@test "an approval out of order is refused with the clause and what comes next" {
	ask
	refuses 3 pen-amend approve 1 --as head1
	[[ $message == *R5.2* ]]
	refuses 3 pen-amend unseal 1 --as sys1
	[[ $message == *'what comes next is the lead'*R5.2* ]]
	[ "$(state 1)" = requested ]
	[ "$(attempts)" = 2 ]
}

@test "a missing paper, a wrong role, an empty paper and a missing reason are refused" {
	refuses 3 pen-amend request --form change --person "$person" --year 2024 --set base=6500.00 --reason x --evidence new.pdf
	[[ $message == *--original*R5.1* ]]
	refuses 3 pen-amend request --form change --person "$person" --year 2024 --set base=6500.00 --reason x --original old.pdf
	[[ $message == *--evidence*R5.1* ]]
	refuses 3 pen-amend request --as lead1 --form change --person "$person" --year 2024 --set base=6500.00 "${papers[@]}"
	[[ $message == *operator*R5.1* ]]
	: >empty.pdf
	refuses 4 pen-amend request --form change --person "$person" --year 2024 --set base=6500.00 --reason x --original empty.pdf --evidence new.pdf
	refuses 2 pen-amend request --form change --person "$person" --year 2024 --set base=6500.00 --original old.pdf --evidence new.pdf
	[ "$(sql 'SELECT count(*) FROM amendment')" = 0 ]
	[ "$(attempts)" = 3 ]
}

@test "keys, fields that there are not, amounts that are none and rows that there are not are refused" {
	ask_for() { pen-amend request --form change --person "$person" --year 2024 --set "$1" "${papers[@]}"; }
	refuses 3 ask_for "公民身份号码=$other"
	[[ $message == *R5.1* ]]
	refuses 4 ask_for height=180
	refuses 4 ask_for base=sixty
	[[ $message == *sixty* ]]
	refuses 2 ask_for base
	refuses 3 pen-amend request --form change --person "$person" --year 1999 --set base=6500.00 "${papers[@]}"
	[[ $message == *rebuild-account*R5.1* ]]
	refuses 2 pen-amend request --form changes --person "$person" --year 2024 --set base=6500.00 "${papers[@]}"
	refuses 2 pen-amend template --form changes
	[[ $message == *amend.form* ]]
	refuses 2 pen-amend template --kind levy --year 2024
	[[ $message == *amend.kind* ]]
	refuses 3 pen-amend request --form change --kind levy --employer "$code" --year 2024 --set amount=1.00 "${papers[@]}"
	[[ $message == *amend.kind* ]]
	refuses 2 pen-amend template --kind breakdown --employer "$code" --year 2024
	[[ $message == *--person*amend.whose* ]]
	refuses 2 pen-amend list --form changes
	refuses 2 pen-amend list --state sealed
	[[ $message == *amend.states* ]]
	[ "$(sql 'SELECT count(*) FROM amendment')" = 0 ]
}

@test "two open cases on one record are refused by the number of the other" {
	ask
	refuses 3 pen-amend request --as op2 --form change --person "$person" --year 2024 --set base=7000.00 "${papers[@]}"
	[[ $message == *'case 1, which is open'* ]]
	pen-amend -q withdraw 1 --reason 误报
	pen-amend -q request --as op2 --form change --person "$person" --year 2024 --set base=7000.00 "${papers[@]}"
	[ "$(state 2)" = requested ]
}

@test "requester, lead, head, system lead and amender are five people" {
	pen-admin -q --as head1 staff add lead1 --role head
	pen-admin -q --as head1 staff add op1 --role lead
	ask
	refuses 3 pen-amend approve 1
	[[ $message == *'op1 is the requester of case 1'* ]]
	pen-amend -q approve 1 --as lead1
	refuses 3 pen-amend approve 1 --as lead1
	[[ $message == *'lead1 is the lead of case 1'* ]]
	[ "$(attempts)" = 2 ]
}

@test "a case that was sent back is revised by whoever asked, and goes its way anew" {
	ask
	refuses 2 pen-amend return 1 --as lead1
	refuses 2 pen-amend return 1 --as lead1 --reason "$(printf '%2000s' x | tr ' ' x)"
	[[ $message == *"put it on a paper"* ]]
	refuses 2 pen-amend return 7 --as lead1 --reason 缺盖章
	pen-amend -q return 1 --as lead1 --reason 缺盖章
	refuses 3 pen-amend approve 1 --as lead1
	refuses 3 pen-amend revise 1 --as op2 --person "$person" --year 2024 --set base=6600.00 "${papers[@]}"
	[[ $message == *'asked for by op1'* ]]
	pen-amend -q revise 1 --person "$person" --year 2024 --set base=6600.00 "${papers[@]}"
	[ "$(state 1)" = requested ]
	[ "$(sql "SELECT group_concat(revision || ' ' || new, ',') FROM amendment_field WHERE name = 'base_fen'")" = '1 650000,2 660000' ]
	pen-amend show 1 -f json >out.json
	[ "$(jq -r '.head.revision, .head.steps[1].reason' out.json | paste -sd' ')" = '2 缺盖章' ]
	pen-amend -q reject 1 --as lead1 --reason 证据不足
	[ "$(state 1)" = rejected ]
	refuses 3 pen-amend approve 1 --as lead1
	pen-verify -q
}

@test "an unsealing that nobody made use of is over, and is entered by the next act" {
	ask
	pen-amend -q approve 1 --as lead1
	pen-amend -q approve 1 --as head1
	refuses 2 pen-amend unseal 1 --for 1h --until 2099-01-01 --as sys1
	refuses 3 pen-amend unseal 1 --for 40d --as sys1
	[[ $message == *R5.2* ]]
	PEN_CLOCK=$(($(date +%s) - 7200)) pen-amend -q unseal 1 --for 1h --as sys1
	pen-amend list -f json | jq -e '.rows[0].state == "expired"'
	[ "$(state 1)" = unsealed ]
	refuses 3 pen-amend withdraw 1 --reason 过期
	[[ $message == *expired* ]]
	[ "$(state 1)" = expired ]
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'amend.expire' AND subject = 'case 1'")" = 1 ]
	ask
	[ "$(state 2)" = requested ]
}

@test "the papers come back byte for byte, and the application is what the entries sign" {
	head -c 300000 /dev/urandom >old.pdf
	ask
	pen-amend show 1 --paper original -o given.pdf
	cmp old.pdf given.pdf
	pen-amend show 1 --paper evidence -o given.pdf
	cmp new.pdf given.pdf
	pen-amend show 1 --paper application -o application.txt
	[ "$(head -n 1 application.txt)" = pen-application/v1 ]
	digest=$(sha256sum <application.txt | cut -d' ' -f1)
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'amend.request' AND text LIKE '%\"application\":\"$digest\"%'")" = 1 ]
	refuses 2 pen-amend show 1 --paper cover
	refuses 2 pen-amend show 7
}

@test "many records go in with a file as template prints it, in CSV and in JSON" {
	pen-amend template --person "$person" --year 2024 -f csv -o one.csv
	pen-amend template --person "$other" --year 2024 -f csv -o two.csv
	awk -F, -v OFS=, '$6 == "缴费基数" { $8 = "6500.00" } { print }' one.csv >form.csv
	awk -F, -v OFS=, 'NR > 1 { if ($6 == "缴费基数") $8 = "6600.00"; print }' two.csv >>form.csv
	pen-amend request --form change --from form.csv "${papers[@]}" -f json >out.json
	[ "$(jq '.head.records' out.json)" = 2 ]
	[ "$(sql "SELECT group_concat(new) FROM amendment_field WHERE name = 'base_fen'")" = 650000,660000 ]
	pen-amend -q withdraw 1 --reason 换表
	pen-amend template --person "$person" --year 2024 -f json | jq '(.rows[] | select(.field == "缴费基数")).value = "6500.00"' >form.json
	pen-amend -q request --form change --from form.json "${papers[@]}"
	[ "$(sql "SELECT new FROM amendment_field WHERE amendment = 2 AND name = 'base_fen'")" = 650000 ]
}

@test "a file says where it is wrong, and an old value has to be the one that stands" {
	pen-amend template --person "$person" --year 2024 -f csv -o form.csv
	sed 's/缴费基数,\([^,]*\),.*/缴费基数,\1,x/' form.csv >bad.csv
	refuses 4 pen-amend request --form change --from bad.csv "${papers[@]}"
	[[ $message == *bad.csv:2* ]]
	sed 's/缴费基数,.*/缴费基数,1.00,6500.00/' form.csv >old.csv
	refuses 3 pen-amend request --form change --from old.csv "${papers[@]}"
	[[ $message == *1.00*R5.1* ]]
	refuses 4 pen-amend request --form change --from form.csv "${papers[@]}"
	[[ $message == *'asks for nothing'* ]]
	refuses 2 pen-amend request --form change --from form.csv --person "$person" "${papers[@]}"
}

@test "a change that a rule would refuse is refused at once, with what the rule finds" {
	refuses 3 pen-amend request --form change --person "$person" --year 2024 --set base=99999999.00 "${papers[@]}" -f json
	[[ $message == *R5* ]]
	jq -e '.rows[0].rule == "levy.covers"' stdout.txt
	[ "$(sql 'SELECT count(*) FROM amendment')" = 0 ]
}

@test "a dry run tells the same and enters nothing" {
	pen-amend request -n --form change --person "$person" --year 2024 --set base=6500.00 "${papers[@]}" -f json >out.json
	jq -e '.head.dry_run and .rows[0].account_difference_fen < 0' out.json
	[ "$(sql 'SELECT count(*) FROM amendment')" = 0 ]
	ask
	pen-amend -q approve -n 1 --as lead1
	[ "$(state 1)" = requested ]
}

@test "a missing year of contributions is asked for on the form that rebuilds an account" {
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy-2023.csv
	echo "LATE23,$code,2023,2024-01-05,20000.00,税收通用缴款书" >>levy-2023.csv
	pen-import -q --confirm --expect-rows 1 levy levy-2023.csv
	pen-amend request --form rebuild-account --person "$person" --employer "$code" --year 2023 --set base=6000.00 --set months=12 \
		--set unit=11520.00 --set personal=5760.00 "${papers[@]}" -f json >out.json || cat out.json
	[ "$(jq -r .head.title out.json)" = 补建个人帐户申请表 ]
	# The form for it is empty but for whose it is.
	pen-amend template --form rebuild-account --person "$person" --employer "$code" --year 2023 -f json |
		jq -e '.rows | length > 5 and all(.old == null and .year == 2023)'
	[ "$(sql "SELECT folio IS NULL AND line IS NULL AND period = 2023 FROM amendment_record")" = 1 ]
	[ "$(sql "SELECT old || ' ' || new FROM amendment_field WHERE name = 'base_fen'")" = 'null 600000' ]
	refuses 3 pen-amend request --as op2 --form rebuild-account --person "$person" --employer "$code" --year 2023 --set base=6000.00 \
		--set months=12 "${papers[@]}"
	[[ $message == *'case 1'* ]]
	refuses 2 pen-amend request --form rebuild-account --person "$person" --year 2023 --set base=6000.00 --set months=12 "${papers[@]}"
}

@test "a county asks for its own employers alone" {
	pen-admin -q --as head1 staff add county1 --name 何四 --role operator --agency 330106
	pen-admin -q --as head1 staff add county2 --name 吕五 --role operator --agency 330182
	area=$(sql "SELECT area FROM employer_record ORDER BY employer LIMIT 1")
	[ "$area" = 330106 ]
	refuses 3 pen-amend request --as county2 --form change --person "$person" --year 2024 --set base=6500.00 "${papers[@]}"
	[[ $message == *330106*R5.1* ]]
	pen-amend -q request --as county1 --form change --person "$person" --year 2024 --set base=6500.00 "${papers[@]}"
	[ "$(sql 'SELECT agency FROM amendment')" = 330106 ]
	pen-amend -q approve 1 --as lead1
	pen-verify -q
}

# What a verification names of a case: rule and record.
found() { pen-verify -f ndjson 2>/dev/null | jq -r 'select(.type == "finding" and .class == "seal" and .rule != "store.schema") | .rule + " " + .record' | sort -u; }

@test "an employer's own record is changed like a person's, and the log says whose it was" {
	pen-amend request --form change --kind employer --employer "$code" --set name=改名机械厂 "${papers[@]}" -f json >out.json
	jq -e '.head.records == 1 and .summary.people == 0' out.json
	pen-amend -q approve 1 --as lead1
	pen-amend -q approve 1 --as head1
	pen-amend -q unseal 1 --as sys1
	pen-amend -q apply 1 --as amender1
	pen-amend -q check 1 --as lead1
	pen-report amendment-log --month "$(date +%Y-%m)" -f json >log.json
	jq -e --arg code "$code" '.rows | length == 1 and (.[0] | .credit_code == $code and .id_number == null and .new == "改名机械厂")' log.json
	pen-verify -q
}

@test "what was changed of a case behind the tools' back is found, and named by the case" {
	ask
	pen-amend -q return 1 --as lead1 --reason 缺盖章
	pen-amend -q revise 1 --person "$person" --year 2024 --set base=6600.00 "${papers[@]}"
	pen-amend -q approve 1 --as lead1
	[ -z "$(found)" ]
	sqlite3 store/pen.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'amend%'" >drop.sql
	cp store/pen.db kept.db
	changed=0
	while IFS='|' read -r rule sql; do
		cp kept.db store/pen.db
		sqlite3 store/pen.db "$(cat drop.sql) $sql"
		found | grep "^$rule .*case 1" || { echo "not found by $rule: $sql"; found; return 1; }
		changed=$((changed + 1))
	done <<-'END'
		case.application|UPDATE amendment_field SET new = '1' WHERE number = 1
		case.application|UPDATE amendment_field SET follows = 1
		case.application|UPDATE amendment_record SET line = line + 1
		case.application|UPDATE amendment_application SET text = replace(text, '660000', '670000') WHERE revision = 2
		case.application|DELETE FROM amendment_application WHERE revision = 1
		case.belongs|DELETE FROM amendment_field WHERE revision = 1
		case.belongs|DELETE FROM amendment_record WHERE revision = 1
		case.belongs|INSERT INTO amendment_record SELECT amendment, 7, number, kind, form, folio, subject, line, employer, period FROM amendment_record WHERE revision = 1
		case.belongs|UPDATE amendment SET id = 9
		case.people|UPDATE amendment SET requested_by = 'op2'
		case.steps|UPDATE amendment SET state = 'head-approved'
		case.steps|UPDATE amendment SET revision = 1
		case.steps|UPDATE amendment SET open_until = '2099-01-01T00:00:00Z'
		case.steps|UPDATE amendment SET batch = 7
		case.steps|UPDATE amendment SET ended_at = at
		case.steps|DELETE FROM amendment_step WHERE number = 4
		case.steps|INSERT INTO amendment_step SELECT 1, 5, 'approve', max(at), NULL FROM journal
		journal.acts|DELETE FROM amendment_step WHERE number = 2
		journal.acts|UPDATE amendment_step SET reason = '另一理由' WHERE number = 2
		journal.acts|UPDATE amendment SET agency = '330106'
		journal.acts|UPDATE amendment SET form = 'rebuild-account'
		journal.acts|UPDATE amendment_application SET reason = '另一理由'
		journal.acts|UPDATE amendment_application SET evidence = original
		journal.cites|UPDATE amendment_step SET move = 'reject' WHERE number = 4
		journal.cites|UPDATE amendment SET at = at - 1
	END
	[ "$changed" = 25 ]
}

@test "whoever approves with a key and a program of their own what they asked for is found" {
	pen-admin -q --as head1 staff add op1 --role lead
	ask
	[ -z "$(found)" ]
	pen-amend -q approve 1 --as lead1
	# As if op1 had signed the approval: who signed stands in the journal's entry.
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_u; UPDATE journal SET staff = 'op1' WHERE act = 'amend.approve'"
	found | grep 'case.people case 1'
}

@test "a case that waits longer than the agency allows is told as a warning" {
	PEN_CLOCK=$(($(date +%s) - 86400 * 90)) ask
	pen-verify rules --rule case.waits -f ndjson >out.ndjson || test $? = 1
	[ "$(jq -r 'select(.type == "finding") | .rule, .record, .severity' out.ndjson | paste -sd' ')" = 'case.waits case 1 warning' ]
	pen-amend -q withdraw 1 --reason 过期
	pen-verify rules -q --rule case.waits
}
