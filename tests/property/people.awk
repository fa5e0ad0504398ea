# The invented agency of the property test: who its employers and people are. The
# store is filled with them once, and the generated files are about them.

# ---- numbers that look like chance and are the same everywhere
function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }
function chance(percent) { return random(100) < percent }
# Neighbouring numbers would go on side by side: some squares take them apart.
function begin_chance(number,   i) {
	seed = (number * 7919 + 12345) % 2147483646 + 1
	for (i = 0; i < 9; i++) { random(2); seed = (seed % 94906 * (seed % 94906) + 3 * seed) % 2147483646 + 1 }
}

# ---- identifiers: GB 11643, GB 11714, GB 32100
function id_check(s,   i, sum) {
	for (i = 1; i <= 17; i++) sum += id_weight[i] * substr(s, i, 1)
	return substr("10X98765432", sum % 11 + 1, 1)
}
function credit_check(s,   i, sum) {
	for (i = 1; i <= 17; i++) sum += code_weight[i] * (index(code_letters, substr(s, i, 1)) - 1)
	return substr(code_letters, (31 - sum % 31) % 31 + 1, 1)
}
function credit(area, body,   s, i, sum, c) {
	for (i = 1; i <= 8; i++) sum += body_weight[i] * (index(letters, substr(body, i, 1)) - 1)
	c = 11 - sum % 11
	s = "91" area body (c == 10 ? "X" : c == 11 ? "0" : c)
	return s credit_check(s)
}
function citizen(area, born, sequence,   s) { s = area born sequence; return s id_check(s) }

# ---- money: fen in, yuan out; a share of a base is rounded to fen each month
function yuan(fen,   sign) {
	sign = fen < 0 ? "-" : ""; if (fen < 0) fen = -fen
	return sprintf("%s%d.%02d", sign, int(fen / 100), fen % 100)
}
function share(base, percent, months) { return months * int((base * percent + 50) / 100) }

# Six employers, the last of which has paid nothing; forty people each. Some have
# names that are hard to carry. One died in June 2024, one retired in March 2024.
function people(   e, p, n, surname, given, special, born) {
	letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; code_letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", id_weight, " ")
	split("3 7 9 10 5 8 4 2", body_weight, " ")
	split("1 3 9 27 19 26 16 17 20 29 25 13 8 24 10 30 28", code_weight, " ")
	split("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 欧阳 诸葛", surname, " ")
	split("伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建国 志强 玉兰 海燕", given, " ")
	n = split("𠮷田明 王𬭎 李𫖯 周㛃 陈𪚥 阿依古丽·买买提 𠀀一丁 张䶮 买买提·阿不都 John·Smith", special, " ")
	EMPLOYERS = 6; EACH = 40; PEOPLE = EMPLOYERS * EACH; UNPAID = 6; DEAD = 197; RETIRED = 157
	begin_chance(20241231)
	for (e = 1; e <= EMPLOYERS; e++) code[e] = credit("33010" (4 + e % 3), sprintf("MA%06d", 300100 + e * 7919))
	for (p = 1; p <= PEOPLE; p++) {
		at[p] = int((p - 1) / EACH) + 1
		born = (p == RETIRED ? 1963 : 1970 + random(28)) sprintf("%02d%02d", 1 + random(12), 1 + random(28))
		birth[p] = born
		male[p] = p == RETIRED ? 1 : random(2)
		id[p] = citizen("3301" sprintf("%02d", 2 + random(8)), born, 100 + 2 * random(440) + male[p])
		person[p] = p % 11 == 3 ? special[int(p / 11) % n + 1] : surname[1 + random(22)] given[1 + random(26)]
		base_of[p] = 600000 + random(1200000)
	}
}
