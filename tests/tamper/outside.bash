# shellcheck shell=bash disable=SC2034,SC2154
# The store of the tamper tests for a script that is no bats file: the functions of the
# command tests, and what changes and looks. $PEN_BUILD and $work are set.
_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BATS_TEST_DIRNAME=$_tests/cli BATS_RUN_TMPDIR=$work/template
bats_require_minimum_version() { :; }
# shellcheck source=SCRIPTDIR/../cli/helper.bash
. "$_tests/cli/helper.bash"
# shellcheck source=SCRIPTDIR/store.bash
. "$_tests/tamper/store.bash"
# shellcheck source=SCRIPTDIR/changes.bash
. "$_tests/tamper/changes.bash"
# shellcheck source=SCRIPTDIR/look.bash
. "$_tests/tamper/look.bash"
# shellcheck source=SCRIPTDIR/slice.bash
. "$_tests/tamper/slice.bash"

# rich_store in a directory of its own, keys in its config; ends at the first failure.
rich_store_in() {
	set -e
	mkdir "$1"
	cd "$1"
	rich_store
}
