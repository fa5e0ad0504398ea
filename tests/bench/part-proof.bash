# shellcheck shell=bash disable=SC2034,SC2154
# The proof of one person's contribution of a year, made and checked: ten times each,
# since one is done before a clock could be read. Beside it, for orientation, openssl
# checks the seal's signatures over its whole text, which tells nothing of a row.

prove_ten() { for _ in 1 2 3 4 5 6 7 8 9 10; do pen-seal prove --person "$1" --year 2024 --checkpoint note -o proof.txt || return 1; done; }
verify_ten() { for _ in 1 2 3 4 5 6 7 8 9 10; do pen-verify proof proof.txt --keys config/pen || return 1; done; }

openssl_ten() {
	local seal
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		for seal in operator.op1 lead.lead1; do
			openssl dgst -sm3 -sigopt distid:1234567812345678 -verify "config/pen/${seal#*.}.pub" \
				-signature "whole/seal-$whole.$seal.sig" "whole/seal-$whole.txt" || return 1
		done
	done
}

part_proof() {
	local id openssl=
	agency_year "${PEN_BENCH_ROWS:-200000}"
	heading "proof: one of $rows people, ten times"
	from closed
	quietly pen-seal sign 3
	quietly pen-seal sign 3 --as lead1
	quietly pen-seal close 3
	pen-seal checkpoint >note || fail checkpoint
	id=$(sed -n "$((rows / 2))p" breakdown.csv | cut -d , -f 3)
	rm -rf whole && quietly pen-seal export 4 --to whole
	whole=$(basename whole/seal-*.txt .txt)
	whole=${whole#seal-}
	if has openssl; then openssl=openssl_ten; fi
	side_by_side 'pen-seal prove' true "prove_ten $id" '' 'openssl, two signatures over the seal' true "$openssl" ''
	side_by_side 'pen-verify proof' true verify_ten '' 'openssl, two signatures over the seal' true "$openssl" ''
	rm -rf whole proof.txt note
}
