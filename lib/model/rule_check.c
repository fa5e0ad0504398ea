#include "model/rule_check.h"
#include "base/date.h"
#include "base/error.h"
#include "base/identifier.h"
#include "base/text.h"
#include "model/rule_table.h"

#include <assert.h>
#include <string.h>

/* ------------------------------------------------------------- findings -- */

const struct pen_rule *pen_rule_check__named(const char *id)
{
	size_t i, count;
	const struct pen_rule *rules = pen_rule_table__all(&count);

	for (i = 0; i < count; i++) {
		if (strcmp(rules[i].id, id) == 0)
			return &rules[i];
	}
	return NULL;
}

/* Copies what fits, in whole characters. */
static void put(char out[160], const char *s)
{
	size_t n = strnlen(s, 160);

	if (n == 160) {
		for (n = 159; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	}
	memcpy(out, s, n);
	out[n] = '\0';
}

void pen_rule_check__add(struct pen_findings *findings, const char *rule, const char *field,
    const char *found, const char *expected)
{
	struct pen_finding *finding;

	assert(pen_rule_check__named(rule));
	if (findings->count == PEN_FINDINGS_MOST)
		return;
	finding = &findings->at[findings->count++];
	finding->rule = pen_rule_check__named(rule);
	finding->field = field;
	put(finding->found, found);
	put(finding->expected, expected);
}

const char *pen_rule_check__column(const struct pen_row *row, int column)
{
	return row->kind->columns[column].name;
}

/* A finding whose found is the value itself, as a person reads it. */
void pen_rule_check__add_value(struct pen_findings *findings, const char *rule, const struct pen_row *row,
    int column, const char *expected)
{
	char found[160];

	pen_kind__show(row->kind, column, &row->v[column], found, sizeof(found));
	pen_rule_check__add(findings, rule, pen_rule_check__column(row, column), found, expected);
}

bool pen_rule_check__is_null(const struct pen_row *row, int column)
{
	return row->v[column].type == PEN_NULL;
}

/* ---------------------------------------------------------- single values -- */

/* True for a day of the calendar that is not ahead; a null is neither. */
bool pen_rule_check__date(const struct pen_row *row, int column, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	int64_t date = row->v[column].i;
	char text[11];

	if (pen_rule_check__is_null(row, column))
		return false;
	if (date < 0 || date > INT32_MAX || !pen_date__valid((int32_t)date)) {
		pen_rule_check__add_value(findings, "date.format", row, column, _("a day of the calendar"));
		return false;
	}
	if (date > around->today) {
		pen_rule_check__add_value(findings, "date.future", row, column, pen_date__format(around->today, text));
		return false;
	}
	return true;
}

void pen_rule_check__credit_code(const struct pen_row *row, struct pen_findings *findings)
{
	const struct pen_value *code = &row->v[PEN_EMPLOYER_CREDIT_CODE];
	char check = 0, expected[2] = "";

	if (code->type != PEN_STRING)
		return;
	switch (pen_identifier__credit(code->s, code->n, &check)) {
	case PEN_IDENTIFIER_OK:
		break;
	case PEN_IDENTIFIER_LENGTH:
		pen_rule_check__add_value(findings, "credit.length", row, PEN_EMPLOYER_CREDIT_CODE, _("18 characters"));
		break;
	case PEN_IDENTIFIER_CHECK:
		expected[0] = check;
		pen_rule_check__add_value(findings, "credit.check", row, PEN_EMPLOYER_CREDIT_CODE, expected);
		break;
	default:
		pen_rule_check__add_value(findings, "credit.char", row, PEN_EMPLOYER_CREDIT_CODE,
		    _("digits and capital letters other than I, O, S, V, Z"));
	}
}

/* True, with the 18 characters in id18, if the id holds. */
bool pen_rule_check__citizen_id(const struct pen_row *row, const struct pen_surroundings *around,
    char id18[19], struct pen_findings *findings)
{
	const struct pen_value *id = &row->v[PEN_REGISTRATION_ID_NUMBER];
	const int column = PEN_REGISTRATION_ID_NUMBER;
	char check = 0, expected[2] = "";

	if (id->type != PEN_STRING)
		return false;
	switch (pen_identifier__citizen(id->s, id->n, around->today, id18, &check)) {
	case PEN_IDENTIFIER_OK:
		return true;
	case PEN_IDENTIFIER_LENGTH:
		pen_rule_check__add_value(findings, "id.length", row, column, _("18 characters, or 15 of an old number"));
		break;
	case PEN_IDENTIFIER_CHAR:
		pen_rule_check__add_value(findings, "id.char", row, column, _("digits, and X at the end alone"));
		break;
	case PEN_IDENTIFIER_AREA:
		pen_rule_check__add_value(findings, "id.area", row, column, _("a province of GB/T 2260 in the first two digits"));
		break;
	case PEN_IDENTIFIER_DATE:
		pen_rule_check__add_value(findings, "id.date", row, column, _("a birth date of the calendar, since 1900"));
		break;
	case PEN_IDENTIFIER_CHECK:
		expected[0] = check;
		pen_rule_check__add_value(findings, "id.check", row, column, expected);
		break;
	}
	return false;
}

/* The sex and the birth date that the id tells. */
void pen_rule_check__id_facts(const struct pen_row *row, const char id18[19], bool born_holds,
    struct pen_findings *findings)
{
	const struct pen_value *sex = &row->v[PEN_REGISTRATION_SEX], *born = &row->v[PEN_REGISTRATION_BORN];
	char expected[64], date[11];

	if (sex->type != PEN_NULL && sex->i != pen_identifier__sex(id18))
		pen_rule_check__add(findings, "registration.sex", pen_rule_check__column(row, PEN_REGISTRATION_SEX),
		    sex->i == 1 ? _("male (1)") : sex->i == 2 ? _("female (2)") : _("neither 1 nor 2"),
		    sex->i == 1 ? _("female (2), as the citizen id says") :
		    pen_identifier__sex(id18) == 1 ? _("male (1), as the citizen id says") :
		    _("female (2), as the citizen id says"));
	if (born_holds && born->i != pen_identifier__born(id18)) {
		snprintf(expected, sizeof(expected), _("%s, as the citizen id says"),
		    pen_date__format(pen_identifier__born(id18), date));
		pen_rule_check__add_value(findings, "registration.born", row, PEN_REGISTRATION_BORN, expected);
	}
}

/* ---------------------------------------------------------------- names -- */

/* No form lets a name be as long as this. */
#define NAME_ROOM 1024

bool pen_rule_check__names_match(const char *a, const char *b, bool *folded)
{
	char folded_a[NAME_ROOM], folded_b[NAME_ROOM];
	size_t n = strlen(a), m = strlen(b);

	*folded = n != m || memcmp(a, b, n) != 0;
	if (!*folded)
		return true;
	if (n >= sizeof(folded_a) || m >= sizeof(folded_b))
		return false;
	n = pen_text__fold_name(a, n, folded_a);
	m = pen_text__fold_name(b, m, folded_b);
	return n == m && memcmp(folded_a, folded_b, n) == 0;
}

/* ------------------------------------------------------------ employers -- */

void pen_rule_check__succeeded(const struct pen_surroundings *around, int64_t day, int64_t shown,
    struct pen_findings *findings)
{
	const struct pen_employer_facts *employer = around->employer;
	char found[16], since[11], expected[96];

	if (!employer || !employer->succeeded_on || !day || day < employer->succeeded_on)
		return;
	if (shown > 999999)
		pen_date__format((int32_t)shown, found);
	else
		pen_date__format_month((int32_t)shown, found);
	snprintf(expected, sizeof(expected), _("employer %s, which succeeded it on %s"), employer->successor_code,
	    pen_date__format(employer->succeeded_on, since));
	pen_rule_check__add(findings, "employer.succeeded", "employer", found, expected);
}
