#!/usr/bin/env bats
# shellcheck disable=SC2154
# Every line of benefit_vectors.csv goes through a command: the pensions of the official forms
# in benefit-assess.bats, INT1 and INT2 in account.bats, all others here.
load helper
load aged

setup() { make_store ed25519-sha256; }

vectors() { sqlite3 :memory: ".import --csv $BATS_TEST_DIRNAME/../reference/benefit_vectors.csv v" "$1"; }
# A line of the table that no test takes up is one too many.
@test "no line of the vectors is without its test" {
	local forms='SC1 SC4 HN-PDS-2412 HN-ZZ-2512 JL-2602' accounts='INT1 INT2' here='BASE0 BASE1 BASE2 BASE4 BASE5 BASE6 BASE8 CON1 DTH1 DTH3 DTH4' id
	tr " " "\n" <<<"$forms $accounts $here" | sort >taken
	vectors 'SELECT DISTINCT id FROM v' | sort | diff taken -
	for id in $forms; do grep -q "|$id|" "$BATS_TEST_DIRNAME/benefit-assess.bats"; done
	for id in $accounts; do grep -q "$id" "$BATS_TEST_DIRNAME/account.bats"; done
}

# Of 重庆 the published floor is not what 60 % come to: it is loaded, never computed. The
# bounds of 重庆 and 天津 are not shipped, since no text that was seen says from which month
# they hold: an agency there loads its notice, as here.
@test "BASE: the bounds in force are those that were published" {
	local what place area bound expected
	printf '%s\n' name,area,category,valid_from,valid_to,value,unit,source,verified,note \
		base.floor,500000,,2025-01,2025-12,4404.00,yuan,"渝 2025-09-19 notice",yes, base.cap,500000,,2025-01,2025-12,22017.00,yuan,"渝 2025-09-19 notice",yes, \
		base.floor,120000,,2025-01,2025-12,5124.00,yuan,"hrss.tj 2025-09-18",yes, base.cap,120000,,2025-01,2025-12,25620.00,yuan,"hrss.tj 2025-09-18",yes, >notices.csv
	pen-admin -q param load notices.csv --as sys1
	pen-admin param list bases -f json >bases.json
	pen-admin param list notices -f json >notices.json
	vectors "SELECT item, expected FROM v WHERE id LIKE 'BASE%'" | sed 's/ \(cap\|floor\) on .*|/|/' >lines
	[ "$(wc -l <lines)" = 12 ]
	while IFS='|' read -r what expected; do
		bound=${what%% *} place=${what#* }
		case $place in
		上海*) area=310000 ;; 浙江*) area=330000 ;; 重庆*) area=500000 ;; 江苏*) area=320000 ;; 天津*) area=120000 ;; 北京*) area=110000 ;;
		*) echo "$place?" && return 1 ;;
		esac
		jq -e --arg name "base.$bound" --arg area "$area" --arg value "$expected.00" \
			'[inputs.rows[]] | any(.[]; .name == $name and .area == $area and (.valid_from | startswith("2025")) and .value == $value)' -n bases.json notices.json ||
			{ echo "$what: not $expected"; return 1; }
	done <lines
}

@test "CON1: who pays on by themselves pays 20 % of the base" {
	local month
	month=$(vectors "SELECT expected FROM v WHERE id = 'CON1'")
	pen-benefit assess --what-if --retired-on 2025-08-15 --set age-months=720 --set paid-months=179 --set indexed-wage=7000.00 --set balance=60000.00 \
		--set base=7162.00 -f json >out.json
	jq -e --arg month "$month" '.options[0] | .months == 1 and .amount_fen == ($month | tonumber * 100 | round)' out.json
}

# What each is published as, in fen; the incomes that they go by in place of those shipped.
fen() { vectors "SELECT CAST(round(expected * 100) AS INTEGER) FROM v WHERE id = '$1' AND item = '$2'"; }

@test "DTH: funeral and consolation of the published cases" {
	local one a b c
	one=$(credit_code 91330106MA1080192)
	a=$(citizen_id 330106 19591201 011) b=$(citizen_id 330106 19370501 013) c=$(citizen_id 330106 19370501 015)
	at 2024-07-10
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,1990-01-01" >employers.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基本养老金合计
		echo "$a,张三,男,1959-12-01,$one,1980-01-01,2019-12-05,退休审批表,2020-01,345,0,1600.00"
		echo "$b,李四,男,1937-05-01,$one,1970-03-01,1997-05-05,退休审批表,1997-06,132,0,1700.00"
		echo "$c,王五,男,1937-05-01,$one,1970-03-01,1997-05-05,退休审批表,1997-06,132,0,1800.00"
	} >retired.csv
	printf '%s\n' name,area,category,valid_from,valid_to,value,unit,source,verified,note \
		consolation.income-year,330100,,2021-01,2021-12,47066,yuan,DTH3,yes, \
		consolation.income,330100,,2022-01,2022-12,2818.50,yuan,DTH1,yes, \
		consolation.income,330100,,2023-01,2023-12,5015.00,yuan,DTH4,yes, >incomes.csv
	pen-admin -q param load incomes.csv --as sys1
	pen-import -q --confirm --expect-rows 1 employer employers.csv
	pen-import -q --confirm --expect-rows 3 retirement retired.csv
	seal 1-2
	end() { pen-benefit end --person "$1" --reason death --on "$2" --dry-run -f json; }
	end "$a" 2023-06-15 >a.json
	[ "$(jq -r '"\(.funeral_fen) \(.consolation_fen)"' a.json)" = "$(fen DTH1 funeral) $(fen DTH1 consolation)" ]
	[ "$(jq '.funeral_fen + .consolation_fen' a.json)" = "$(fen DTH1 total)" ]
	# 28 years and 9 months paid, 3 years and 6 months drawn.
	[ "$(fen DTH1 pension_months)" = 1925 ]
	[ "$(end "$b" 2022-06-15 | jq '.funeral_fen + .consolation_fen')" = "$(fen DTH3 min_total)" ]
	[ "$(end "$c" 2024-06-15 | jq '.funeral_fen + .consolation_fen')" = "$(fen DTH4 min_total)" ]
}
