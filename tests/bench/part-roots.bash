# shellcheck shell=bash disable=SC2154
# The first signature, which makes the roots, beside a digest of the bare leaves.

part_roots() {
	local openssl=
	agency_year "${PEN_BENCH_ROWS:-200000}"
	heading "roots: $rows leaves"
	if has openssl; then openssl='openssl dgst -sm3 leaves'; fi
	side_by_side 'pen-seal sign' 'from confirmed' 'pen-seal sign 4' '' 'openssl dgst -sm3 of the leaves' true "$openssl" ''
}
