# shellcheck shell=bash disable=SC2154
# The stores to start from.

# A fresh copy of a store to work on.
from() { rm -rf store && cp -R "$1" store; }
# Nothing of what a peer made.
clean() { rm -rf peer.*; }

# staffed: an empty ./store, and whoever works in it.
staffed() {
	rm -rf config store
	export PEN_STORE=$work/store XDG_CONFIG_HOME=$work/config PEN_STAFF=head1
	quietly pen-admin init --suite "$suite" --agency 330100 --name 某市 --head head1:王敏
	quietly pen-admin staff add op1 --name 张三 --role operator
	quietly pen-admin staff add lead1 --name 李四 --role lead
	quietly pen-admin staff add sys1 --name 赵五 --role syslead
	export PEN_STAFF=op1
}

# sealed_batches BATCHES: signed, and sealed.
sealed_batches() {
	quietly pen-seal sign "$1"
	quietly pen-seal sign "$1" --as lead1
	quietly pen-seal close "$1"
}

# agency PEOPLE [EMPLOYERS]: the files of so many people, with 200 to an employer unless told, and ./store
# with its staff, employers and levies. The other stores are made of it when a part
# needs them, and serve every part of the same size and suite.
suite=sm2-sm3
agency() {
	rows=$1 employers=${2:-$(($1 / 200 + 1))}
	rm -rf before confirmed closed
	"$here/generate" . "$rows" "$employers" || fail generate
	staffed
	quietly pen-import --confirm --expect-rows "$employers" employer employers.csv
	quietly pen-import --confirm --expect-rows $((2 * employers)) levy levy.csv
}

# agency_before PEOPLE: ./before, where all are registered.
agency_before() {
	test "${made:-}" != "$1 $suite" || return 0
	agency "$1"
	quietly pen-import --confirm --expect-rows "$rows" registration registration.csv
	mv store before
	made="$1 $suite"
}

# agency_year PEOPLE: ./confirmed, where all have paid the year and every employer
# agrees, and ./closed, where it is sealed.
agency_year() {
	test ! -d closed || test "${made:-}" != "$1 $suite" || return 0
	agency_before "$1"
	from before
	quietly pen-import --confirm --expect-rows "$rows" breakdown breakdown.csv
	quietly pen-seal acknowledge 4 --from answers.csv --document answers.csv
	cp -R store confirmed
	quietly pen-seal sign 4
	quietly pen-seal sign 4 --as lead1
	quietly pen-seal close 4
	cp -R store closed
	quietly pen-seal export 4 --to exported
	cat exported/*leaves* >leaves
	rm -rf exported
}

# held ROWS [STORE]: ./held, which is ./before (or STORE) with at least so many
# contributions of the years before 2024. They are written into their tables as they would stand there
# after so many imports, folio after folio: to bring them in file by file takes
# hours, and makes no other pages. Data to measure on, not to verify.
held() {
	local year years=$((($1 + rows - 1) / rows))
	has sqlite3 || return 1
	rm -rf held && cp -R "${2:-before}" held
	{
		echo "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
		echo "CREATE TEMP TABLE payer AS SELECT f.employer, r.person, r.base_fen AS base FROM folio f
			JOIN registration r ON r.folio = f.id WHERE f.form = 'registration' ORDER BY 1, 2;"
		echo "CREATE TEMP TABLE at AS SELECT 0 AS folio; BEGIN;"
		for ((year = 2024 - years; year < 2024; year++)); do held_year "$year"; done
		echo "COMMIT;"
	} | sqlite3 held/pen.db >said || fail "the rows of earlier years"
}

# The SQL of one year: a batch, a folio for each employer (their numbers have no
# gaps), a row for each person.
held_year() {
	cat <<-END
		INSERT INTO batch (agency, form, state, file_name, file_digest, file_bytes, encoding, form_digest, rules_digest,
			parameters_digest, reference_at, planned_by, staged_at, confirmed_at)
		SELECT agency, 'breakdown', state, file_name, 'year $1', file_bytes, encoding, form_digest, rules_digest,
			parameters_digest, reference_at, planned_by, staged_at, confirmed_at FROM batch WHERE form = 'registration' LIMIT 1;
		UPDATE at SET folio = (SELECT MAX(id) FROM folio);
		INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)
		SELECT (SELECT folio FROM at) + employer, (SELECT MAX(id) FROM batch), 'breakdown', employer, $1, 1, 'confirmed',
			COUNT(*), SUM(base * 192 / 100), SUM(base * 96 / 100), SUM(base * 288 / 100), 0 FROM payer GROUP BY employer;
		INSERT INTO contribution (folio, person, line, sequence, kind, base_fen, months, months_assumed, unit_fen, personal_fen)
		SELECT (SELECT folio FROM at) + employer, person, rowid + 1, 1, 1, base, 4095, 0, base * 192 / 100, base * 96 / 100 FROM payer;
	END
}
