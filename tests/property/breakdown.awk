# Writes a breakdown with random defects in a random layout: `out` gets the text in
# UTF-8, `expect` what has to become of each line, `mend` the rows that were broken
# as they should have been, `layout` how the text has to be packed. NUL bytes stand
# as \002 until then; \003 before a value makes a JSON number of it.
#
# expect, tab-separated:
#   file ok | file CODE             let in, or refused with this code
#   row LINE FATE FEN RULES REPAIRS accepted, rejected, held or either (of which one
#                                   of a pair is held); RULES that are broken, the
#                                   first of them among these; REPAIRS as column=code
#   other LINE                      header, titles, totals, blanks, lines for people

function setup(   i) {
	YEAR = 1; CODE = 2; ID = 3; NAME = 4; BASE = 5; MONTHS = 6; UNIT = 7; PERSONAL = 8
	FIRST = 9; ARRIVED = 10; VOUCHER = 11; KIND = 12; FIELDS = 12
	split("year credit_code id_number name base months unit personal first_month arrived voucher kind", key, " ")
	split("０ １ ２ ３ ４ ５ ６ ７ ８ ９", wide_digit, " ")
	split(" |\t|  |　| |​", blanks, "|")
	continuation = "[\200-\277]"
	NUL = "\002"
}

# ---- the layout

function choose_layout(   i) {
	json = chance(22); format = json ? any("array|lines|pretty") : "csv"
	delimiter = any(",|,|,|\t|;")
	eol = any("\n|\n|\r\n|\r\n|\r"); if (json) eol = any("\n|\r\n")
	encoding = any("utf8|utf8|bom|gb18030|gb18030|utf16le|utf16be"); if (json && encoding == "gb18030") encoding = "utf8"
	in_fen = json && chance(40)
	quoted = chance(25); grouped = chance(60); last_eol = chance(75)
	has_first = 1; has_arrived = chance(60); has_voucher = chance(50); has_kind = chance(60)
	year = any("2023|2024|2024|2025")
	# The columns of the file in their order: fields by number, extras by name.
	columns = 0
	for (i = 1; i <= FIELDS; i++) if ((i != ARRIVED || has_arrived) && (i != VOUCHER || has_voucher) && (i != KIND || has_kind)) column_at[++columns] = i
	if (chance(40)) { serial = 1; column_at[++columns] = "序号" }
	if (chance(40)) column_at[++columns] = "税务反馈"
	if (chance(20)) column_at[++columns] = "科室"
	if (chance(60)) shuffle(columns)
	for (i = 1; i <= columns; i++) {
		field = column_at[i]
		title[i] = field in key ? title_of(field) : field
		column_of[field] = i
	}
	unlucky = json ? "" : chance(10) ? any("total.wrong|header.missing|header.twice|header.below") : ""
	two_headers = !json && !unlucky && chance(15)
}
function shuffle(n,   i, k, kept) {
	for (i = n; i > 1; i--) { k = 1 + random(i); kept = column_at[i]; column_at[i] = column_at[k]; column_at[k] = kept }
}
function title_of(field) {
	return in_fen && (field == BASE || field == UNIT || field == PERSONAL) ? key[field] "_fen" : any(names_of[field])
}

# ---- records as they are put down

function begin(type) { records++; type_of[records] = type; width[records] = columns; at_line[records] = 0 }
function put(i, s) { cell[records, i] = s }

function titles_above() {
	if (json) return
	if (!quoted && delimiter != "\t" && chance(15) && encoding !~ /utf16/) { begin("other"); put(1, "sep=" delimiter); width[records] = 1; raw[records] = 1 }
	if (chance(40)) {
		titled = 1
		begin("other"); put(1, year "年度职工社会保险费缴费分解表"); if (chance(40)) width[records] = 1
		if (chance(60)) { begin("other"); put(1, "填报单位：某市某某有限公司"); put(columns > 6 ? 6 : 2, "单位：元") }
		if (chance(30)) { begin("other"); width[records] = chance(50) ? 1 : columns }
	}
}
function header(   i) {
	if (json) return
	if (two_headers) {
		begin("other")
		for (i = 1; i <= columns; i++) put(i, column_at[i] ~ /^(7|8)$/ ? "缴费金额" : title[i])
		begin("other")
		for (i = 1; i <= columns; i++) put(i, column_at[i] ~ /^(7|8)$/ ? title[i] : "")
		return
	}
	begin("other")
	for (i = 1; i <= columns; i++) put(i, title[i])
}
# The sum of the rows since `from`, as a person puts it below them.
function total(word, from, wrong,   i, r, sum, label, where) {
	for (r = from; r <= records; r++) {
		if (type_of[r] != "row") continue
		sum[BASE] += shown[r, BASE]; sum[UNIT] += shown[r, UNIT]; sum[PERSONAL] += shown[r, PERSONAL]
	}
	begin("other")
	do { where = 1 + random(columns) } while (column_at[where] ~ /^(5|7|8)$/)
	put(where, word)
	put(column_of[UNIT], spelled(sum[UNIT] + (wrong ? 100 : 0))); put(column_of[PERSONAL], spelled(sum[PERSONAL]))
	if (chance(30)) put(column_of[BASE], spelled(sum[BASE]))
	totals++
}
function spelled(fen,   s) { s = sprintf("%s%.0f.%02d", fen < 0 ? "-" : "", int((fen < 0 ? -fen : fen) / 100), (fen < 0 ? -fen : fen) % 100); return chance(40) && s !~ /-/ ? grouped_digits(s) : s }
function between(page_from) {
	if (json) return
	if (chance(4)) { begin("other"); if (chance(50)) width[records] = chance(50) ? 1 : columns }
	if (chance(2)) header()
}

# ---- rows

function fresh(p, months, first,   i, b) {
	for (i = 1; i <= FIELDS; i++) { text[i] = ""; rule[i] = ""; repair[i] = ""; readable[i] = 1 }
	b = base_of[p]; normal = 1; kind_sign = 1
	fen[BASE] = b; fen[UNIT] = share(b, 16, months); fen[PERSONAL] = share(b, 8, months)
	text[YEAR] = year; text[CODE] = code[at[p]]; text[ID] = id[p]; text[NAME] = person[p]
	text[BASE] = yuan(b); text[MONTHS] = months; text[FIRST] = months < 12 || chance(20) ? first : ""
	text[UNIT] = yuan(fen[UNIT]); text[PERSONAL] = yuan(fen[PERSONAL])
	if (has_arrived && chance(80)) text[ARRIVED] = year "-" sprintf("%02d-%02d", 1 + random(12), 1 + random(28))
	if (has_voucher && chance(80)) text[VOUCHER] = "33" year sprintf("%06d", random(999999))
	if (has_kind) text[KIND] = any("正常|正常应缴|")
}
# Money that goes back, and a difference paid later: neither is held against rates.
function special_kind(   s) {
	normal = 0
	if (has_kind && chance(50)) {
		text[KIND] = any("补差|年审补差|补缴")
		fen[UNIT] = 1000 + random(90000); fen[PERSONAL] = 500 + random(40000)
		text[UNIT] = yuan(fen[UNIT]); text[PERSONAL] = yuan(fen[PERSONAL])
		if (!in_fen && chance(40)) { text[UNIT] = any("-|--|—|——"); fen[UNIT] = 0; mended(UNIT, "repair.dash") }
		return
	}
	text[KIND] = has_kind ? any("退费|") : ""
	fen[UNIT] = -fen[UNIT]; fen[PERSONAL] = -fen[PERSONAL]
	if (text[KIND] == "退费" && chance(50)) { kind_sign = -1; fen[UNIT] = -fen[UNIT]; fen[PERSONAL] = -fen[PERSONAL] }
	text[UNIT] = yuan(fen[UNIT]); text[PERSONAL] = yuan(fen[PERSONAL])
}
function to_fen(   i, n) {
	for (i = 1; i <= 3; i++) {
		n = i == 1 ? BASE : i == 2 ? UNIT : PERSONAL
		if (rule[n] == "" && repair[n] == "") text[n] = chance(50) ? "\003" sprintf("%d", fen[n]) : sprintf("%d", fen[n])
		else if (rule[n] ~ /^(share|base|amount.negative|amount.range)/) {
			if (rule[n] ~ /amount/) text[n] = rule[n] ~ /neg/ ? "-100" : "0"
			else text[n] = sprintf("%d", n == BASE ? text[n] * 100 : fen[n])
		}
	}
}
# The row goes to the file, and what is to become of it to the expectation.
function down(fate,   i, r, f) {
	if (in_fen) to_fen()
	begin("row"); r = records
	for (i = 1; i <= columns; i++) {
		f = column_at[i]
		if (f in key) put(i, text[f])
		else if (f == "序号") put(i, ++serial_number)
		else if (f == "税务反馈") put(i, chance(20) ? any("核定基数与申报不一致，见附件|缴费人\"重名\"|第一行" LF "第二行|已入库") : "")
		else put(i, any("一科|二科, 乙组|"))
	}
	if (fate == "width") {
		if (chance(50)) { width[r] = columns + 1; put(columns + 1, "多出来的") } else width[r] = columns - 1
		if (width[r] < columns && cell[r, columns - 1] == "") put(columns - 1, "x")
		rules[r] = "row.columns"; fate = "rejected"; counted[r] = 0
		unread[BASE]++; unread[UNIT]++; unread[PERSONAL]++
	} else {
		counted[r] = kind_sign * ((readable[UNIT] ? fen[UNIT] : 0) + (readable[PERSONAL] ? fen[PERSONAL] : 0))
		for (i = 1; i <= FIELDS; i++) {
			if (rule[i] != "") { rules[r] = rules[r] " " names_first[i] "=" rule[i]; fate = "rejected" }
			else if (i in column_of && repair[i] != "") repairs[r] = repairs[r] " " title[column_of[i]] "=" repair_list(i)
		}
		# An empty cell is nothing in a sum; one that cannot be read leaves it open.
		for (i = BASE; i <= PERSONAL; i++) if (!readable[i] && text[i] != "") unread[i]++
	}
	for (i = BASE; i <= PERSONAL; i++) shown[r, i] = text[i] == "" ? 0 : fen[i]
	fates[r] = fate; of_person[r] = who; month_count[r] = span; month_first[r] = start
	return fate
}
function repair_list(i,   n, part, k, seen, out) {
	n = split(repair[i], part, " ")
	for (k = 1; k <= n; k++) if (!(part[k] in seen)) { seen[part[k]]; out = out (out == "" ? "" : "+") part[k] }
	return out
}
function plant(   n, c) {
	for (c = 1; c <= FIELDS; c++) clean[c] = text[c]
	if (!json && chance(2)) return "width"
	if (chance(45)) { for (n = 1 + random(3); n > 0; n--) { c = 1 + random(FIELDS); if (!(in_fen && c ~ /^(5|7|8)$/)) mend(c) } }
	else vary_if()
	if (chance(18)) {
		for (n = chance(80) ? 1 : 2; n > 0; n--) {
			c = 1 + random(FIELDS)
			if ((c in column_of) && rule[c] == "" && (normal || c != KIND) && !(in_fen && c ~ /^(5|7|8)$/) && compatible(c)) breaks(c, json)
		}
	}
	return "accepted"
}
function vary_if() { if (chance(50) && !in_fen) vary() }
# Two broken columns that do not hide each other.
function compatible(c,   i) {
	if (!normal && (c == UNIT || c == PERSONAL)) return 0
	for (i = 1; i <= FIELDS; i++) if (rule[i] != "" && (i <= 4 && c <= 4 || i >= 5 && c >= 5)) return 0
	return 1
}
function mend_line(p, months, first, r) {
	to_mend++; mend_at[to_mend] = r; mend_person[to_mend] = p; mend_months[to_mend] = months; mend_first[to_mend] = first
}

function one_person(p,   cut, fate, first_of) {
	who = p
	if (p == DEAD || p == RETIRED || chance(60)) { piece(p, 12, 1); return }
	cut = 1 + random(11)
	piece(p, cut, 1)
	if (chance(80)) piece(p, 12 - cut, cut + 1)
	if (chance(20)) { span = 0; fresh(p, cut, 1); special_kind(); settle(p, plant(), 0, 0) }
}
function piece(p, months, first,   fate) {
	span = months; start = first
	fresh(p, months, first)
	fate = settle(p, plant(), months, first)
	if (fate == "accepted" && chance(p == DEAD || p == RETIRED ? 50 : 4)) again(p, months, first)
}
# The same months once more; mended, the row is somebody else's.
function again(p, months, first,   r) {
	span = months; start = first
	fresh(p, months, first); text[FIRST] = first
	if (at[p] == UNPAID || spares == 0) return
	down("rejected"); r = records; rules[r] = " 起始月份=months.overlap"
	mend_line(spare[spares--], 12, 1, r)
}
function settle(p, planted, months, first,   fate, r) {
	if ((p == DEAD || p == RETIRED) && planted == "width") planted = "accepted"
	fate = down(planted); r = records
	if (fate == "accepted" && (at[p] == UNPAID || ((p == DEAD || p == RETIRED) && year >= 2024))) fates[r] = "held"
	if (fate == "rejected") {
		if (months == 0) { if (spares > 0) mend_line(spare[spares--], 12, 1, r) }
		else mend_line(p, months, first, r)
	}
	return fate
}

# ---- the text

function csv_cell(s, r) {
	if (r in raw) return s
	if (s ~ /^"/ || index(s, delimiter) || s ~ /[\r\n]/ || quoted || (s ~ /"/ && (s !~ /^[=']/ || chance(50)))) { gsub(/"/, "\"\"", s); return "\"" s "\"" }
	return s
}
function count_breaks(s,   n) { n = gsub(/\r\n|\r|\n/, "", s); return n }
function json_text(s) {
	if (substr(s, 1, 1) == "\003") return substr(s, 2)
	gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\t/, "\\t", s); gsub(/\n/, "\\n", s); gsub(/\001/, "\\u0001", s)
	return "\"" s "\""
}
function object(r, pretty,   i, s, n, inner) {
	inner = pretty ? eol "    " : ""
	for (i = 1; i <= columns; i++) {
		if (cell[r, i] == "" && (drops || r % 3 == 0) && r > first_row + 1) continue
		s = s (n++ ? "," inner : inner) json_text(title[i]) (pretty ? ": " : ":") (cell[r, i] == "" && r % 2 ? "null" : json_text(cell[r, i]))
	}
	return "{" s (pretty ? eol "  " : "") "}"
}
function write_csv(   r, i, s, line) {
	line = 1
	for (r = 1; r <= records; r++) {
		s = ""
		for (i = 1; i <= width[r]; i++) s = s (i > 1 ? delimiter : "") csv_cell(cell[r, i], r)
		at_line[r] = line; line += 1 + count_breaks(s)
		printf "%s%s", s, r < records || last_eol ? eol : "" > out
	}
}
function write_json(   r, line, s) {
	line = 1
	if (format != "lines") { printf "[%s", eol > out; line++ }
	for (r = 1; r <= records; r++) {
		s = (format == "lines" ? "" : "  ") object(r, format == "pretty")
		at_line[r] = line; line += 1 + count_breaks(s)
		printf "%s%s%s", s, format != "lines" && r < records ? "," : "", r < records || last_eol || format != "lines" ? eol : "" > out
	}
	if (format != "lines") printf "]%s", last_eol ? eol : "" > out
}
function write_expectation(   r) {
	print "file\t" (unlucky ? unlucky : "ok") > expect
	for (r = 1; r <= records; r++) {
		if (type_of[r] == "other") print "other\t" at_line[r] > expect
		else print "row\t" at_line[r] "\t" fates[r] "\t" counted[r] "\t" trim(rules[r]) "\t" trim(repairs[r]) > expect
	}
}
function trim(s) { sub(/^ /, "", s); return s }
function write_mended(   m, p, n) {
	print "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,起始月份,单位缴费,个人缴费,line" > mend_file
	for (m = 1; m <= to_mend; m++) {
		p = mend_person[m]; n = mend_months[m]
		print year "," code[at[p]] "," id[p] "," person[p] "," yuan(base_of[p]) "," n "," (n < 12 ? mend_first[m] : "") "," yuan(share(base_of[p], 16, n)) "," yuan(share(base_of[p], 8, n)) "," at_line[mend_at[m]] > mend_file
	}
}

# A person at a second employer in the same months: one of the two has to wait.
function elsewhere(p, e,   r, kept) {
	who = p; span = 12; start = 1
	fresh(p, 12, 1); down("either"); r = records
	fresh(p, 12, 1); text[CODE] = code[e]; down("either")
	if (chance(40) && spares > 0) {
		fresh(p, 12, 1); text[CODE] = code[e]; down("rejected"); r = records; rules[r] = " 起始月份=months.overlap"
		mend_line(spare[spares--], 12, 1, r)
	}
}

BEGIN {
	people(); setup()
	names_of[YEAR] = "年度|AAE001|缴费年度|year"; names_of[CODE] = "统一社会信用代码|AAB998|单位统一社会信用代码|credit_code"
	names_of[ID] = "公民身份号码|证件号码|社会保障号码|AAC002"; names_of[NAME] = "姓名|AAC003|职工姓名|name"
	names_of[BASE] = "缴费基数|AAE180|缴费基数（月）|base"; names_of[MONTHS] = "缴费月数|AAE202|月数|months"
	names_of[UNIT] = "单位缴费|AAE080|单位缴费金额|unit"; names_of[PERSONAL] = "个人缴费|AAE082|个人缴费额|personal"
	names_of[FIRST] = "起始月份|开始月份|first_month"; names_of[ARRIVED] = "到账日期|AAB191|到账时间|arrived"
	names_of[VOUCHER] = "凭证号码|AAD009|税票号码|voucher"; names_of[KIND] = "缴费类型|AAA115|缴费类别|kind"
	for (i = 1; i <= FIELDS; i++) { names_first[i] = substr(names_of[i], 1, index(names_of[i], "|") - 1) }
	begin_chance(number)
	choose_layout(); LF = json ? "\n" : eol == "\r" ? "\n" : eol
	# Who is in the file, in what order, and who is kept for mending.
	n = 0
	for (p = 1; p <= PEOPLE; p++) if (chance(35)) chosen[++n] = p; else if (at[p] < UNPAID && p != DEAD && p != RETIRED) spare[++spares] = p
	if (!grouped) for (i = n; i > 1; i--) { k = 1 + random(i); p = chosen[i]; chosen[i] = chosen[k]; chosen[k] = p }
	if (n > 120) n = 120
	titles_above()
	if (unlucky == "header.below") { fresh(spare[1], 12, 1); down("accepted"); type_of[records] = "other" }
	header(); first_row = records; part_from = records + 1
	sums = !json && grouped && chance(50)
	for (i = 1; i <= n; i++) {
		one_person(chosen[i])
		between()
		if (sums && i < n && at[chosen[i]] != at[chosen[i + 1]]) { total(any("小计|小 计|本页小计"), part_from, 0); part_from = records + 1 }
	}
	for (k = random(3); k > 0 && spares > 3; k--) { p = spare[spares--]; elsewhere(p, at[p] % (UNPAID - 1) + 1) }
	if (unlucky == "total.wrong" && (unread[UNIT] || unread[PERSONAL])) unlucky = ""
	if (!json && (chance(45) || unlucky == "total.wrong")) {
		if (sums) total("小计", part_from, 0)
		total(any("合计|总计|合　计|总计："), 1, unlucky == "total.wrong")
		if (chance(50)) { begin("other"); put(1, "制表人：张三"); put(columns > 3 ? 4 : 2, "审核：李四") }
		if (chance(30)) { begin("other"); put(1, "第1页 共1页") }
	}
	if (unlucky == "header.missing") { for (r = 1; r <= records; r++) if (cell[r, column_of[NAME]] == title[column_of[NAME]]) cell[r, column_of[NAME]] = "称呼" }
	if (unlucky == "header.twice") { for (r = 1; r <= records; r++) if (cell[r, column_of[NAME]] == title[column_of[NAME]]) cell[r, column_of[NAME]] = title[column_of[ID]] }
	drops = chance(50)
	if (json) write_json(); else write_csv()
	write_expectation(); write_mended()
	print encoding, chance(20) ? "gzip" : "plain", (!json && encoding !~ /16/ && chance(15)) ? "padded" : "bare", format, delimiter == "\t" ? "tab" : delimiter > layout
}
