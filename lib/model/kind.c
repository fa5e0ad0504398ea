#include "model/kind.h"
#include "base/date.h"
#include "base/error.h"
#include "base/money.h"
#include "model/months.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* The tables of share/schema, column by column. A column more there is a
 * column more here, at the same place: stored rows and leaves go by this. */
static const struct pen_kind kinds[PEN_KINDS] = {
	[PEN_KIND_EMPLOYER] = {
		PEN_KIND_EMPLOYER, "employer", "employer_record", "参保单位", false, -1, -1, 9, {
			{ "employer", "单位", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "credit_code", "统一社会信用代码", PEN_COLUMN_TEXT },
			{ "name", "单位名称", PEN_COLUMN_TEXT },
			{ "area", "行政区划", PEN_COLUMN_TEXT },
			{ "insured_on", "参保日期", PEN_COLUMN_DATE },
			{ "newly_covered", "新扩面", PEN_COLUMN_FLAG },
			{ "unit_number", "单位编号", PEN_COLUMN_TEXT },
			{ "pseudo_unit", "灵活就业代办", PEN_COLUMN_FLAG },
		}
	},
	[PEN_KIND_REGISTRATION] = {
		PEN_KIND_REGISTRATION, "registration", "registration", "基本养老保险登记", true, -1, -1, 13, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "id_number", "公民身份号码", PEN_COLUMN_TEXT },
			{ "name", "姓名", PEN_COLUMN_TEXT },
			{ "sex", "性别", PEN_COLUMN_NUMBER },
			{ "born", "出生日期", PEN_COLUMN_DATE },
			{ "insured_on", "参保日期", PEN_COLUMN_DATE },
			{ "worked_on", "参加工作时间", PEN_COLUMN_DATE },
			{ "status", "个人身份", PEN_COLUMN_TEXT },
			{ "payer", "缴费人员类别", PEN_COLUMN_TEXT },
			{ "base_fen", "缴费基数", PEN_COLUMN_FEN },
			{ "basis", "采集依据", PEN_COLUMN_TEXT },
			{ "deemed_months", "视同缴费月数", PEN_COLUMN_NUMBER },
		}
	},
	[PEN_KIND_CONTRIBUTION] = {
		PEN_KIND_CONTRIBUTION, "contribution", "contribution", "年度缴费", true,
		PEN_CONTRIBUTION_UNIT, PEN_CONTRIBUTION_PERSONAL, 12, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "sequence", "序号", PEN_COLUMN_NUMBER },
			{ "kind", "缴费类型", PEN_COLUMN_NUMBER },
			{ "base_fen", "缴费基数", PEN_COLUMN_FEN },
			{ "months", "缴费月份", PEN_COLUMN_MONTHS },
			{ "months_assumed", "月份推定", PEN_COLUMN_FLAG },
			{ "unit_fen", "单位缴费", PEN_COLUMN_FEN },
			{ "personal_fen", "个人缴费", PEN_COLUMN_FEN },
			{ "for_year", "对应年度", PEN_COLUMN_YEAR },
			{ "arrived", "到账日期", PEN_COLUMN_DATE },
			{ "voucher", "凭证号码", PEN_COLUMN_TEXT },
		}
	},
	[PEN_KIND_LEVY] = {
		PEN_KIND_LEVY, "levy", "levy", "征缴数据", false, -1, -1, 10, {
			{ "employer", "单位", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "voucher", "凭证号码", PEN_COLUMN_TEXT },
			{ "year", "所属年度", PEN_COLUMN_YEAR },
			{ "paid_on", "缴款日期", PEN_COLUMN_DATE },
			{ "amount_fen", "实缴金额", PEN_COLUMN_FEN },
			{ "voucher_kind", "凭证种类", PEN_COLUMN_TEXT },
			{ "insurance", "险种", PEN_COLUMN_TEXT },
			{ "late_fee_fen", "滞纳金", PEN_COLUMN_FEN },
			{ "refund", "退费标识", PEN_COLUMN_FLAG },
		}
	},
	[PEN_KIND_OPENING] = {
		PEN_KIND_OPENING, "opening", "opening", "个人账户期初储存额", true, -1, -1, 9, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "year", "截止年度", PEN_COLUMN_YEAR },
			{ "personal_principal_fen", "个人缴费本金", PEN_COLUMN_FEN },
			{ "personal_interest_fen", "个人缴费利息", PEN_COLUMN_FEN },
			{ "unit_principal_fen", "单位划转本金", PEN_COLUMN_FEN },
			{ "unit_interest_fen", "单位划转利息", PEN_COLUMN_FEN },
			{ "paid_months", "缴费月数", PEN_COLUMN_NUMBER },
			{ "wage_index", "平均缴费工资指数", PEN_COLUMN_TEXT },
		}
	},
	[PEN_KIND_MOVEMENT] = {
		PEN_KIND_MOVEMENT, "movement", "movement", "个人账户变动", true, -1, -1, 11, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "year", "年度", PEN_COLUMN_YEAR },
			{ "kind", "变动类型", PEN_COLUMN_TEXT },
			{ "personal_principal_fen", "个人缴费本金", PEN_COLUMN_FEN },
			{ "personal_interest_fen", "个人缴费利息", PEN_COLUMN_FEN },
			{ "unit_principal_fen", "单位划转本金", PEN_COLUMN_FEN },
			{ "unit_interest_fen", "单位划转利息", PEN_COLUMN_FEN },
			{ "months", "缴费月份", PEN_COLUMN_MONTHS },
			{ "rate", "记账利率", PEN_COLUMN_RATE },
			{ "source", "依据", PEN_COLUMN_NUMBER },
		}
	},
	[PEN_KIND_RETIREMENT] = {
		PEN_KIND_RETIREMENT, "retirement", "retirement", "退休审批", true, -1, -1, 17, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "id_number", "公民身份号码", PEN_COLUMN_TEXT },
			{ "name", "姓名", PEN_COLUMN_TEXT },
			{ "sex", "性别", PEN_COLUMN_NUMBER },
			{ "born", "出生日期", PEN_COLUMN_DATE },
			{ "worked_on", "参加工作时间", PEN_COLUMN_DATE },
			{ "retired_on", "退休日期", PEN_COLUMN_DATE },
			{ "benefit_from", "待遇开始年月", PEN_COLUMN_MONTH },
			{ "basis", "采集依据", PEN_COLUMN_TEXT },
			{ "paid_months", "缴费月数", PEN_COLUMN_NUMBER },
			{ "deemed_months", "视同缴费月数", PEN_COLUMN_NUMBER },
			{ "basic_fen", "基础养老金", PEN_COLUMN_FEN },
			{ "account_fen", "个人账户养老金", PEN_COLUMN_FEN },
			{ "transitional_fen", "过渡性养老金", PEN_COLUMN_FEN },
			{ "extra_fen", "其他", PEN_COLUMN_FEN },
			{ "pension_fen", "基本养老金合计", PEN_COLUMN_FEN },
		}
	},
	[PEN_KIND_CHANGE] = {
		PEN_KIND_CHANGE, "employment-change", "employment_change", "参保人员增减变动", true, -1, -1, 8, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "kind", "变动类型", PEN_COLUMN_TEXT },
			{ "month", "变动年月", PEN_COLUMN_MONTH },
			{ "since", "起始日期", PEN_COLUMN_DATE },
			{ "to_employer", "转入单位", PEN_COLUMN_EMPLOYER },
			{ "reason", "变动原因", PEN_COLUMN_TEXT },
			{ "base_fen", "缴费基数", PEN_COLUMN_FEN },
		}
	},
	[PEN_KIND_SUCCESSION] = {
		PEN_KIND_SUCCESSION, "succession", "succession", "参保单位合并承继", false, -1, -1, 6, {
			{ "employer", "单位", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "name", "原单位名称", PEN_COLUMN_TEXT },
			{ "successor", "承继单位", PEN_COLUMN_EMPLOYER },
			{ "successor_name", "承继单位名称", PEN_COLUMN_TEXT },
			{ "since", "生效日期", PEN_COLUMN_DATE },
		}
	},
	[PEN_KIND_ADJUSTMENT] = {
		PEN_KIND_ADJUSTMENT, "adjustment", "adjustment", "养老金调整", true, -1, -1, 10, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "effective", "执行年月", PEN_COLUMN_MONTH },
			{ "before_fen", "调整前月养老金", PEN_COLUMN_FEN },
			{ "fixed_fen", "定额调整", PEN_COLUMN_FEN },
			{ "years_fen", "按缴费年限调整", PEN_COLUMN_FEN },
			{ "level_fen", "按养老金水平调整", PEN_COLUMN_FEN },
			{ "tilt_fen", "倾斜调整", PEN_COLUMN_FEN },
			{ "increase_fen", "月增加额", PEN_COLUMN_FEN },
			{ "after_fen", "调整后月养老金", PEN_COLUMN_FEN },
		}
	},
	[PEN_KIND_BENEFIT_CHANGE] = {
		PEN_KIND_BENEFIT_CHANGE, "benefit-change", "benefit_change", "养老待遇变动", true, -1, -1, 12, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "kind", "变动类型", PEN_COLUMN_TEXT },
			{ "reason", "变动原因", PEN_COLUMN_TEXT },
			{ "month", "生效年月", PEN_COLUMN_MONTH },
			{ "happened_on", "发生日期", PEN_COLUMN_DATE },
			{ "amount_fen", "金额", PEN_COLUMN_FEN },
			{ "funeral_fen", "丧葬补助金", PEN_COLUMN_FEN },
			{ "consolation_fen", "抚恤金", PEN_COLUMN_FEN },
			{ "balance_fen", "个人账户余额", PEN_COLUMN_FEN },
			{ "note", "说明", PEN_COLUMN_TEXT },
			{ "paper", "证明材料", PEN_COLUMN_TEXT },
		}
	},
	[PEN_KIND_PAYMENT] = {
		PEN_KIND_PAYMENT, "payment", "payment", "养老待遇发放", true, -1, -1, 20, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "month", "发放年月", PEN_COLUMN_MONTH },
			{ "change", "增减情况", PEN_COLUMN_TEXT },
			{ "since", "待遇起始年月", PEN_COLUMN_MONTH },
			{ "basic_fen", "基础养老金", PEN_COLUMN_FEN },
			{ "account_fen", "个人账户养老金", PEN_COLUMN_FEN },
			{ "transitional_fen", "过渡性养老金", PEN_COLUMN_FEN },
			{ "extra_fen", "其他", PEN_COLUMN_FEN },
			{ "adjustment_fen", "历年调整", PEN_COLUMN_FEN },
			{ "arrears_fen", "补发", PEN_COLUMN_FEN },
			{ "recovered_fen", "扣回", PEN_COLUMN_FEN },
			{ "once_fen", "一次性待遇", PEN_COLUMN_FEN },
			{ "amount_fen", "实发金额", PEN_COLUMN_FEN },
			{ "once_total_fen", "一次性待遇累计", PEN_COLUMN_FEN },
			{ "due_total_fen", "累计应发", PEN_COLUMN_FEN },
			{ "paid_total_fen", "累计实发", PEN_COLUMN_FEN },
			{ "overpaid_fen", "多发待扣", PEN_COLUMN_FEN },
			{ "drawn_fen", "个人账户支付", PEN_COLUMN_FEN },
			{ "drawn_total_fen", "个人账户累计支付", PEN_COLUMN_FEN },
		}
	},
	[PEN_KIND_PAYMENT_RETURN] = {
		PEN_KIND_PAYMENT_RETURN, "payment-return", "payment_return", "银行发放回盘", true, -1, -1, 8, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "payment_folio", "发放表", PEN_COLUMN_NUMBER },
			{ "payment_line", "发放行号", PEN_COLUMN_NUMBER },
			{ "result", "发放结果", PEN_COLUMN_TEXT },
			{ "amount_fen", "金额", PEN_COLUMN_FEN },
			{ "told_on", "回盘日期", PEN_COLUMN_DATE },
			{ "reason", "失败原因", PEN_COLUMN_TEXT },
		}
	},
	[PEN_KIND_ASSESSMENT] = {
		PEN_KIND_ASSESSMENT, "assessment", "assessment", "养老待遇核定", true, -1, -1, 23, {
			{ "person", "人员", PEN_COLUMN_NUMBER },
			{ "line", "行号", PEN_COLUMN_NUMBER },
			{ "retired_on", "退休日期", PEN_COLUMN_DATE },
			{ "benefit_from", "待遇开始年月", PEN_COLUMN_MONTH },
			{ "category", "退休类别", PEN_COLUMN_TEXT },
			{ "route", "退休方式", PEN_COLUMN_TEXT },
			{ "age_months", "退休年龄月数", PEN_COLUMN_NUMBER },
			{ "paid_months", "缴费月数", PEN_COLUMN_NUMBER },
			{ "deemed_months", "视同缴费月数", PEN_COLUMN_NUMBER },
			{ "wage_index", "平均缴费指数", PEN_COLUMN_RATE },
			{ "wage_base_1_fen", "计发基数一", PEN_COLUMN_FEN },
			{ "wage_base_2_fen", "计发基数二", PEN_COLUMN_FEN },
			{ "balance_fen", "个人账户储存额", PEN_COLUMN_FEN },
			{ "divisor", "计发月数", PEN_COLUMN_NUMBER },
			{ "basic_fen", "基础养老金", PEN_COLUMN_FEN },
			{ "account_fen", "个人账户养老金", PEN_COLUMN_FEN },
			{ "transitional_fen", "过渡性养老金", PEN_COLUMN_FEN },
			{ "extra_fen", "其他", PEN_COLUMN_FEN },
			{ "pension_fen", "基本养老金合计", PEN_COLUMN_FEN },
			{ "provisional", "暂核标志", PEN_COLUMN_FLAG },
			{ "reason", "核定说明", PEN_COLUMN_TEXT },
			{ "paper", "证明材料", PEN_COLUMN_TEXT },
			{ "trace", "核定过程", PEN_COLUMN_TEXT },
		}
	},
};

const struct pen_kind *pen_kind__of(enum pen_kind_id id)
{
	assert(id < PEN_KINDS);
	return &kinds[id];
}

const struct pen_kind *pen_kind__named(const char *name)
{
	int i;

	for (i = 0; i < PEN_KINDS; i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

/* Copies what fits, in whole characters. */
static char *show_text(const char *s, size_t n, char *out, size_t room)
{
	if (n >= room) {
		n = room - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	if (n)
		memcpy(out, s, n);
	out[n] = '\0';
	return out;
}

/* Millionths as percent, two decimals or as many as it takes: "2.62%". A
 * millionth is 0.0001 %. */
static char *show_rate(int64_t rate, char *out, size_t room)
{
	uint64_t size = rate < 0 ? -(uint64_t)rate : (uint64_t)rate;
	const char *sign = rate < 0 ? "-" : "";
	uint64_t whole = size / 10000, part = size % 10000;

	if (part % 100 == 0)
		snprintf(out, room, "%s%" PRIu64 ".%02" PRIu64 "%%", sign, whole, part / 100);
	else if (part % 10 == 0)
		snprintf(out, room, "%s%" PRIu64 ".%03" PRIu64 "%%", sign, whole, part / 10);
	else
		snprintf(out, room, "%s%" PRIu64 ".%04" PRIu64 "%%", sign, whole, part);
	return out;
}

/* What is not of its type (somebody has been at the store) is shown as the
 * number that it is. */
static char *show_integer(enum pen_column_type type, int64_t i, char *out, size_t room)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%" PRId64, i);
	if (type == PEN_COLUMN_RATE)
		return show_rate(i, out, room);
	if (type == PEN_COLUMN_FEN)
		pen_money__format(i, buf);
	else if (type == PEN_COLUMN_DATE && i == (int32_t)i && pen_date__valid((int32_t)i))
		pen_date__format((int32_t)i, buf);
	else if (type == PEN_COLUMN_MONTH && i == (int32_t)i && pen_date__valid_month((int32_t)i))
		pen_date__format_month((int32_t)i, buf);
	else if (type == PEN_COLUMN_MONTHS && i == (i & PEN_MONTHS_ALL))
		pen_months__format((int32_t)i, buf);
	else if (type == PEN_COLUMN_FLAG && (i == 0 || i == 1))
		return show_text(i ? _("yes") : _("no"), strlen(i ? _("yes") : _("no")), out, room);
	return show_text(buf, strlen(buf), out, room);
}

/* Goes by what the value is before it goes by what the column should hold. */
char *pen_kind__show(const struct pen_kind *kind, int column, const struct pen_value *value,
    char *out, size_t room)
{
	assert(column >= 0 && column < kind->count && room > 0);
	switch (value->type) {
	case PEN_INTEGER:
		return show_integer(kind->columns[column].type, value->i, out, room);
	case PEN_STRING:
		return show_text(value->s, value->n, out, room);
	case PEN_BYTES:
		snprintf(out, room, _("%zu bytes"), value->n);
		return out;
	default:
		out[0] = '\0';
		return out;
	}
}
