# shellcheck shell=bash disable=SC2030,SC2031
# What every command test starts from: the tools of $PEN_BUILD (default build)
# on PATH, an empty directory of the test's own to work in, keys kept there, and
# nothing of whoever runs the tests.
#
#   make_store [SUITE]       a store in ./store with its staff; acting as op1
#   citizen_id AREA BIRTH SEQ   330106 19850312 004 -> 18 characters (GB 11643)
#   credit_code BODY         17 characters -> 18 (GB 32100)
#   bound COMMAND…           runs it without what root may beyond others
#   on_host ID COMMAND…      runs it as if on another computer (skips the test
#                            where no other can be made of this one)
#   script_of NAME           by-hand, by-hand-key …: a script of pen-backup(1), as a file
#   functions_of PAGE        the shell functions of a page's EXAMPLES
#   refuses STATUS COMMAND…  runs it, and fails unless it ends with that status
#                            and one line on stderr (in $message)

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PEN_BUILD=${PEN_BUILD:-$top/build}
test -x "$PEN_BUILD/bin/pen-admin" || { echo "no tools in $PEN_BUILD/bin: run make first" >&2; return 1; }
PATH=$PEN_BUILD/bin:$PATH
# Messages in English, wide characters as they are.
export LC_ALL=C.UTF-8
unset LANGUAGE PEN_STORE PEN_STAFF PEN_KEY PEN_PASSPHRASE_FILE PEN_SHARE PEN_CLOCK NO_COLOR

if test -n "${BATS_TEST_TMPDIR:-}"; then
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
fi

# The staff of make_store: id, name, role.
staff_of_store='op1 张三 operator
lead1 李四 lead
sys1 赵五 syslead
dba1 钱六 dba
amender1 孙七 amender
auditor1 周八 auditor'

# Made once in a run of the tests, and copied from then on.
make_template() {
	local template=$1 suite=$2 id name role
	mkdir -p "$template" || return 1
	(
		export XDG_CONFIG_HOME=$template/config PEN_STORE=$template/store PEN_STAFF=head1
		pen-admin init --agency 330100 --name 某市社会劳动保险经办机构 --head head1:王敏 --suite "$suite" -q || exit 1
		while read -r id name role; do
			pen-admin staff add "$id" --name "$name" --role "$role" -q || exit 1
		done <<<"$staff_of_store"
	)
}

make_store() {
	local suite=${1:-sm2-sm3}
	# One for each moment at which it was made, so that no file's clock shows in another's.
	local template=$BATS_RUN_TMPDIR/store-$suite${PEN_CLOCK:+-$PEN_CLOCK}
	if ! test -f "$template/ready"; then
		rm -rf "$template"
		make_template "$template" "$suite" || return 1
		touch "$template/ready"
	fi
	cp -Rp "$template/store" store
	mkdir -p "$XDG_CONFIG_HOME"
	cp -Rp "$template/config/." "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

citizen_id() {
	local body=$1$2$3 weights=(7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2) sum=0 i
	for i in {0..16}; do sum=$((sum + ${body:i:1} * weights[i])); done
	local checks=10X98765432
	printf '%s%s\n' "$body" "${checks:sum%11:1}"
}

credit_code() {
	local body=$1 alphabet=0123456789ABCDEFGHJKLMNPQRTUWXY weight=1 sum=0 i before
	for i in {0..16}; do
		before=${alphabet%%"${body:i:1}"*}
		sum=$((sum + ${#before} * weight))
		weight=$((weight * 3 % 31))
	done
	i=$(((31 - sum % 31) % 31))
	printf '%s%s\n' "$body" "${alphabet:i:1}"
}

# As a user whom permissions bind, also where the tests run as root.
bound() {
	if test "$(id -u)" = 0; then
		setpriv --bounding-set=-all --inh-caps=-all "$@"
	else
		"$@"
	fi
}

# A computer is told from others by its /etc/machine-id: a mount over it, in a
# namespace of the command's own, makes this one another. What a store takes for a
# designated computer is as good as that file is (pen-seal(5)).
on_host() {
	local id=$1
	shift
	test -s /etc/machine-id && unshare -rm true 2>/dev/null || skip "no mount namespaces, or no machine id"
	printf '%s\n' "$id" >"$BATS_TEST_TMPDIR/machine-id"
	# shellcheck disable=SC2016
	unshare -rm sh -c 'mount --bind "$0" /etc/machine-id && exec "$@"' "$BATS_TEST_TMPDIR/machine-id" "$@"
}

refuses() {
	local expected=$1 ended=0
	shift
	"$@" >stdout.txt 2>stderr.txt || ended=$?
	message=$(cat stderr.txt)
	if test "$ended" != "$expected"; then
		printf 'status %s, expected %s: %s\n%s\n' "$ended" "$expected" "$*" "$message"
		return 1
	fi
	test "$(wc -l <stderr.txt)" = 1 || { printf 'more than one line, or none: %s\n' "$message"; return 1; }
}

# One of the scripts of pen-backup(1), into a file of its name.
script_of() {
	sed -n '/^#!\/bin\/sh/,/^\.Ed/{/^\.Ed/!p;}' "$top/man/man1/pen-backup.1" | sed 's/\\e/\\/g' |
		awk -v name="# $1 " '/^#!/ { first = $0; next } /^# by-/ { on = index($0, name) == 1; if (on) print first } on' >"$1"
}

# What a page's EXAMPLES type in that defines functions: lines to be read by a shell.
functions_of() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$top/man/$1" | sed 's/\\e/\\/g' |
		awk '/^\$ [a-z]+\(\) \{/ { on = 1 } on { sub(/^\$ /, ""); print } /; \}$/ { on = 0 }'
}
