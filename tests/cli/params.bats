#!/usr/bin/env bats
# shellcheck disable=SC2154
# Parameter tables: what a row may say, what is in force when, and which version was.

load helper

titles=name,area,category,valid_from,valid_to,value,unit,source,verified,note

setup() { make_store; }

# Loads a table of that one row, which is refused: at which column, and what it should be.
refused_row() {
	printf '%s\n' "$titles" 'our.own,330100,,,,1,count,test,yes,' "$1" >local.csv
	refuses 4 pen-admin --as sys1 param load local.csv
	[[ $message == *"local:3: $2: "*"expected $3"*'(parameter.value)'* ]]
}

@test "a way of working that there is none of is refused with line, column and the words there are" {
	before=$(sqlite3 store/pen.db 'SELECT max(at) FROM journal')
	refused_row 'index.gaps,330100,,,,nothing,text,test,yes,' value 'one of: paid zero'
	refused_row 'years.rounding,330100,,,,tenths,text,test,yes,' value 'one of: hundredths exact'
	refused_row 'benefit.rounding,330100,,,,yuan,text,test,yes,' value 'one of: fen jiao'
	refused_row 'transitional.method,330100,,,,own,text,test,yes,' value 'one of: mean wage base none'
	refused_row 'extra.method,330100,,,,base,text,test,yes,' value 'one of: wage mean none'
	refused_row 'divisor.months,330100,,,,monthly,text,test,yes,' value 'one of: linear whole'
	refused_row 'retirement.minimum-year,330100,,,,either,text,test,yes,' value 'one of: statutory chosen'
	refused_row 'account.credit-month,330100,,,,now,text,test,yes,' value 'one of: period arrival'
	[ "$(sqlite3 store/pen.db 'SELECT max(at) FROM journal')" = "$before" ]
	run -0 pen-admin param list -f csv
	[[ $output != *local* ]]
}

@test "a wage in counts, a divisor of nothing, a rate below nothing and a month that is none are refused" {
	refused_row 'wage.base,330100,1,2025-01,2025-12,8433,count,test,yes,' unit yuan
	refused_row 'wage.average,330100,,2025-01,2025-12,0,yuan,test,yes,' value 'a number from 0.01 to 10000000.00'
	refused_row 'divisor,330100,60,,,0,count,test,yes,' value 'a number from 1 to 1200'
	refused_row 'account.interest,330100,,2099-01,2099-12,-1,percent,test,yes,' value 'a number from 0.0001 to 100'
	refused_row 'extra.rate,330100,,,,0,percent,test,yes,' value 'a number from 0.0001 to 100'
	refused_row 'retirement.delay-from,330100,male60,,,196513,count,test,yes,' value 'a month of birth'
	refused_row 'deemed.until,330106,,,,1997,text,test,yes,' value 'a month'
}

@test "a category that nobody would look for is refused" {
	refused_row 'retirement.age,330100,male,,,720,count,test,yes,' category 'nothing or one of: male60'
	refused_row 'wage.base,330100,C1,2025-01,2025-12,8433.00,yuan,test,yes,' category 'nothing or one of: 1 2'
	refused_row 'divisor,330100,sixty,,,139,count,test,yes,' category 'nothing, or a number'
}

@test "what was refused is taken once it is corrected, and listed as it stands" {
	refused_row 'index.gaps,330100,,2025-01,,nothing,text,市政府通知,yes,' value 'one of'
	sed -i 's/nothing/zero/' local.csv
	run -0 pen-admin --as sys1 param load local.csv -q
	[ "$(pen-admin param list local -f csv | tail -n 1 | tr -d '\r')" = 'index.gaps,330100,,2025-01,,zero,text,市政府通知,yes,' ]
}

@test "two values for a month are refused, also across tables" {
	printf '%s\n' "$titles" 'wage.base,330100,1,2025-01,2025-12,8433.00,yuan,test,yes,' >c1.csv
	printf '%s\n' "$titles" 'wage.base,330100,1,2025-12,,8700.00,yuan,test,yes,' >more.csv
	run -0 pen-admin --as sys1 param load c1.csv -q
	cp c1.csv 'c 1.csv'
	refuses 2 pen-admin --as sys1 param load 'c 1.csv'
	[[ $message == *"a table goes by its file's name"* ]]
	refuses 4 pen-admin --as sys1 param load more.csv
	[[ $message == *'more:2: valid_from: '*'c1:2'*'(parameter.overlap)'* ]]
	# It ends before the other begins: both stand.
	sed -i 's/2025-12,,/2026-01,,/' more.csv
	run -0 pen-admin --as sys1 param load more.csv -q
	# Another category, another area: no overlap.
	printf '%s\n' "$titles" 'wage.base,330100,2,2025-01,,8433.00,yuan,test,yes,' 'wage.base,330106,1,2025-01,,8433.00,yuan,test,yes,' >other.csv
	run -0 pen-admin --as sys1 param load other.csv -q
}

@test "each version of a table keeps its digest and its text, and is listed as of then" {
	local first second at
	printf '%s\n' "$titles" 'wage.average,330100,,2024-01,2024-12,7265.00,yuan,test,no,' >wages.csv
	run -0 pen-admin --as sys1 param load wages.csv -f json
	first=$(jq -r .digest <<<"$output") at=$(jq .at <<<"$output")
	[ "$first" = "$(openssl dgst -sm3 -r wages.csv | cut -d' ' -f1)" ]
	cp wages.csv first.csv
	sed -i 's/7265.00,yuan,test,no/7266.00,yuan,test,yes/' wages.csv
	run -0 pen-admin --as sys1 param load wages.csv -f json
	second=$(jq -r .digest <<<"$output")
	[ "$second" = "$(openssl dgst -sm3 -r wages.csv | cut -d' ' -f1)" ]
	[ "$(pen-admin param list -f json | jq -r '.rows[] | select(.name == "wages") | .digest')" = "$second" ]
	[ "$(pen-admin param list --as-of "$at" -f json | jq -r '.rows[] | select(.name == "wages") | .digest')" = "$first" ]
	diff <(pen-admin param list wages --as-of "$at" -f csv | tr -d '\r') first.csv
	diff <(pen-admin param list wages -f csv | tr -d '\r') wages.csv
	refuses 2 pen-admin param list wages --as-of $((at - 1))
	[[ $message == *'(parameters.unknown)'* ]]
	refuses 2 pen-admin param list --as-of tomorrow
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM parameter_table WHERE name = 'wages'")" = 2 ]
	run -0 pen-verify -q
}
