# shellcheck shell=bash disable=SC2034,SC2154
# The first signature, which makes the roots, and the verification, which makes them
# again, beside a digest of the bare leaves: under both suites.

roots_of() {
	local openssl=
	agency_year "${PEN_BENCH_ROWS:-1000000}"
	heading "roots: $rows leaves, $suite" aim
	if has openssl; then openssl="openssl dgst -$1 leaves"; fi
	side_by_side 'pen-seal sign' 'from confirmed' 'pen-seal sign 4' '' "openssl dgst -$1 of the leaves" true "$openssl" 2.00
	side_by_side 'pen-verify seals' 'from closed' 'pen-verify seals --batch 4' '' "openssl dgst -$1 of the leaves" true "$openssl" 2.00
}

part_roots() {
	suite=ed25519-sha256
	roots_of sha256
	suite=sm2-sm3
	roots_of sm3
}
