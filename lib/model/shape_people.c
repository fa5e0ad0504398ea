#include "model/shape_people.h"
#include "model/field_damage.h"
#include "base/date.h"
#include "base/error.h"

#include <assert.h>

/* ------------------------------------------------------------- employers -- */

void pen_shape_people__employer(struct work *work)
{
	struct pen_value code = value_of(work, EMPLOYER_CODE);
	char text[32];

	set(work, PEN_EMPLOYER_CREDIT_CODE, code);
	set(work, PEN_EMPLOYER_NAME, value_of(work, EMPLOYER_NAME));
	set(work, PEN_EMPLOYER_AREA, value_of(work, EMPLOYER_AREA));
	set(work, PEN_EMPLOYER_INSURED_ON, value_of(work, EMPLOYER_INSURED_ON));
	set_number(work, PEN_EMPLOYER_NEWLY_COVERED, pen_shape_work__number_or_zero(work, EMPLOYER_NEWLY_COVERED) != 0);
	set(work, PEN_EMPLOYER_UNIT_NUMBER, value_of(work, EMPLOYER_UNIT_NUMBER));
	set(work, PEN_EMPLOYER_PSEUDO_UNIT, pen_shape_work__number(work, EMPLOYER_PSEUDO_UNIT));
	/* A code that has a number is in the store, or on an earlier line. */
	if (code.type == PEN_STRING && work->reference->employer(work->reference->context,
	    pen_shape_work__text(&code, text, sizeof(text)), false))
		add(work, "employer.repeated", EMPLOYER_CODE, text, _("an employer that is not there yet"));
}

void pen_shape_people__claim_employer(struct work *work)
{
	char code[32];
	int64_t number = work->reference->employer(work->reference->context,
	    pen_shape_work__text(&work->out->row.v[PEN_EMPLOYER_CREDIT_CODE], code, sizeof(code)), true);

	set_number(work, PEN_SUBJECT, number);
	pen_shape_work__place(work, number, 0);
}

/* --------------------------------------------------------- registrations -- */

/* 用工类别 mixes sex, personal status and how somebody pays; the record keeps
 * them apart. */
static void shape_category(struct work *work)
{
	struct pen_value category = value_of(work, REGISTRATION_CATEGORY);
	struct pen_value sex = pen_shape_work__number(work, REGISTRATION_SEX);
	bool male = says(&category, "male"), flexible = says(&category, "flexible");
	bool cadre = says(&category, "female-cadre"), worker = says(&category, "female-worker");
	const char *status = cadre ? "cadre" : worker ? "worker" : NULL;
	const char *payer = flexible ? "flexible" : "employee";
	char text[32];

	if (status)
		set(work, PEN_REGISTRATION_STATUS, pen_value__string(status, strlen(status)));
	if (category.type != PEN_NULL)
		set(work, PEN_REGISTRATION_PAYER, pen_value__string(payer, strlen(payer)));
	if ((male && sex.i == 2) || ((cadre || worker) && sex.i == 1))
		add(work, "registration.category", REGISTRATION_CATEGORY,
		    pen_shape_work__text(&category, text, sizeof(text)),
		    male ? _("a category for women, or flexible: the sex is female") :
		    _("a category for men, or flexible: the sex is male"));
}

/* A number whose last digits a spreadsheet has put to zero passes the check now and
 * then. Some people have such a number; that somebody looked is said in the file. */
static void check_zeros(struct work *work)
{
	struct pen_value id = value_of(work, REGISTRATION_ID);
	char text[32];

	if (id.type == PEN_STRING && pen_field_damage__zeros(id.s, id.n) &&
	    pen_shape_work__number_or_zero(work, REGISTRATION_CHECKED) == 0)
		add(work, "id.zeros", REGISTRATION_ID, pen_shape_work__text(&id, text, sizeof(text)),
		    _("a number that was compared with the identity card (证件已核), or other digits at the end"));
}

/* Somebody who is registered, or whom an earlier line of the file has registered, has
 * a name already. */
static void check_named(struct work *work, const struct pen_person_facts *person)
{
	struct pen_value name = value_of(work, REGISTRATION_NAME);
	char expected[96];
	int64_t line;

	if (!person || name.type != PEN_STRING)
		return;
	if (person->registered) {
		work->facts = *person;
		work->around->person = &work->facts;
		work->around->name = pen_shape_work__text(&name, work->name, sizeof(work->name));
		pen_shape_work__known_as(work, &name);
		return;
	}
	switch (pen_shape_named__look(work->shape->named, person->person, name.s, name.n, &line)) {
	case PEN_NAMED_FOLDED:
		work->around->name_folded = true;
		break;
	case PEN_NAMED_OTHER:
		snprintf(expected, sizeof(expected), _("the name that line %lld has with this citizen id"), (long long)line);
		add(work, "name.matches", REGISTRATION_NAME, pen_shape_work__text(&name, work->name, sizeof(work->name)), expected);
		break;
	default:
		break;
	}
}

void pen_shape_people__registration(struct work *work)
{
	const struct pen_cell *id = cell_of(work, REGISTRATION_ID);
	struct pen_value since = value_of(work, REGISTRATION_INSURED_ON);
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = NULL;
	int64_t employer = pen_shape_work__employer(work, REGISTRATION_CODE);

	set(work, PEN_REGISTRATION_ID_NUMBER, value_of(work, REGISTRATION_ID));
	check_zeros(work);
	set(work, PEN_REGISTRATION_NAME, value_of(work, REGISTRATION_NAME));
	set(work, PEN_REGISTRATION_SEX, pen_shape_work__number(work, REGISTRATION_SEX));
	set(work, PEN_REGISTRATION_BORN, value_of(work, REGISTRATION_BORN));
	set(work, PEN_REGISTRATION_INSURED_ON, since);
	set(work, PEN_REGISTRATION_WORKED_ON, value_of(work, REGISTRATION_WORKED_ON));
	shape_category(work);
	set(work, PEN_REGISTRATION_BASE, value_of(work, REGISTRATION_BASE));
	set(work, PEN_REGISTRATION_BASIS, value_of(work, REGISTRATION_BASIS));
	set_number(work, PEN_REGISTRATION_DEEMED_MONTHS, pen_shape_work__number_or_zero(work, REGISTRATION_DEEMED));
	pen_shape_work__place(work, employer, 0);
	work->out->since = (int32_t)since.i;
	if (value_of(work, REGISTRATION_ID).type == PEN_STRING)
		person = reference->person(reference->context, id->id18, false);
	check_named(work, person);
	if (person && employer && since.i &&
	    reference->registered(reference->context, person->person, employer, (int32_t)since.i))
		add(work, "registration.repeated", REGISTRATION_ID, id->id18,
		    _("a registration with this employer since this day that is not there yet"));
}

/* The first line says it. */
static void remember_name(struct work *work, int64_t person)
{
	struct pen_value name = value_of(work, REGISTRATION_NAME);
	int64_t line;

	if (name.type != PEN_STRING ||
	    pen_shape_named__look(work->shape->named, person, name.s, name.n, &line) != PEN_NAMED_NOT)
		return;
	if (!pen_shape_named__put(work->shape->named, person, name.s, name.n, work->out->row.v[PEN_LINE].i))
		work->reference->failed = true;
}

void pen_shape_people__claim_person(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = reference->person(reference->context,
	    cell_of(work, REGISTRATION_ID)->id18, true);

	assert(person || reference->failed);
	work->out->person = person;
	if (!person)
		return;
	set_number(work, PEN_SUBJECT, person->person);
	if (!person->registered)
		remember_name(work, person->person);
}

/* ------------------------------------------------------------ retirements -- */

/* Where the fields of the benefit go, in the order of the form. */
static const int benefit_columns[BENEFIT_FIELDS] = {
	PEN_RETIREMENT_BENEFIT_FROM, PEN_RETIREMENT_PAID_MONTHS, PEN_RETIREMENT_DEEMED_MONTHS, PEN_RETIREMENT_BASIC,
	PEN_RETIREMENT_ACCOUNT, PEN_RETIREMENT_TRANSITIONAL, PEN_RETIREMENT_EXTRA, PEN_RETIREMENT_PENSION
};

/* Somebody retires once, and alive. */
static void check_retired(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = work->out->person;
	const struct pen_retired *retired;
	char found[96], date[11];
	int64_t line;

	if (!person)
		return;
	line = pen_shape_seen__get(work->shape->seen, person->person, 0);
	retired = reference->retired && !line ? reference->retired(reference->known, person->person) : NULL;
	if (line)
		snprintf(found, sizeof(found), _("retired by line %lld already"), (long long)line);
	else if (retired)
		snprintf(found, sizeof(found), _("retired on %s, in folio %lld"),
		    pen_date__format((int32_t)retired->row.v[PEN_RETIREMENT_RETIRED_ON].i, date), (long long)retired->folio);
	if (line || retired)
		add(work, "retirement.repeated", RETIREMENT_ID, found, _("somebody who is not retired yet"));
	if (person->died_on) {
		snprintf(found, sizeof(found), _("died by %s"), pen_date__format(person->died_on, date));
		add(work, "retirement.dead", RETIREMENT_ID, found, _("somebody who is alive"));
	}
}

void pen_shape_people__retirement(struct work *work)
{
	int64_t employer = pen_shape_work__employer(work, RETIREMENT_CODE);
	int i;

	pen_shape_work__person(work, RETIREMENT_ID, RETIREMENT_NAME);
	set(work, PEN_RETIREMENT_ID_NUMBER, value_of(work, RETIREMENT_ID));
	set(work, PEN_RETIREMENT_NAME, value_of(work, RETIREMENT_NAME));
	set(work, PEN_RETIREMENT_SEX, pen_shape_work__number(work, RETIREMENT_SEX));
	set(work, PEN_RETIREMENT_BORN, value_of(work, RETIREMENT_BORN));
	set(work, PEN_RETIREMENT_WORKED_ON, value_of(work, RETIREMENT_WORKED_ON));
	set(work, PEN_RETIREMENT_RETIRED_ON, value_of(work, RETIREMENT_RETIRED_ON));
	set(work, PEN_RETIREMENT_BASIS, value_of(work, RETIREMENT_BASIS));
	for (i = 0; i < BENEFIT_FIELDS; i++)
		set(work, benefit_columns[i], value_of(work, RETIREMENT_BENEFIT + i));
	pen_shape_work__place(work, employer, 0);
	check_retired(work);
}

/* People who retired before the system are known by this paper alone. */
void pen_shape_people__claim_retirement(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = reference->person(reference->context,
	    cell_of(work, RETIREMENT_ID)->id18, true);

	assert(person || reference->failed);
	work->out->person = person;
	if (!person)
		return;
	set_number(work, PEN_SUBJECT, person->person);
	pen_shape_work__remember(work, person->person, 0, work->out->row.v[PEN_LINE].i);
}

/* ------------------------------------------------------------ supplements -- */

/* Fills what is empty; the same again passes. How many fields were filled. */
static int fill(struct work *work)
{
	struct pen_row *row = &work->out->row;
	char found[160], expected[160];
	int i, filled = 0;

	for (i = 0; i < BENEFIT_FIELDS; i++) {
		struct pen_value given = value_of(work, SUPPLEMENT_BENEFIT + i), *there = &row->v[benefit_columns[i]];

		if (given.type == PEN_NULL || pen_value__equal(&given, there))
			continue;
		if (there->type == PEN_NULL) {
			*there = given;
			filled++;
			continue;
		}
		pen_kind__show(row->kind, benefit_columns[i], &given, found, sizeof(found));
		pen_kind__show(row->kind, benefit_columns[i], there, expected, sizeof(expected));
		add(work, "supplement.filled", SUPPLEMENT_BENEFIT + i, found, expected);
	}
	return filled;
}

/* The retirement as it stands, of the employer that is named if one is; NULL, with
 * a finding, if there is none. */
static const struct pen_retired *find_retired(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = work->out->person;
	const struct pen_retired *retired = NULL;
	int64_t employer = pen_shape_work__employer(work, SUPPLEMENT_CODE);
	struct pen_value code = value_of(work, SUPPLEMENT_CODE);
	char found[32], expected[64];

	if (person && reference->retired)
		retired = reference->retired(reference->known, person->person);
	if (!retired && value_of(work, SUPPLEMENT_ID).type == PEN_STRING)
		add(work, "supplement.none", SUPPLEMENT_ID, cell_of(work, SUPPLEMENT_ID)->id18,
		    _("somebody whose retirement was brought in and confirmed"));
	if (retired && employer && employer != retired->employer) {
		snprintf(expected, sizeof(expected), _("the employer of folio %lld"), (long long)retired->folio);
		add(work, "supplement.filled", SUPPLEMENT_CODE, pen_shape_work__text(&code, found, sizeof(found)), expected);
	}
	if (retired && !employer)
		pen_shape_work__county(work, SUPPLEMENT_ID, retired->employer);
	return retired;
}

/* The row is the retirement's newest version with more in it. */
void pen_shape_people__supplement(struct work *work)
{
	const struct pen_value line = work->out->row.v[PEN_LINE];
	const struct pen_retired *retired;
	int before = work->findings->count;
	int64_t earlier;
	char found[64];

	pen_shape_work__person(work, SUPPLEMENT_ID, SUPPLEMENT_NAME);
	retired = find_retired(work);
	if (!retired)
		return;
	work->out->row = retired->row;
	set(work, PEN_LINE, line);
	pen_shape_work__place(work, retired->employer, 0);
	work->around->employer = pen_shape_work__facts(work, retired->employer);
	/* Who is not registered is known by the retirement's name. */
	if (!work->facts.registered) {
		work->facts.registered = true;
		work->facts.name = retired->row.v[PEN_RETIREMENT_NAME].s;
	}
	earlier = pen_shape_seen__get(work->shape->seen, work->out->person->person, 0);
	if (earlier) {
		snprintf(found, sizeof(found), _("filled in by line %lld already"), (long long)earlier);
		add(work, "supplement.repeated", SUPPLEMENT_ID, found, _("each person on one line"));
	} else if (!fill(work) && work->findings->count == before) {
		add(work, "supplement.nothing", SUPPLEMENT_ID, _("nothing that is not there already"),
		    _("at least one value for a field that is empty"));
	}
}

void pen_shape_people__claim_supplement(struct work *work)
{
	pen_shape_work__remember(work, work->out->row.v[PEN_SUBJECT].i, 0, work->out->row.v[PEN_LINE].i);
}
