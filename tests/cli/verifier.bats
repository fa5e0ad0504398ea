#!/usr/bin/env bats
# What pen seals, checked by a program that shares no code with it and was written from
# pen-seal(5) alone: tests/verifier/verify. It accepts the example agency's exports,
# proofs and checkpoints under both suites, and rejects each tampering of them; so does
# pen-verify of a proof.

load helper

examples=$top/share/examples
verifier=$top/tests/verifier/verify

sealed_agency() {
	mkdir "$1" && cd "$1" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store "$1"
	cp "$examples"/*.csv "$examples"/*.txt .
	local step
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q breakdown breakdown-2024.csv >/dev/null || test $? = 1
	pen-import -q confirm 4 || test $? = 1
	pen-seal -q acknowledge 4 --from answers-2024.csv --document answers-2024.txt
	for step in sign 'sign --as lead1' close; do
		# shellcheck disable=SC2086
		pen-seal -q $step 1-4 || test $? = 1
	done
	pen-seal checkpoint >checkpoint.txt
	pen-seal export 1-4 --to exported -q
	sqlite3 -readonly store/pen.db "SELECT r.id_number FROM contribution c JOIN folio f ON f.id = c.folio AND f.state = 'sealed'
		JOIN registration r USING (person) GROUP BY c.person ORDER BY c.folio, c.person LIMIT 2" >people
	pen-seal prove --person "$(sed -n 1p people)" --year 2024 --checkpoint checkpoint.txt -o proof.txt
	pen-seal prove --person "$(sed -n 2p people)" --year 2024 --checkpoint checkpoint.txt -o another.txt
	mkdir keys && cp config/pen/*.pub keys
}

setup_file() {
	local suite
	for suite in sm2-sm3 ed25519-sha256; do
		(cd "$BATS_FILE_TMPDIR" && sealed_agency "$suite") || return 1
	done
}

# Runs a test in a copy of the agency of each suite, without what pen itself needs.
under_both_suites() {
	local suite
	for suite in sm2-sm3 ed25519-sha256; do
		rm -rf "$BATS_TEST_TMPDIR/work"
		cp -R "$BATS_FILE_TMPDIR/$suite" "$BATS_TEST_TMPDIR/work"
		cd "$BATS_TEST_TMPDIR/work" || return 1
		"$1"
	done
}

accepts() { "$verifier" "$@"; }
rejects() {
	if "$verifier" "$@" >said 2>&1; then
		echo "accepted: $*"
		return 1
	fi
	# By what it found, and not by a fault of its own.
	grep -q '^verify: .* does not hold: ' said || { cat said; return 1; }
}

# A file with one edit, which must be one; then both verifiers on it.
edit() {
	sed -E "$2" "$1" >"$1.new"
	if cmp -s "$1" "$1.new"; then
		echo "no edit of $1: $2"
		return 1
	fi
	mv "$1.new" "$1"
}
no_proof() {
	cp proof.txt tampered.txt
	edit tampered.txt "$1"
	rejects proof tampered.txt keys
	local ended=0
	pen-verify proof tampered.txt --keys keys -q >said 2>&1 || ended=$?
	[ "$ended" = 5 ] || [ "$ended" = 4 ] || { echo "pen-verify ended with $ended: $1"; cat said; return 1; }
}
# One byte of a file, at an offset from its start, with another bit.
flip() {
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

all_is_accepted() {
	accepts seals exported
	accepts proof proof.txt keys
	accepts proof another.txt keys
	accepts checkpoint checkpoint.txt keys/log-330100.pub store/pen.db
	pen-verify proof proof.txt --keys keys -q
}

@test "an export, a proof, a checkpoint and the journal beneath it are accepted" {
	under_both_suites all_is_accepted
}

exports_are_rejected() {
	local seal file
	seal=$(grep -l '^form: breakdown$' exported/seal-*.txt)
	file=exported/folio-$(sed -n 's/^folio: //p' "$seal" | head -n 1).leaves
	for what in "$file s/personal_fen\":1/personal_fen\":2/" "$file 2d" "$file 2h;2d;3G" "$seal s/^amount: 8/amount: 9/" \
		"$seal s/^file-digest: ./file-digest: x/" "$seal s/^roles: operator lead/roles: operator/" "exported/roots 1s/.$/x/"; do
		cp -R exported kept
		edit "${what%% *}" "${what#* }"
		rejects seals exported
		rm -rf exported && mv kept exported
	done
	cp "${seal%.txt}.operator.op1.sig" kept.sig
	flip "${seal%.txt}.operator.op1.sig" 40
	rejects seals exported
	cp kept.sig "${seal%.txt}.lead.lead1.sig"
	cp kept.sig "${seal%.txt}.operator.op1.sig"
	rejects seals exported
	rm "${seal%.txt}.lead.lead1.sig"
	rejects seals exported
}

@test "an export with one byte changed in a leaf, a text, a root or a signature, or rows in another order, is rejected" {
	under_both_suites exports_are_rejected
}

checkpoints_are_rejected() {
	for edit in 's/^pen\/330100$/pen\/330101/' '2s/^/1/' '3s/^./!/' '3s/^(.)(.)/\2\1/' '5s/ ([^ ]{10})(.)(.)([^ ]*)$/ \1\3\2\4/' '5d'; do
		cp checkpoint.txt tampered.txt
		edit tampered.txt "$edit" || continue	# two letters that are the same
		rejects checkpoint tampered.txt keys/log-330100.pub
	done
	rejects checkpoint checkpoint.txt keys/head1.pub
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_u; UPDATE journal SET text = replace(text, 'time: 2', 'time: 1') WHERE at = 9"
	rejects checkpoint checkpoint.txt keys/log-330100.pub store/pen.db
}

@test "a checkpoint with another origin, size, root or signature, or another journal beneath, is rejected" {
	under_both_suites checkpoints_are_rejected
}

proofs_are_rejected() {
	# A leaf, its place, its path, its folio, its seal.
	no_proof '/^leaf: .*contribution/s/"personal_fen":1/"personal_fen":2/'
	no_proof '0,/^index: /s/^index: .*/index: 7/'
	no_proof '0,/^path: ./s/^path: [0-9a-f]{4}/path: 0000/'
	no_proof '0,/^path: ./s/^(path: [0-9a-f]{64}) [0-9a-f]{64}/\1/'
	no_proof '0,/^number: /s/^number: .*/number: 0/'
	no_proof '0,/^seal-path: ./s/^seal-path: [0-9a-f]{4}/seal-path: 0000/'
	no_proof '0,/^ period: 2024/s/^ period: 2024/ period: 2023/'
	no_proof '0,/^ employer: /s/^ employer: 9/ employer: 8/'
	no_proof 's/^ roles: operator lead/ roles: operator/'
	no_proof 's/^ rules-digest: ./ rules-digest: x/'
	no_proof 's/^suite: .*/suite: sha256/'
	# Entries, their signatures, the keys, the checkpoint.
	no_proof '0,/^signature: /s/^signature: (.{20})(.)/signature: \1_/'
	no_proof 's/^ staff: lead1/ staff: head1/'
	no_proof 's/^ act: seal.close/ act: seal.sign/'
	no_proof '/"role":"lead"/s/"role":"lead"/"role":"head"/'
	no_proof 's/^key: lead1/key: auditor1/'
	no_proof 's/^ (pen\/330100)$/ \1\1/'
	no_proof '/^checkpoint:/,$s/^ ([0-9]+)$/ 1\1/'
	no_proof '/^end: /d'
	no_proof '/^entry: 0$/,/^$/d'
	# What would pass if only the lines that are needed were looked at.
	no_proof '0,/^leaf: /s/^leaf: /note: \n&/'
	no_proof 's/^ suite: /  suite: /'
}

@test "a proof with one byte changed in a leaf, a path, a paragraph, an entry, a signature or the checkpoint is rejected" {
	under_both_suites proofs_are_rejected
}

exchanges_are_rejected() {
	# Another person's row, proven for itself, before the first one's registration.
	{ sed '/^row: 1$/,$d' proof.txt; sed -n '/^row: 1$/,/^row: 2$/p' another.txt | sed '$d'; sed -n '/^row: 2$/,$p' proof.txt; } >mixed.txt
	rejects proof mixed.txt keys
	refuses 5 pen-verify proof mixed.txt --keys keys -q
	# A new key for the lead, in the proof and among those that are trusted.
	cp keys/lead1.pub kept.pub
	cp keys/auditor1.pub keys/lead1.pub
	rejects proof proof.txt keys
	refuses 5 pen-verify proof proof.txt --keys keys -q
	awk '/^key: lead1$/ { print; getline; print; while ((getline line < "keys/lead1.pub") > 0) print " " line; skip = 1; next }
		/^$/ { skip = 0 } !skip' proof.txt >forged.txt
	rejects proof forged.txt keys
	refuses 5 pen-verify proof forged.txt --keys keys -q
	mv kept.pub keys/lead1.pub
	# The log's key, and a key that is not there.
	cp keys/head1.pub keys/log-330100.pub
	rejects proof proof.txt keys
	refuses 5 pen-verify proof proof.txt --keys keys -q
	rm keys/lead1.pub
	rejects proof proof.txt keys
}

@test "a proof with another person's row in it, or checked by exchanged keys, is rejected" {
	under_both_suites exchanges_are_rejected
}

@test "the second verifier has at most two hundred lines" {
	[ "$(wc -l <"$verifier")" -le 200 ]
}
