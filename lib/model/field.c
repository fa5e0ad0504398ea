#include "model/field.h"
#include "base/date.h"
#include "base/error.h"
#include "base/identifier.h"
#include "base/money.h"
#include "base/text.h"
#include "model/field_damage.h"
#include "model/months.h"
#include "model/period.h"
#include "model/scan.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define NAME_MOST ((size_t)1000)	/* bytes of a text that is kept as received */
#define FIRST_YEAR 1950
#define LARGEST PEN_WHOLE_MOST

/* -------------------------------------------------------- identifiers -- */

/* What a person counts when told of a wrong length. */
static int characters(const char *s, size_t n)
{
	int count = 0;
	size_t i;

	for (i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

/* Identifiers that somebody has made unreadable on purpose, or a spreadsheet by
 * making numbers of them. What is lost is not guessed. */
static bool is_damaged(struct pen_scan *r, const char *char_rule, const char *length_rule)
{
	switch (pen_field_damage__of(r->s, r->n)) {
	case PEN_DAMAGE_MASKED:
		pen_scan__fail(r, char_rule, _("the whole number: a masked one is never matched"));
		return true;
	case PEN_DAMAGE_NUMBER:
		pen_scan__fail(r, r->n == 18 || r->n == 15 ? char_rule : length_rule,
		    _("18 characters as text, from the source: a spreadsheet made a number of it, and what that lost is not completed"));
		return true;
	case PEN_DAMAGE_NONE:
		break;
	}
	return false;
}

/* Seventeen digits are what programs that keep digits alone leave of a number with
 * an X; more than 18 are an account's or a card's. */
static void fail_id_length(struct pen_scan *r)
{
	int count = characters(r->s, r->n);

	if (count == 17)
		pen_scan__fail(r, "id.length", _("18 characters, or 15 of an old number; these are 17: a final X may have been dropped, which is not put back"));
	else if (count == 16 || count == 19)
		pen_scan__fail(r, "id.length", _("18 characters, or 15 of an old number; these are %d, as of an account or a card: nothing is cut or completed"), count);
	else
		pen_scan__fail(r, "id.length", _("18 characters, or 15 of an old number; these are %d"), count);
}

static void read_citizen_id(struct pen_scan *r)
{
	enum pen_identifier outcome;
	char check;

	if (!pen_scan__identifier(r))
		return;
	outcome = pen_identifier__citizen(r->s, r->n, r->today, r->cell->id18, &check);
	if (outcome != PEN_IDENTIFIER_OK && is_damaged(r, "id.char", "id.length"))
		goto out;
	switch (outcome) {
	case PEN_IDENTIFIER_OK:
		if (r->n == 15)
			r->cell->repairs |= PEN_REPAIR_ID15;
		pen_scan__keep(r);
		return;
	case PEN_IDENTIFIER_LENGTH:
		fail_id_length(r);
		break;
	case PEN_IDENTIFIER_CHAR:
		pen_scan__fail(r, "id.char", r->n == 15 ? _("15 digits, the last three not 996 to 999") :
		    _("17 digits, then a digit or X"));
		break;
	case PEN_IDENTIFIER_AREA:
		pen_scan__fail(r, "id.area", _("a province in the first 2 digits; %.2s is none"), r->s);
		break;
	case PEN_IDENTIFIER_DATE:
		pen_scan__fail(r, "id.date", _("from digit 7 on a date of birth of 1900-01-01 to today"));
		break;
	case PEN_IDENTIFIER_CHECK:
		pen_scan__fail(r, "id.check", pen_field_damage__zeros(r->s, r->n) ?
		    _("check character %c; zeros at the end are what a spreadsheet leaves of a number: give it as text, from the source") :
		    _("check character %c"), check);
		break;
	}
out:
	r->cell->id18[0] = '\0';
}

static void read_credit_code(struct pen_scan *r)
{
	enum pen_identifier outcome;
	char check;

	if (!pen_scan__identifier(r))
		return;
	outcome = pen_identifier__credit(r->s, r->n, &check);
	if (outcome != PEN_IDENTIFIER_OK && is_damaged(r, "credit.char", "credit.length"))
		return;
	switch (outcome) {
	case PEN_IDENTIFIER_LENGTH:
		pen_scan__fail(r, "credit.length", _("18 characters; these are %d"), characters(r->s, r->n));
		return;
	case PEN_IDENTIFIER_CHAR:
		pen_scan__fail(r, "credit.char", _("digits and capital letters without I, O, S, V and Z"));
		return;
	case PEN_IDENTIFIER_CHECK:
		pen_scan__fail(r, "credit.check", _("check character %c"), check);
		return;
	default:
		pen_scan__keep(r);
	}
}

/* The code as it stands in the room gives way to its first six digits. */
static void read_area(struct pen_scan *r)
{
	char area[7];

	if (!pen_scan__identifier(r))
		return;
	if (pen_identifier__area(r->s, r->n, area) != PEN_IDENTIFIER_OK) {
		pen_scan__fail(r, "area.code", _("6 digits as GB/T 2260 has them, with a known province"));
		return;
	}
	if (r->n > 6)
		r->cell->repairs |= PEN_REPAIR_AREA12;
	memcpy(r->cell->room, area, sizeof(area));
	r->n = 6;
	pen_scan__keep(r);
}

/* ------------------------------------------------------------ numbers -- */

/* A spreadsheet counts days from the last of 1899, or from the first of 1904, and
 * the number does not say which: who has the sheet can. */
static void fail_date(struct pen_scan *r)
{
	const int64_t days = pen_field_damage__serial(r->s, r->n);
	char from_1900[11], from_1904[11];

	if (!days) {
		pen_scan__fail(r, "date.format", _("a day of the calendar as YYYY-MM-DD"));
		return;
	}
	pen_date__format(pen_date__of_days(pen_date__days(18991230) + days), from_1900);
	pen_date__format(pen_date__of_days(pen_date__days(19040101) + days), from_1904);
	pen_scan__fail(r, "date.format", _("a day of the calendar as YYYY-MM-DD; a spreadsheet's day number could be %s, or %s where it counts from 1904"),
	    from_1900, from_1904);
}

/* The several ways of writing a day are accepted, not mended. */
static void read_date(struct pen_scan *r)
{
	size_t day;
	char iso[11];
	int32_t date;

	if (!pen_scan__fold(r))
		return;
	date = pen_date__parse(r->s, r->n);
	day = r->n;
	if (!date && pen_field_mend__time(r->s, &day)) {
		date = pen_date__parse(r->s, day);
		r->cell->repairs |= PEN_REPAIR_TIME;
	}
	day = r->n;
	if (!date && pen_field_mend__point(r->s, &day) && day == 8) {
		date = pen_date__parse(r->s, day);
		r->cell->repairs |= date ? PEN_REPAIR_POINT : 0;
	}
	if (!date)
		fail_date(r);
	else if (date > r->today)
		pen_scan__fail(r, "date.future", _("a day not after today, %s"), pen_date__format(r->today, iso));
	else
		r->cell->value = pen_value__integer(date);
}

/* A spreadsheet's number for 202407 has ".0" behind it. */
static int32_t month_of(struct pen_scan *r)
{
	int32_t month = pen_period__month(r->s, r->n);
	size_t n = r->n;

	if (month || !pen_field_mend__point(r->s, &n) || n != 6)
		return month;
	month = pen_period__month(r->s, n);
	if (month)
		r->cell->repairs |= PEN_REPAIR_POINT;
	return month;
}

static void fail_month(struct pen_scan *r, const char *expected)
{
	if (pen_period__doubtful(r->s, r->n))
		pen_scan__fail(r, "month.format", _("a month as YYYY-MM: 2024.1 is January, or October of which a number lost the zero; which one is not guessed"));
	else
		pen_scan__fail(r, "month.format", "%s", expected);
}

/* A month; 999999, which stands for none, leaves the value null. Which months can
 * be is the rows' business. */
static void read_month(struct pen_scan *r)
{
	int32_t month;

	if (!pen_scan__fold(r))
		return;
	month = month_of(r);
	if (month == PEN_PERIOD_NONE && r->field->required)
		pen_scan__fail(r, "field.required", _("a month: 999999 stands for none"));
	else if (!month)
		fail_month(r, _("a month as YYYY-MM"));
	else if (month != PEN_PERIOD_NONE)
		r->cell->value = pen_value__integer(month);
}

static void read_period(struct pen_scan *r)
{
	int32_t from, to;

	if (!pen_scan__fold(r))
		return;
	if (pen_period__range(r->s, r->n, &from, &to))
		r->cell->value = pen_value__integer((int64_t)from * 1000000 + to);
	else
		fail_month(r, _("a month, or the first and the last one, such as 202401-202406"));
}

static void read_months(struct pen_scan *r)
{
	int32_t set;

	if (!pen_scan__fold(r))
		return;
	set = pen_months__parse(r->s, r->n);
	if (set)
		r->cell->value = pen_value__integer(set);
	else
		pen_scan__fail(r, "month.range", _("months from 1 to 12, each once, such as 1-3,7-12"));
}

/* The field may narrow the years, never widen them. */
static void read_year(struct pen_scan *r)
{
	int64_t low = FIRST_YEAR, high = r->today / 10000, year = 0;
	enum pen_decimal outcome;

	if (r->field->has_minimum && r->field->minimum > low)
		low = r->field->minimum;
	if (r->field->has_maximum && r->field->maximum < high)
		high = r->field->maximum;
	if (!pen_scan__fold(r))
		return;
	outcome = pen_field_mend__whole(r->s, &r->n, pen_field_mend__year, &year, &r->cell->repairs);
	if (outcome != PEN_DECIMAL_OK || r->n != 4 || year < low || year > high)
		pen_scan__fail(r, "year.range", _("a year from %" PRId64 " to %" PRId64 ", in 4 digits"), low, high);
	else
		r->cell->value = pen_value__integer(year);
}

/* The field's bounds, and those that hold for every number. */
static bool within(const struct pen_field *field, int64_t value)
{
	if (value < -LARGEST || value > LARGEST)
		return false;
	return (!field->has_minimum || value >= field->minimum) &&
	    (!field->has_maximum || value <= field->maximum);
}

/* The bounds for a person: "1 to 12", or the only one that is the field's own if
 * the value breaks that. `money`: in yuan. */
static void fail_bounds(struct pen_scan *r, const char *rule, int64_t value, bool money)
{
	const struct pen_field *field = r->field;
	char low[24], high[24];

	if (money) {
		pen_money__format(field->has_minimum ? field->minimum : -LARGEST, low);
		pen_money__format(field->has_maximum ? field->maximum : LARGEST, high);
	} else {
		snprintf(low, sizeof(low), "%" PRId64, field->has_minimum ? field->minimum : -LARGEST);
		snprintf(high, sizeof(high), "%" PRId64, field->has_maximum ? field->maximum : LARGEST);
	}
	if (field->has_minimum && !field->has_maximum && value < field->minimum)
		pen_scan__fail(r, rule, _("%s or more"), low);
	else if (field->has_maximum && !field->has_minimum && value > field->maximum)
		pen_scan__fail(r, rule, _("%s or less"), high);
	else
		pen_scan__fail(r, rule, _("%s to %s"), low, high);
}

/* Months of a year have a rule of their own, whatever the bounds are. */
static bool is_month(const struct pen_field *field)
{
	return strcmp(field->name, "months") == 0 || strcmp(field->name, "first_month") == 0;
}

static void read_integer(struct pen_scan *r)
{
	enum pen_decimal outcome;
	int64_t value;

	if (!pen_scan__fold(r))
		return;
	outcome = pen_field_mend__whole(r->s, &r->n, strstr(r->field->name, "month") ? pen_field_mend__month : NULL,
	    &value, &r->cell->repairs);
	if (outcome == PEN_DECIMAL_SYNTAX)
		pen_scan__fail(r, "integer.format", _("a whole number in digits"));
	else if (outcome != PEN_DECIMAL_OK || !within(r->field, value))
		fail_bounds(r, is_month(r->field) ? "month.range" : "integer.range", value, false);
	else
		r->cell->value = pen_value__integer(value);
}

/* Exact: an amount that would have to be rounded is refused. */
static void read_money(struct pen_scan *r)
{
	const struct pen_field *field = r->field;
	enum pen_decimal outcome;
	char plain[PEN_AMOUNT_ROOM];
	unsigned repairs;
	int64_t fen;

	if (!pen_scan__fold(r))
		return;
	outcome = field->fen ? pen_field_mend__whole(r->s, &r->n, NULL, &fen, &r->cell->repairs) :
	    pen_money__decimal(r->s, r->n, 2, &fen);
	repairs = outcome == PEN_DECIMAL_SYNTAX && !field->fen ? pen_field_mend__amount(r->s, r->n, plain) : 0;
	if (repairs) {
		r->cell->repairs |= repairs;
		r->s = plain;
		outcome = pen_money__decimal(plain, strlen(plain), 2, &fen);
	}
	switch (outcome) {
	case PEN_DECIMAL_SYNTAX:
		pen_scan__fail(r, "amount.format", field->fen ? _("a whole number of fen, such as 650000 for 6500.00 yuan") :
		    _("an amount in yuan in digits, such as 6500.00 or 12,480.00; no powers of ten, nothing to work out"));
		return;
	case PEN_DECIMAL_PLACES:
		pen_scan__fail(r, "amount.places", _("2 decimals at most"));
		return;
	case PEN_DECIMAL_RANGE:
		fen = *r->s == '-' ? -LARGEST - 1 : LARGEST + 1;
		break;
	case PEN_DECIMAL_OK:
		r->cell->has_fen = true;
		r->cell->fen = fen;
		break;
	}
	if (fen < 0 && field->has_minimum && field->minimum >= 0)
		fail_bounds(r, "amount.negative", fen, true);
	else if (!within(field, fen))
		fail_bounds(r, "amount.range", fen, true);
	else
		r->cell->value = pen_value__integer(fen);
}

/* --------------------------------------------------------------- text -- */

/* Numbers of papers are digits that no spreadsheet may have counted with. A tab, an
 * apostrophe or a formula around them says that none has. */
static void read_text(struct pen_scan *r)
{
	bool marked = r->raw_n > 0 && (r->raw[0] == '\t' || r->raw[r->raw_n - 1] == '\t' ||
	    r->cell->repairs & (PEN_REPAIR_QUOTE | PEN_REPAIR_FORMULA));

	if (!pen_scan__fold(r))
		return;
	if (pen_field_damage__text(r->s, r->n, marked))
		pen_scan__fail(r, "text.number", marked || r->n < 15 || memchr(r->s, '.', r->n) ?
		    _("the number as text, from the source: a spreadsheet made a number of it, and what that lost is not completed") :
		    _("the number as text, from the source: a spreadsheet keeps 15 digits; if these zeros are right, put ' before it"));
	else
		pen_scan__keep(r);
}

/* To the letter: names hold characters that folding would change. */
static void read_name(struct pen_scan *r)
{
	if (!pen_scan__unmark(r, true))
		return;
	if (r->n > NAME_MOST)
		pen_scan__fail(r, "field.length", _("%zu bytes at most"), NAME_MOST);
	else
		pen_scan__keep(r);
}

/* 0: not the same; 1: the same but for the case of ASCII letters; 2: the same. */
static int likeness(const char *from, const char *s, size_t n)
{
	if (strlen(from) != n)
		return 0;
	if (memcmp(from, s, n) == 0)
		return 2;
	return strncasecmp(from, s, n) == 0;
}

/* The choice that a text is one of, or NULL. */
static const struct pen_choice *find_choice(struct pen_scan *r)
{
	const struct pen_field *field = r->field;
	int i, like;

	for (i = 0; i < field->choices; i++) {
		like = likeness(field->choice[i].from, r->s, r->n);
		if (!like)
			continue;
		if (like == 1)
			r->cell->repairs |= PEN_REPAIR_CASE;
		return &field->choice[i];
	}
	return NULL;
}

/* "one of 男, 女": the first word for each thing that can be chosen. */
static void fail_choice(struct pen_scan *r)
{
	const struct pen_choice *choice = r->field->choice;
	char list[256] = "";
	size_t n = 0, more;
	int i, k;

	for (i = 0; i < r->field->choices; i++) {
		for (k = 0; k < i && strcmp(choice[k].to, choice[i].to) != 0; k++)
			;
		more = strlen(choice[i].from);
		if (k < i || n + more + 2 >= sizeof(list))
			continue;
		n += (size_t)snprintf(list + n, sizeof(list) - n, n ? ", %s" : "%s", choice[i].from);
	}
	pen_scan__fail(r, "choice.unknown", _("one of %s"), list);
}

/* As it stands first, which is how nearly all cells come, then folded. */
static void read_choice(struct pen_scan *r)
{
	const struct pen_choice *choice = find_choice(r);
	struct pen_scan as_received = *r;

	if (!choice && r->n < sizeof(r->cell->room)) {
		if (!pen_scan__fold(r))
			return;
		choice = find_choice(r);
	}
	if (!choice && pen_field_mend__point(r->s, &r->n)) {
		choice = find_choice(r);
		r->cell->repairs |= choice ? PEN_REPAIR_POINT : 0;
	}
	if (choice) {
		r->cell->value = pen_value__string(choice->to, strlen(choice->to));
	} else if (r->field->open) {
		/* Not one of ours, so not ours to mend. */
		r->cell->repairs &= ~(unsigned)PEN_REPAIR_WIDTH;
		read_name(&as_received);
	} else {
		fail_choice(r);
	}
}

void pen_field__read(const struct pen_field *field, const char *s, size_t n, int32_t today,
    struct pen_cell *cell)
{
	static void (*const readers[])(struct pen_scan *) = {
		[PEN_FIELD_TEXT] = read_text, [PEN_FIELD_NAME] = read_name,
		[PEN_FIELD_CITIZEN_ID] = read_citizen_id, [PEN_FIELD_CREDIT_CODE] = read_credit_code,
		[PEN_FIELD_AREA] = read_area, [PEN_FIELD_DATE] = read_date,
		[PEN_FIELD_YEAR] = read_year, [PEN_FIELD_INTEGER] = read_integer,
		[PEN_FIELD_MONEY] = read_money, [PEN_FIELD_CHOICE] = read_choice,
		[PEN_FIELD_MONTH] = read_month, [PEN_FIELD_PERIOD] = read_period,
		[PEN_FIELD_MONTHS] = read_months,
	};
	/* The cell is filled here, and is allowed to come in as it lies. */
	/* cppcheck-suppress ctuuninitvar */
	struct pen_scan r = { field, s, n, s, n, today, cell };

	/* Not the whole struct: its room alone would cost more than the reading. */
	cell->value = pen_value__null();
	cell->id18[0] = '\0';
	cell->repairs = 0;
	cell->rule = NULL;
	cell->has_fen = false;
	cell->found[0] = '\0';
	cell->expected[0] = '\0';
	assert((size_t)field->type < sizeof(readers) / sizeof(readers[0]));

	pen_text__trim(&r.s, &r.n);
	if (r.n != n)
		cell->repairs |= PEN_REPAIR_SPACE;
	if (r.n > 0 && (*r.s == '\'' || *r.s == '='))
		pen_scan__unwrap(&r);
	if (r.n > 0)
		readers[field->type](&r);
	else if (field->required)
		pen_scan__fail(&r, "field.required", _("a value: this column may not be empty"));
}

/* A value as a person would have written it in the file. */
static void show_value(const struct pen_field *field, const struct pen_cell *cell, char *out, size_t room)
{
	const struct pen_value *value = &cell->value;
	char money[24], date[11];

	if (value->type == PEN_STRING && field->type == PEN_FIELD_CITIZEN_ID)
		pen_scan__cut(out, room, cell->id18, strlen(cell->id18));
	else if (value->type == PEN_STRING)
		pen_scan__cut(out, room, value->s, value->n);
	else if (value->type != PEN_INTEGER)
		snprintf(out, room, "%s", _("nothing"));
	else if (field->type == PEN_FIELD_MONEY)
		snprintf(out, room, "%s", pen_money__format(value->i, money));
	else if (field->type == PEN_FIELD_DATE)
		snprintf(out, room, "%s", pen_date__format((int32_t)value->i, date));
	else
		snprintf(out, room, "%" PRId64, value->i);
}

void pen_field__insist(const struct pen_field *field, const char *s, size_t n, struct pen_cell *cell)
{
	struct pen_scan r = { field, s, n, s, n, 0, cell };
	char codes[128] = "", value[64];
	size_t length = 0;
	unsigned bit;

	assert(cell->repairs && !cell->rule);
	for (bit = 1; bit <= cell->repairs && length < sizeof(codes); bit <<= 1) {
		if (cell->repairs & bit)
			length += (size_t)snprintf(codes + length, sizeof(codes) - length, length ? ", %s" : "%s",
			    pen_field_mend__code((enum pen_repair)bit));
	}
	show_value(field, cell, value, sizeof(value));
	pen_scan__fail(&r, "repair.strict", _("%s in the file itself (%s)"), value, codes);
}
