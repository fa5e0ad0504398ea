/* Lines of a shipped form, shaped beside a small store: employer 1 (CODE) is plain,
 * 2 (OTHER) newly covered since 2023-06-01, 3 (OWN) the agency's own unit; 7 is
 * Wang, an employee at 1 since 2020, 8 is Li, flexible, at 3. What is claimed gets
 * the number 90. Included after cmocka.h. */
#ifndef PEN_SHAPE_FIXTURE_H
#define PEN_SHAPE_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "form_fixture.h"
#include "model/shape.h"

#define TODAY 20261123
#define CODE "91330106MA00000016"
#define OTHER "91330106MA00000029"
#define OWN "91330106MA0000003C"
#define WANG "330106199008072465"
#define LI "330106198503121231"
#define ZHANG "330106195001010116"

static struct {
	int64_t line;			/* of the row that comes next */
	char claimed[32];
	bool retired;			/* 90 is: folio 4, employer 1 */
	int32_t died_on;		/* of Wang */
	int32_t succeeded_on;		/* 1, by 2 */
	int64_t own;			/* what a left-out code stands for */
	int32_t since[4];		/* Wang's open periods by employer */
} known;

static struct pen_reference reference;
static struct pen_surroundings around;
static struct pen_parameters *parameters;	/* none: no bounds, no rates */
static struct pen_form *form;
static struct pen_shape *shape;
static struct pen_shaped shaped;
static struct pen_findings findings;
static struct pen_employer_facts employers[4];
static struct pen_retired standing;

static const struct pen_person_facts *ask_person(void *context, const char id18[19], bool claim)
{
	static struct pen_person_facts wang, li, claimed;

	(void)context;
	wang = (struct pen_person_facts){ .person = 7, .registered = true, .name = "王敏", .id_number = WANG,
		.payer = "employee", .born = 19900807, .insured_on = 20200101, .sex = 2, .died_on = known.died_on };
	li = (struct pen_person_facts){ .person = 8, .registered = true, .name = "李强", .id_number = LI,
		.payer = "flexible", .born = 19850312, .insured_on = 20200101, .sex = 1 };
	claimed = (struct pen_person_facts){ .person = 90 };
	if (strcmp(id18, WANG) == 0)
		return &wang;
	if (strcmp(id18, LI) == 0)
		return &li;
	if (claim)
		snprintf(known.claimed, sizeof(known.claimed), "%s", id18);
	return strcmp(known.claimed, id18) == 0 ? &claimed : NULL;
}

static int64_t ask_employer(void *context, const char *code, bool claim)
{
	(void)context;
	(void)claim;
	return strcmp(code, CODE) == 0 ? 1 : strcmp(code, OTHER) == 0 ? 2 : strcmp(code, OWN) == 0 ? 3 : 0;
}

static const struct pen_employer_facts *ask_facts(void *context, int64_t employer)
{
	(void)context;
	return employer < 4 ? &employers[employer] : NULL;
}

static int64_t ask_own(void *context, const char *county)
{
	(void)context;
	(void)county;
	return known.own;
}

static const struct pen_retired *ask_retired(void *context, int64_t person)
{
	(void)context;
	return known.retired && person == 90 ? &standing : NULL;
}

static int32_t ask_period(void *context, int64_t person, int64_t employer)
{
	(void)context;
	return person == 7 && employer < 4 ? known.since[employer] : person == 8 && employer == 3 ? 20200101 : 0;
}

static inline struct pen_value text_value(const char *s) { return pen_value__string(s, strlen(s)); }

static inline void open_form(const char *name)
{
	struct pen_error error;

	memset(&known, 0, sizeof(known));
	known.line = 2;
	known.own = 3;
	known.since[1] = 20200101;
	employers[1] = (struct pen_employer_facts){ .insured_on = 20100101 };
	employers[2] = (struct pen_employer_facts){ .insured_on = 20230601, .newly_covered = true };
	employers[3] = (struct pen_employer_facts){ .insured_on = 20100101, .pseudo_unit = true };
	reference = (struct pen_reference){ .person = ask_person, .employer = ask_employer, .live_on = 20240101,
		.facts = ask_facts, .pseudo_unit = ask_own, .retired = ask_retired, .period = ask_period };
	parameters = pen_parameter__new();
	assert_non_null(parameters);
	around = (struct pen_surroundings){ .parameters = parameters, .area = "330100", .today = TODAY };
	form = shipped_form(name);
	assert_int_equal(pen_shape__open(&shape, form, &error), PEN_OK);
}

static inline int close_form(void **state)
{
	(void)state;
	pen_shape__close(shape);
	pen_form__free(form);
	pen_parameter__free(parameters);
	shape = NULL;
	form = NULL;
	return 0;
}

/* The next line, as "field=value;…"; fields that are not given are empty. */
static inline void line(const char *text)
{
	static char values[PEN_FIELDS_MOST][128];
	static struct pen_cell cells[PEN_FIELDS_MOST];
	char buffer[1024], *pair, *rest = buffer, *value;
	int i;

	if (known.succeeded_on) {
		employers[1].succeeded_on = known.succeeded_on;
		employers[1].successor = 2;
		snprintf(employers[1].successor_code, sizeof(employers[1].successor_code), "%s", OTHER);
	}
	memset(values, 0, sizeof(values));
	snprintf(buffer, sizeof(buffer), "%s", text);
	while ((pair = strsep(&rest, ";")) && *pair) {
		value = strchr(pair, '=');
		*value++ = '\0';
		i = pen_form__field(form, pair);
		assert_true(i >= 0);
		snprintf(values[i], sizeof(values[i]), "%s", value);
	}
	for (i = 0; i < form->count; i++)
		pen_field__read(&form->fields[i], values[i], strlen(values[i]), TODAY, &cells[i]);
	findings.count = 0;
	pen_shape__row(shape, cells, known.line++, &reference, &around, &shaped, &findings);
}

/* "field:rule field:rule …" */
static inline void assert_findings(const char *expected)
{
	char text[1024] = "";
	size_t n = 0;
	int i;

	for (i = 0; i < findings.count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s:%s", i ? " " : "",
		    findings.at[i].field, findings.at[i].rule->id);
	assert_string_equal(text, expected);
}

static inline void assert_number(int column, int64_t expected)
{
	assert_int_equal(shaped.row.v[column].type, PEN_INTEGER);
	assert_int_equal(shaped.row.v[column].i, expected);
}

#define SHAPE(test) cmocka_unit_test_teardown(test, close_form)

#endif
