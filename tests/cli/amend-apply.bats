#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-amend apply, check, close: new versions, what follows from them, and that all of it
# holds afterwards.

load helper

examples=$top/share/examples

# The example agency up to the settled year of 2024, made once.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
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
	for step in sign 'sign --as lead1' close; do
		# shellcheck disable=SC2086
		pen-seal -q $step 7 >/dev/null || test $? = 1 || return 1
	done
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR"/*.csv .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	echo old >old.pdf
	echo new >new.pdf
	person=$(sed -n 2p registration.csv | cut -d, -f1)
}

sql() { sqlite3 -readonly store/pen.db "$1"; }
state() { sql "SELECT state FROM amendment WHERE id = $1"; }
balance() { pen-account show --person "$person" -f json "$@" | jq -c '.rows[-1]'; }

# Case 1 up to the moment when it may be applied.
unsealed() {
	pen-amend -q request --form change --person "$person" --year 2024 --set base=6500.00 --reason 基数录错 \
		--original old.pdf --evidence new.pdf >/dev/null
	pen-amend -q approve 1 --as lead1
	pen-amend -q approve 1 --as head1
	pen-amend -q unseal 1 --as sys1
}

@test "a case is applied, checked and closed, and every verification is silent" {
	unsealed
	pen-amend apply 1 --as amender1 -f json >out.json
	[ "$(state 1)" = applied ]
	[ "$(jq '.summary.versions, .summary.settled' out.json | paste -sd' ')" = '1 1' ]
	pen-verify -q
	pen-amend check 1 --as lead1 -f json >check.json
	jq -e '[.rows[].field] == ["base_fen", "unit_fen", "personal_fen"] and all(.rows[]; .same)' check.json
	pen-verify -q
	pen-amend -q close 1 --as lead1
	[ "$(state 1)" = closed ]
	[ "$(sql "SELECT DISTINCT state FROM folio WHERE batch = (SELECT batch FROM amendment)")" = sealed ]
	pen-verify -q
	pen-verify -q replay
}

@test "what came of it is what was said when it was asked for, and settling again finds nothing" {
	unsealed
	pen-amend --dry-run apply 1 --as amender1 -f json >trial.json
	[ "$(state 1)" = unsealed ]
	pen-amend apply 1 --as amender1 -f json >out.json
	[ "$(jq -c .rows trial.json)" = "$(jq -c .rows out.json)" ]
	pen-amend -q check 1 --as lead1
	pen-amend -q close 1 --as lead1
	pen-account settle --year 2024 --dry-run -f json >again.json || test $? = 1
	[ "$(jq '.summary.again // 0' again.json)" = 0 ]
}

@test "what was given before is given still, and proofs made before hold" {
	pen-seal prove --person "$person" --year 2024 -o before.json
	balance >before
	pen-report statement-detail --year 2024 -f csv >detail-before.csv
	at=$(sql 'SELECT MAX(at) FROM journal')
	unsealed
	pen-amend -q apply 1 --as amender1 >/dev/null
	pen-amend -q check 1 --as lead1 >/dev/null
	pen-amend -q close 1 --as lead1 >/dev/null
	balance >after
	! cmp -s before after
	balance --as-of "$at" | cmp - before
	keys=$XDG_CONFIG_HOME/pen
	pen-seal prove --person "$person" --year 2024 -o after.json
	pen-verify -q proof before.json --keys "$keys"
	pen-verify -q proof after.json --keys "$keys"
	grep -q '"base_fen\\*":650000' after.json
}

@test "the status of the store says which cases wait, and of those that are over nothing" {
	[ "$(pen-admin status -f json | jq -c .cases)" = '[]' ]
	unsealed
	[ "$(pen-admin status -f json | jq -c .cases)" = '[{"state":"unsealed","count":1}]' ]
	pen-amend -q apply 1 --as amender1 >/dev/null
	pen-amend -q check 1 --as lead1 >/dev/null
	[ "$(pen-admin status -f json | jq -c .cases)" = '[{"state":"checked","count":1}]' ]
	pen-amend -q close 1 --as lead1 >/dev/null
	[ "$(pen-admin status -f json | jq -c .cases)" = '[]' ]
}

@test "a statement that waits for a case says so, and what closes it" {
	unsealed
	pen-amend -q apply 1 --as amender1 >/dev/null
	refuses 3 pen-report statement --person "$person" --year 2024
	[[ $message == *'pen-amend check 1'*'pen-amend close 1'* ]]
	pen-amend -q check 1 --as lead1 >/dev/null
	refuses 3 pen-report statement --person "$person" --year 2024
	[[ $message == *'pen-amend close 1'* && $message != *'pen-amend check'* && $message != *pen-seal* ]]
	pen-amend -q close 1 --as lead1 >/dev/null
	pen-report -q statement --person "$person" --year 2024 >/dev/null
}

@test "a value that has changed meanwhile is refused with the clause, and the case is as it was" {
	unsealed
	pen-amend -q request --form change --person "$(sed -n 3p registration.csv | cut -d, -f1)" --year 2024 --set base=6500.00 \
		--reason x --original old.pdf --evidence new.pdf
	sqlite3 store/pen.db "DROP TRIGGER contribution_stays_u;
		UPDATE contribution SET base_fen = base_fen + 100 WHERE (folio, person, line) = (SELECT folio, subject, line FROM amendment_record WHERE amendment = 1)"
	refuses 3 pen-amend apply 1 --as amender1
	[[ $message == *R5.3.1* ]]
	[ "$(state 1)" = unsealed ]
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'refused'")" = 1 ]
}

@test "the wrong hand, the wrong turn and a second time are refused and entered" {
	unsealed
	refuses 3 pen-amend apply 1 --as lead1
	refuses 3 pen-amend check 1 --as lead1
	pen-amend -q apply 1 --as amender1 >/dev/null
	refuses 3 pen-amend apply 1 --as amender1
	refuses 3 pen-amend check 1 --as amender1
	refuses 3 pen-amend close 1 --as lead1
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'refused'")" = 5 ]
	pen-verify -q
}

@test "a case's batch that names no case, and a batch that names a case's entry, are found and named" {
	unsealed
	pen-amend -q apply 1 --as amender1 >/dev/null
	batch=$(sql 'SELECT batch FROM amendment WHERE id = 1')
	cp store/pen.db kept.db
	for change in "amendment = NULL WHERE id = $batch" "rows_done = rows_done + 1 WHERE id = $batch" \
		"confirmed_at = (SELECT confirmed_at FROM batch WHERE id = $batch) WHERE id = 2"; do
		cp kept.db store/pen.db
		sqlite3 store/pen.db "UPDATE batch SET $change"
		run -5 pen-verify -f ndjson
		jq -se --arg batch "batch ${change##*= }" 'any(.type == "finding" and .class == "seal"
			and (.record | test("^" + $batch + "( |,|$)")))' <<<"${output%$'\n'*}"
	done
}

@test "pen-seal leaves the batch of a case to pen-amend" {
	unsealed
	pen-amend -q apply 1 --as amender1 >/dev/null
	batch=$(sql 'SELECT batch FROM amendment')
	run pen-seal sign "$batch" --as lead2
	[ "$status" = 3 ]
	[[ $output == *'pen-amend check 1'* ]]
	run pen-seal close "$batch"
	[ "$status" = 1 ]
	[[ $output == *'pen-amend close 1'* ]]
	[ "$(state 1)" = applied ]
}

@test "killed at any moment the case is unsealed still, or applied whole, and the same command completes it" {
	unsealed
	cp -Rp store before
	killed=0
	for delay in 0.004 0.008 0.012 0.02 0.03 0.05; do
		rm -rf store
		cp -Rp before store
		timeout -s KILL "$delay" pen-amend -q apply 1 --as amender1 >/dev/null || killed=$((killed + 1))
		if [ "$(sqlite3 store/pen.db 'SELECT state FROM amendment')" = unsealed ]; then
			[ "$(sql 'SELECT count(*) FROM batch WHERE amendment IS NOT NULL')" = 0 ]
			pen-amend -q apply 1 --as amender1 >/dev/null
		fi
		[ "$(state 1)" = applied ]
		[ "$(sql 'SELECT count(*) FROM batch WHERE amendment IS NOT NULL')" = 1 ]
	done
	[ "$killed" -gt 0 ]
	pen-verify -q
}

# Four records of four folios, and the account years that follow.
applied_in_many_folios() {
	other=$(sed -n 3p registration.csv | cut -d, -f1)
	code=$(sed -n 3p registration.csv | cut -d, -f5)
	printf '%s\n' 数据表,公民身份号码,统一社会信用代码,年度,修改项目,新数据 "breakdown,$person,$code,2024,缴费基数,6500.00" \
		"breakdown,$other,$code,2024,缴费基数,6600.00" "registration,$other,$code,,参加工作时间,1999-01-01" \
		"opening,$person,,2023,个人缴费利息,7454.88" >form.csv
	pen-amend -q request --form change --from form.csv --reason 录错 --original old.pdf --evidence new.pdf >/dev/null
	pen-amend -q approve 1 --as lead1
	pen-amend -q approve 1 --as head1
	pen-amend -q unseal 1 --as sys1
	pen-amend -q apply 1 --as amender1 >/dev/null
	pen-amend -q check 1 --as lead1 >/dev/null
	pen-amend -q close 1 --as lead1
	pen-seal -q export "$(sql 'SELECT batch FROM amendment')" --to exported
}
verifies() { "$top/tests/verifier/verify" seals exported; }
does_not_hold() {
	if verifies 2>said; then
		echo "accepted: $edit"
		return 1
	fi
	grep -q '^verify: .* does not hold: ' said
}

@test "the batch of a case, folios of several forms, is exported and holds by the manual alone" {
	applied_in_many_folios
	verifies
	# The plan, as the manual has it, is what the seal has in the place of a file.
	at=$(sql "SELECT at FROM journal WHERE act = 'amend.apply'")
	reference=$(sql "SELECT max(at) FROM journal WHERE act = 'seal.close' AND at < $at")
	plan=$(printf '%s\n' pen-amendment/v1 'case: 1' "entry: $at" "reference: $reference" 'records: 4' | sha256sum | cut -d' ' -f1)
	grep -qx "file-digest: $plan" exported/seal-*.txt
	grep -qx 'roles: amender lead' exported/seal-*.txt
	# Forms in their order, lines counted through, salts of the batch's secret.
	python3 - "$(sql 'SELECT hex(secret) FROM store')" "$plan" <<-'END'
		import glob, hashlib, hmac, json, sys
		rows = [json.loads(line) for name in sorted(glob.glob('exported/*.leaves'), key=lambda n: (len(n), n))
		        for line in open(name, 'rb').read().splitlines()]
		assert [r['record'] for r in rows] == ['registration', 'opening'] + 2 * ['contribution'] + 8 * ['movement']
		assert [r['line'] for r in rows] == list(range(1, 13))
		secret = hmac.digest(bytes.fromhex(sys.argv[1]), (sys.argv[2] + '/amendments').encode(), 'sha256')
		for r in rows:
		    assert r['salt'] == hashlib.sha256(secret + r['line'].to_bytes(8, 'big')).digest()[:16].hex(), r
	END
}

@test "the rows that a case sealed are those that its application asks for, by the text that every step signed" {
	applied_in_many_folios
	sqlite3 -readonly store/pen.db "SELECT text FROM amendment_application" | sed '$d' >application.txt
	digest=$(sha256sum <application.txt | cut -d' ' -f1)
	[ "$(sql "SELECT count(*) FROM journal WHERE act LIKE 'amend.%' AND text LIKE '%\"application\":\"$digest\"%'")" = 7 ]
	python3 - <<-'END'
		import glob, json
		rows = [json.loads(line) for name in glob.glob('exported/*.leaves') for line in open(name, 'rb').read().splitlines()]
		lines = [line.partition(': ') for line in open('application.txt').read().splitlines()]
		records = [json.loads(v) for k, _, v in lines if k == 'record']
		fields = [json.loads(v) for k, _, v in lines if k == 'field']
		assert [r['number'] for r in records] == [1, 2, 3, 4] and len(fields) == 8
		for r in records:
		    (new,) = [w for w in rows if w['record'] == r['kind'] and w['person'] == r['subject']]
		    for f in (f for f in fields if f['record'] == r['number']):
		        assert new[f['name']] == f['new'] != f['old'], f
	END
}

@test "an exported case with another value, another plan or without the lead's signature does not hold" {
	applied_in_many_folios
	cp -R exported whole
	for edit in 'folio-*.leaves s/"base_fen":650000/"base_fen":650001/' 'seal-*.txt s/^file-digest: ./file-digest: x/' \
		'seal-*.txt s/^roles: amender lead/roles: amender/'; do
		# shellcheck disable=SC2086
		sed -i "${edit#* }" exported/${edit%% *}
		does_not_hold
		rm -r exported
		cp -R whole exported
	done
	rm exported/seal-*.lead.lead1.sig
	does_not_hold
}
