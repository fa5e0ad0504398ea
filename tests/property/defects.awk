# What goes wrong with cells, planted into the row at hand: `text` is what the file
# has in a column, `repair[column]` the codes by which it is mended, `rule[column]`
# the rule that it breaks. Columns are those of `YEAR … KIND`, see breakdown.awk.

function wide(s,   i, c, out) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		out = out (c ~ /[0-9]/ ? wide_digit[c + 1] : c == "." ? "．" : c == "," ? "，" : c)
	}
	return out
}
function grouped_digits(s,   whole, rest, out) {
	whole = s; rest = ""
	if (index(s, ".")) { whole = substr(s, 1, index(s, ".") - 1); rest = substr(s, index(s, ".")) }
	while (length(whole) > 3) { out = "," substr(whole, length(whole) - 2) out; whole = substr(whole, 1, length(whole) - 3) }
	return whole out rest
}
function any(list,   n, part) { n = split(list, part, "|"); return part[1 + random(n)] }
function mended(column, codes) { repair[column] = repair[column] (repair[column] == "" ? "" : " ") codes }

# ---- what is mended

# White space, an apostrophe, a formula around any value: at most one of the latter.
function wrap(column,   how) {
	how = random(6)
	if (how == 4) { text[column] = "'" text[column]; mended(column, "repair.quote") }
	if (how == 5) { text[column] = "=\"" text[column] "\""; mended(column, "repair.formula") }
	if (how < 4 || chance(25)) { pad(column) }
}
function pad(column,   blank) {
	blank = blanks[1 + random(6)]
	text[column] = chance(50) ? blank text[column] : text[column] blank
	mended(column, "repair.space")
}
function mend_amount(column,   s, how) {
	s = text[column]; how = random(8)
	if (s ~ /^-/) { if (chance(50)) { text[column] = "(" substr(s, 2) ")"; mended(column, "repair.bracket") } return }
	if (how <= 3 && s ~ /[0-9][0-9][0-9][0-9]/) { s = grouped_digits(s); mended(column, "repair.separator") }
	if (how == 2 || how == 4) { s = any("¥|RMB|CNY|人民币|¥ ") s; mended(column, "repair.currency") }
	if (how == 3 || how == 5) { s = s any("元|RMB| CNY| 元"); mended(column, "repair.currency") }
	if (how == 6) { s = wide(s); mended(column, "repair.width") }
	if (how == 7) { s = "￥" s; mended(column, "repair.currency") }
	text[column] = s
}
function mend_id(s,   how) {
	s = text[ID]; how = random(4)
	if (how == 0) { s = wide(s); mended(ID, "repair.width") }
	else if (how == 1 && s ~ /X$/) { s = substr(s, 1, 17) "x"; mended(ID, "repair.case") }
	else if (how == 2 && substr(s, 7, 2) == "19") { s = substr(s, 1, 6) substr(s, 9, 9); mended(ID, "repair.id15") }
	text[ID] = s
	if (how == 3 || chance(30)) wrap(ID)
}
function mend_name(s) {
	s = text[NAME]
	if (chance(40) && s ~ /^[^A-Za-z]/) { text[NAME] = substr(s, 1, index_2(s) - 1) any(" |　") substr(s, index_2(s)); mended(NAME, "name.folded") }
	else if (s ~ /·/) { sub(/·/, any("•|・|‧| · "), text[NAME]); mended(NAME, "name.folded") }
	else pad(NAME)
}
# Where the second character of UTF-8 begins.
function index_2(s,   i) { for (i = 2; i <= length(s) && substr(s, i, 1) ~ continuation; i++); return i }
function mend_number(column, words,   how) {
	if (text[column] == "") return
	how = random(4)
	if (how == 0) { text[column] = text[column] ".0"; mended(column, "repair.point") }
	if (how == 1) { text[column] = text[column] any(words); mended(column, "repair.month") }
	if (how == 2) { text[column] = wide(text[column]); mended(column, "repair.width") }
	if (how == 3) wrap(column)
}
function mend_date(s,   how) {
	s = text[ARRIVED]; how = random(5)
	if (s == "") return
	if (how == 0) text[ARRIVED] = s any(" 00:00:00| 8:05|T23:59:59| 00:00:00.000")
	if (how == 1) { gsub(/-/, "", s); text[ARRIVED] = s "103000" }
	if (how == 2) { gsub(/-0?/, "/", s); text[ARRIVED] = s " 0:00" }
	if (how < 3) mended(ARRIVED, "repair.time")
	if (how == 3) { text[ARRIVED] = wide(s); mended(ARRIVED, "repair.width") }
	if (how == 4) pad(ARRIVED)
}
function mend(column,   s) {
	if (repair[column] != "" || text[column] == "") return
	if (column == ID) mend_id()
	else if (column == NAME) mend_name()
	else if (column == CODE) {
		if (chance(50)) { text[CODE] = tolower(text[CODE]); mended(CODE, "repair.case") }
		else wrap(CODE)
	}
	else if (column == BASE || column == UNIT || column == PERSONAL) { mend_amount(column); if (chance(20)) wrap(column) }
	else if (column == MONTHS) mend_number(column, "个月|月")
	else if (column == FIRST) mend_number(column, "月|月份")
	else if (column == YEAR) mend_number(column, "年|年度")
	else if (column == ARRIVED) mend_date()
	else if (column == VOUCHER) { if (chance(50)) { text[VOUCHER] = wide(text[VOUCHER]); mended(VOUCHER, "repair.width") } else wrap(VOUCHER) }
	else if (column == KIND) pad(KIND)
}
# Other ways of writing, which are no defects.
function vary(   s) {
	s = text[ARRIVED]
	if (s != "" && chance(40)) {
		s = any("a|b|c|d") s
		if (s ~ /^a/) gsub(/-/, "/", s); if (s ~ /^b/) gsub(/-/, ".", s); if (s ~ /^c/) gsub(/-/, "", s)
		if (s ~ /^d/) s = "d" substr(s, 2, 4) "年" (substr(s, 7, 2) + 0) "月" (substr(s, 10, 2) + 0) "日"
		text[ARRIVED] = substr(s, 2)
	}
	if (chance(10) && text[UNIT] ~ /[0-9]$/) text[UNIT] = text[UNIT] "0"
	if (chance(10) && text[PERSONAL] ~ /0$/) sub(/\.?0+$/, "", text[PERSONAL])
}

# ---- what is rejected

# Breaks a column: the rule by which, empty if it cannot be.
function breaks(column, json,   s, how, old) {
	s = clean[column]; how = random(12)
	if (column == ID) {
		if (how == 0) return broken(ID, substr(s, 1, 3) "***********" substr(s, 15), "id.char")
		if (how == 1) return broken(ID, substr(s, 1, 1) "." substr(s, 2, 2) "E+17", "id.length")
		if (how == 2) return broken(ID, substr(s, 1, 17) "0.0", "id.length")
		if (how == 3) return broken(ID, substr(s, 1, 17), "id.length")
		if (how == 4) { old = substr(s, 1, 15) "000"; return broken(ID, old, id_check(old) == "0" ? "person.registered" : "id.check") }
		if (how == 5) return broken(ID, substr(s, 1, 17) (substr(s, 18) == "7" ? "3" : "7"), "id.check")
		if (how == 6) { s = "99" substr(s, 3, 15); return broken(ID, s id_check(s), "id.area") }
		if (how == 7) { s = substr(s, 1, 10) "0231" substr(s, 15, 3); return broken(ID, s id_check(s), "id.date") }
		if (how == 8) return broken(ID, "", "field.required")
		if (how == 9) { s = substr(s, 1, 6) "19550505" (100 + random(800)); return broken(ID, s id_check(s), "person.registered") }
		if (how == 10) return broken(ID, s "8", "id.length")
		return broken(ID, substr(s, 1, 9) "O" substr(s, 11), "id.char")
	}
	if (column == NAME) {
		if (how < 4) return broken(NAME, "王小二", "name.matches")
		if (how < 6) return broken(NAME, "?" substr(s, index_2(s)), "name.matches")
		if (how < 8) return broken(NAME, "", "field.required")
		if (how < 10) return broken(NAME, s (json ? "\001" : NUL), "text.control")
		return broken(NAME, substr(s, 1, index_2(s) - 1), "name.matches")
	}
	if (column == CODE) {
		if (how < 3) return broken(CODE, substr(s, 1, 17) (substr(s, 18) == "7" ? "3" : "7"), "credit.check")
		if (how < 5) return broken(CODE, credit("330106", "MA999999"), "employer.known")
		if (how < 7) return broken(CODE, substr(s, 1, 17), "credit.length")
		if (how < 9) return broken(CODE, substr(s, 1, 10) "O" substr(s, 12), "credit.char")
		if (how < 10) return broken(CODE, "9.13E+17", "credit.length")
		return broken(CODE, "", "field.required")
	}
	if (column == BASE || column == UNIT || column == PERSONAL) {
		if (how == 0) return broken(column, s "5", "amount.places")
		if (how == 1) return broken(column, any("约6000|见附件|#REF!|1.2E+4|0x10"), "amount.format")
		if (how == 2) return broken(column, "1,24,80.00", "amount.format")
		if (how == 3) return broken(column, "1.2万元", "amount.format")
		if (how == 4) return broken(column, "", "field.required")
		if (how == 5 && column == BASE) return broken(column, "-" s, "amount.negative")
		if (how == 6 && column == BASE) return broken(column, any("0|-|0.00|——"), "amount.range")
		if (how == 7 && column == BASE && text[YEAR] == "2025") return broken(column, "4000.00", "base.floor")
		if (how == 8 && column == BASE && text[YEAR] == "2025") return broken(column, "26000.00", "base.cap")
		if (how == 9 && json) return broken(column, "\0036500.5", "json.number")
		if (column == UNIT && normal) return broken(column, yuan(fen[UNIT] + 100 + random(90000)), "share.unit")
		if (column == PERSONAL && normal) return broken(column, yuan(fen[PERSONAL] - 100), "share.personal")
		return broken(column, s "X", "amount.format")
	}
	if (column == MONTHS) {
		if (how < 3) return broken(MONTHS, "13", "month.range")
		if (how < 5) return broken(MONTHS, "0", "month.range")
		if (how < 7) return broken(MONTHS, any("x|1.5|半年|十二"), "integer.format")
		return broken(MONTHS, "-1", "month.range")
	}
	if (column == FIRST) {
		if (how < 6) return broken(FIRST, "13", "month.range")
		return broken(FIRST, any("一月|七|1.5"), "integer.format")
	}
	if (column == YEAR) return broken(YEAR, any("24|1949|2099|二〇二四|20240|FY2024"), "year.range")
	if (column == ARRIVED) {
		if (how < 4) return broken(ARRIVED, any("45474|45474.0|24-07-01|2024-02-30|999999|07/01/2024"), "date.format")
		return broken(ARRIVED, "2099-01-01", "date.future")
	}
	if (column == VOUCHER) return json ? broken(VOUCHER, "\003330123456789", "json.number") : broken(VOUCHER, s NUL, "text.control")
	if (column == KIND) return broken(KIND, any("其它|10|预缴"), "choice.unknown")
	return ""
}
# A base that is below or above has its shares right, so that nothing else is.
function broken(column, value, which,   n) {
	text[column] = value; rule[column] = which; repair[column] = ""
	if (which ~ /^base/) {
		n = text[MONTHS] + 0
		fen[UNIT] = share(value * 100, 16, n); fen[PERSONAL] = share(value * 100, 8, n)
		text[UNIT] = yuan(fen[UNIT]); text[PERSONAL] = yuan(fen[PERSONAL]); repair[UNIT] = repair[PERSONAL] = ""
	}
	if (which == "amount.negative") fen[BASE] = -fen[BASE]
	if (which == "amount.range") fen[BASE] = 0
	if (which ~ /^base/) fen[BASE] = value * 100
	if (which ~ /^share/) fen[column] = substr(value, 1, length(value) - 3) * 100 + substr(value, length(value) - 1)
	else if (column == UNIT || column == PERSONAL) readable[column] = 0
	if (column == BASE && which !~ /^base|negative|range/) readable[BASE] = 0
	return which
}
