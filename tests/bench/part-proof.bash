# shellcheck shell=bash disable=SC2034,SC2154
# The proof of one person's contribution of a year, made and checked: ten times each,
# since one is done before a clock could be read; in a store with ten million rows more.
# Beside it, for orientation, openssl checks the seal's signatures over its whole text,
# which tells nothing of a row.

prove_ten() { for _ in 1 2 3 4 5 6 7 8 9 10; do pen-seal prove --person "$1" --year 2024 --checkpoint note -o proof.txt || return 1; done; }
verify_ten() { for _ in 1 2 3 4 5 6 7 8 9 10; do pen-verify proof proof.txt --keys config/pen || return 1; done; }

openssl_one() {
	local key=config/pen/${1#*.}.pub text=whole/seal-$whole.txt signature=whole/seal-$whole.$1.sig
	case $suite in
	sm2-sm3) openssl dgst -sm3 -sigopt distid:1234567812345678 -verify "$key" -signature "$signature" "$text" ;;
	*) openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$text" -sigfile "$signature" ;;
	esac
}

openssl_ten() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		openssl_one operator.op1 && openssl_one lead.lead1 || return 1
	done
}

proof_of() {
	local id openssl=
	agency_year "${PEN_BENCH_ROWS:-1000000}"
	held "${PEN_BENCH_HELD:-10000000}" closed || from closed
	test ! -d held || from held
	heading "proof: one of $rows people, ten times, $suite"
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
	rm -rf whole proof.txt note held
}

part_proof() {
	for suite in ed25519-sha256 sm2-sm3; do proof_of; done
	suite=sm2-sm3
}
