#include "model/shape.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/field_damage.h"
#include "model/months.h"
#include "model/shape_fields.h"
#include "model/shape_paid.h"

#include <assert.h>
#include <string.h>

/* ----------------------------------------------------------- one shaping -- */

/* `at` gives for each field of the kind its place in the form, or -1. */
struct pen_shape {
	const struct pen_form *form;
	const struct layout *layout;
	int at[PEN_SHAPE_FIELDS_MOST];
	struct pen_paid *paid;		/* the levy rows let in; NULL for other forms */
};

/* Everything that goes into one row, and what comes of it. */
struct work {
	struct pen_shape *shape;
	const struct pen_cell *cells;
	struct pen_reference *reference;
	struct pen_surroundings *around;
	struct pen_shaped *out;
	struct pen_findings *findings;
	struct pen_person_facts facts;	/* what the row rules see of the person */
	char name[1024];		/* no form lets a name be longer */
};

/* One function makes the row, one asks for its numbers once it has no finding. */
struct layout {
	void (*shape)(struct work *work);
	void (*claim)(struct work *work);	/* NULL: nothing to claim */
};

static const struct pen_cell *cell_of(const struct work *work, int field)
{
	int at = work->shape->at[field];

	return at < 0 ? NULL : &work->cells[at];
}

/* What the cell says; null if it is empty, absent or wrong. */
static struct pen_value value_of(const struct work *work, int field)
{
	const struct pen_cell *cell = cell_of(work, field);

	return cell && !cell->rule ? cell->value : pen_value__null();
}

/* A whole number, also from a choice, whose values are text; null otherwise. */
static struct pen_value number_of(const struct work *work, int field)
{
	struct pen_value value = value_of(work, field);
	int64_t number = 0;
	size_t i;

	if (value.type != PEN_STRING)
		return value;
	for (i = 0; i < value.n; i++) {
		if (i == 9 || value.s[i] < '0' || value.s[i] > '9')
			return pen_value__null();
		number = number * 10 + (value.s[i] - '0');
	}
	return pen_value__integer(number);
}

static int64_t number_or_zero(const struct work *work, int field)
{
	return number_of(work, field).i;
}

static bool says(const struct pen_value *value, const char *text)
{
	return value->type == PEN_STRING && value->n == strlen(text) && memcmp(value->s, text, value->n) == 0;
}

static void set(struct work *work, int column, struct pen_value value)
{
	work->out->row.v[column] = value;
}

static void set_number(struct work *work, int column, int64_t number)
{
	set(work, column, pen_value__integer(number));
}

static void add(struct work *work, const char *rule, int field, const char *found, const char *expected)
{
	pen_rule__add(work->findings, rule, pen_shape_fields__name(work->shape->form->kind->id, field), found, expected);
}

/* A value as text; cut if it does not fit, which no identifier is. */
static const char *text_of(const struct pen_value *value, char *out, size_t room)
{
	size_t n = value->type != PEN_STRING ? 0 : value->n < room ? value->n : room - 1;

	if (n)
		memcpy(out, value->s, n);
	out[n] = '\0';
	return out;
}

/* ------------------------------------------------- employers and people -- */

/* County staff act for the employers of their county (R5.1). */
static void check_county(struct work *work, int field, int64_t employer)
{
	const char *county = work->around->county, *area;

	if (!county)
		return;
	area = work->reference->area(work->reference->context, employer);
	if (!area || strcmp(area, county) != 0)
		add(work, "employer.area", field, area ? area : "", county);
}

/* The employer that a row of another form names: 0 if there is none. */
static int64_t find_employer(struct work *work, int field)
{
	struct pen_value value = value_of(work, field);
	int64_t employer;
	char code[32];

	if (value.type != PEN_STRING)
		return 0;
	text_of(&value, code, sizeof(code));
	employer = work->reference->employer(work->reference->context, code, false);
	if (!employer)
		add(work, "employer.known", field, code, _("an employer that the employer form has brought in"));
	else
		check_county(work, field, employer);
	return employer;
}

/* The person and the name that a row gives, for the row rules. */
static void find_person(struct work *work, int id_field, int name_field)
{
	const struct pen_cell *cell = cell_of(work, id_field);
	const struct pen_person_facts *person;
	struct pen_value name = value_of(work, name_field);

	if (value_of(work, id_field).type != PEN_STRING)
		return;
	person = work->reference->person(work->reference->context, cell->id18, false);
	work->out->person = person;
	/* A copy that has the id in any case, for the finding. */
	work->facts = person ? *person : (struct pen_person_facts){ 0 };
	if (!work->facts.id_number)
		work->facts.id_number = cell->id18;
	work->around->person = &work->facts;
	set_number(work, PEN_SUBJECT, person ? person->person : 0);
	if (name.type != PEN_STRING)
		return;
	work->around->name = text_of(&name, work->name, sizeof(work->name));
	if (work->facts.name || !work->facts.registered)
		return;
	/* Equal marks are equal names; where they differ the rules need to see. */
	if (work->facts.name_mark == pen_text__mark(name.s, name.n))
		work->facts.name = work->around->name;
	else
		work->facts.name = work->reference->name(work->reference->context, person->person);
}

static void place_in_folio(struct work *work, int64_t employer, int64_t year)
{
	const struct pen_form *form = work->shape->form;

	work->out->employer = form->folio_by_employer ? employer : 0;
	work->out->period = form->folio_by_year ? (int32_t)year : 0;
	work->around->year = (int32_t)year;
}

/* ------------------------------------------------------------- employers -- */

static void shape_employer(struct work *work)
{
	struct pen_value code = value_of(work, EMPLOYER_CODE);
	char text[32];

	set(work, PEN_EMPLOYER_CREDIT_CODE, code);
	set(work, PEN_EMPLOYER_NAME, value_of(work, EMPLOYER_NAME));
	set(work, PEN_EMPLOYER_AREA, value_of(work, EMPLOYER_AREA));
	set(work, PEN_EMPLOYER_INSURED_ON, value_of(work, EMPLOYER_INSURED_ON));
	set_number(work, PEN_EMPLOYER_NEWLY_COVERED, number_or_zero(work, EMPLOYER_NEWLY_COVERED) != 0);
	set(work, PEN_EMPLOYER_UNIT_NUMBER, value_of(work, EMPLOYER_UNIT_NUMBER));
	/* A code that has a number is in the store, or on an earlier line. */
	if (code.type == PEN_STRING && work->reference->employer(work->reference->context,
	    text_of(&code, text, sizeof(text)), false))
		add(work, "employer.repeated", EMPLOYER_CODE, text, _("an employer that is not there yet"));
}

static void claim_employer(struct work *work)
{
	char code[32];
	int64_t number = work->reference->employer(work->reference->context,
	    text_of(&work->out->row.v[PEN_EMPLOYER_CREDIT_CODE], code, sizeof(code)), true);

	set_number(work, PEN_SUBJECT, number);
	place_in_folio(work, number, 0);
}

/* --------------------------------------------------------- registrations -- */

/* 用工类别 mixes sex, personal status and how somebody pays; the record keeps
 * them apart. */
static void shape_category(struct work *work)
{
	struct pen_value category = value_of(work, REGISTRATION_CATEGORY);
	struct pen_value sex = number_of(work, REGISTRATION_SEX);
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
		    text_of(&category, text, sizeof(text)),
		    male ? _("a category for women, or flexible: the sex is female") :
		    _("a category for men, or flexible: the sex is male"));
}

/* A number whose last digits a spreadsheet has put to zero passes the check now and
 * then. Some people have such a number; that somebody looked is said in the file. */
static void check_zeros(struct work *work)
{
	struct pen_value id = value_of(work, REGISTRATION_ID);
	char text[32];

	if (id.type == PEN_STRING && pen_field_damage__zeros(id.s, id.n) && number_or_zero(work, REGISTRATION_CHECKED) == 0)
		add(work, "id.zeros", REGISTRATION_ID, text_of(&id, text, sizeof(text)),
		    _("a number that was compared with the identity card (证件已核), or other digits at the end"));
}

static void shape_registration(struct work *work)
{
	const struct pen_cell *id = cell_of(work, REGISTRATION_ID);
	struct pen_value since = value_of(work, REGISTRATION_INSURED_ON);
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = NULL;
	int64_t employer = find_employer(work, REGISTRATION_CODE);

	set(work, PEN_REGISTRATION_ID_NUMBER, value_of(work, REGISTRATION_ID));
	check_zeros(work);
	set(work, PEN_REGISTRATION_NAME, value_of(work, REGISTRATION_NAME));
	set(work, PEN_REGISTRATION_SEX, number_of(work, REGISTRATION_SEX));
	set(work, PEN_REGISTRATION_BORN, value_of(work, REGISTRATION_BORN));
	set(work, PEN_REGISTRATION_INSURED_ON, since);
	set(work, PEN_REGISTRATION_WORKED_ON, value_of(work, REGISTRATION_WORKED_ON));
	shape_category(work);
	set(work, PEN_REGISTRATION_BASE, value_of(work, REGISTRATION_BASE));
	set(work, PEN_REGISTRATION_BASIS, value_of(work, REGISTRATION_BASIS));
	set_number(work, PEN_REGISTRATION_DEEMED_MONTHS, number_or_zero(work, REGISTRATION_DEEMED));
	place_in_folio(work, employer, 0);
	work->out->since = (int32_t)since.i;
	if (value_of(work, REGISTRATION_ID).type == PEN_STRING)
		person = reference->person(reference->context, id->id18, false);
	if (person && employer && since.i &&
	    reference->registered(reference->context, person->person, employer, (int32_t)since.i))
		add(work, "registration.repeated", REGISTRATION_ID, id->id18,
		    _("a registration with this employer since this day that is not there yet"));
}

static void claim_person(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = reference->person(reference->context,
	    cell_of(work, REGISTRATION_ID)->id18, true);

	assert(person || reference->failed);
	work->out->person = person;
	if (person)
		set_number(work, PEN_SUBJECT, person->person);
}

/* ------------------------------------------------------------ breakdowns -- */

/* A first month makes the set known, and so do twelve months. Without one the
 * months are assumed to begin in January, or in the month in which the person
 * came in that year. */
static void shape_months(struct work *work, int64_t year)
{
	struct pen_value count = value_of(work, BREAKDOWN_MONTHS), first = value_of(work, BREAKDOWN_FIRST);
	const struct pen_person_facts *person = work->out->person;
	bool told = first.type == PEN_INTEGER;
	bool known = told || (count.type == PEN_INTEGER && count.i == 12);
	int start = 1, n;
	int32_t months;
	char found[64];

	if (person && person->insured_on / 10000 == year && year)
		start = person->insured_on / 100 % 100;
	work->out->first_month = start;
	set_number(work, PEN_CONTRIBUTION_MONTHS_ASSUMED, !known);
	if (count.type != PEN_INTEGER)
		return;
	/* Whatever the form allows: 0 and 13 stand for all that cannot be. */
	n = count.i < 1 ? 0 : count.i > 12 ? 13 : (int)count.i;
	if (known)
		start = !told ? 1 : first.i < 1 || first.i > 12 ? 13 : (int)first.i;
	months = known ? pen_months__span(start, n) : pen_months__lay(start, n, 0);
	if (months) {
		set_number(work, PEN_CONTRIBUTION_MONTHS, months);
		return;
	}
	if (known)
		snprintf(found, sizeof(found), _("%lld months from month %lld"), (long long)count.i, (long long)first.i);
	else
		snprintf(found, sizeof(found), _("%lld months"), (long long)count.i);
	add(work, "month.range", known ? BREAKDOWN_FIRST : BREAKDOWN_MONTHS, found,
	    _("months that end within the year"));
}

static void shape_breakdown(struct work *work)
{
	struct pen_value unit = value_of(work, BREAKDOWN_UNIT);
	struct pen_value personal = value_of(work, BREAKDOWN_PERSONAL);
	int64_t year = number_or_zero(work, BREAKDOWN_YEAR);

	place_in_folio(work, find_employer(work, BREAKDOWN_CODE), year);
	find_person(work, BREAKDOWN_ID, BREAKDOWN_NAME);
	set_number(work, PEN_CONTRIBUTION_SEQUENCE, 0);	/* pen_rule__ordered numbers */
	set_number(work, PEN_CONTRIBUTION_KIND, PEN_NORMAL);
	set(work, PEN_CONTRIBUTION_BASE, value_of(work, BREAKDOWN_BASE));
	shape_months(work, year);
	set(work, PEN_CONTRIBUTION_UNIT, unit);
	set(work, PEN_CONTRIBUTION_PERSONAL, personal);
	set(work, PEN_CONTRIBUTION_ARRIVED, value_of(work, BREAKDOWN_ARRIVED));
	set(work, PEN_CONTRIBUTION_VOUCHER, value_of(work, BREAKDOWN_VOUCHER));
	work->out->amount_fen = unit.i + personal.i;
}

/* ---------------------------------------------------------------- levies -- */

/* Remembers a levy row that has no finding. */
static void claim_levy(struct work *work)
{
	if (!pen_shape_paid__add(work->shape->paid, &work->out->row))
		work->reference->failed = true;
}

/* A refund comes flagged, or negative, or both: it is stored as both. One that
 * is negative and flagged as a payment is neither, and the row rules say so. */
static int64_t shape_refund(struct work *work)
{
	struct pen_value amount = value_of(work, LEVY_AMOUNT), flag = number_of(work, LEVY_REFUND);
	bool refund = flag.type == PEN_INTEGER ? flag.i != 0 : amount.i < 0;

	if (refund && amount.i > 0)
		amount.i = -amount.i;
	set(work, PEN_LEVY_AMOUNT, amount);
	set_number(work, PEN_LEVY_REFUND, refund);
	return amount.i;
}

static void shape_levy(struct work *work)
{
	struct pen_value voucher = value_of(work, LEVY_VOUCHER), year = value_of(work, LEVY_YEAR);
	struct pen_value insurance = value_of(work, LEVY_INSURANCE);
	int64_t employer = find_employer(work, LEVY_CODE);
	struct pen_row *row = &work->out->row;
	char text[64];

	if (insurance.type == PEN_NULL)	/* no such column: only pension is delivered */
		insurance = pen_value__string(PEN_INSURANCE_PENSION, strlen(PEN_INSURANCE_PENSION));
	place_in_folio(work, employer, year.i);
	set_number(work, PEN_SUBJECT, employer);
	set(work, PEN_LEVY_VOUCHER, voucher);
	set(work, PEN_LEVY_YEAR, year);
	set(work, PEN_LEVY_PAID_ON, value_of(work, LEVY_PAID_ON));
	work->out->amount_fen = shape_refund(work);
	set(work, PEN_LEVY_VOUCHER_KIND, value_of(work, LEVY_KIND));
	set(work, PEN_LEVY_INSURANCE, insurance);
	set_number(work, PEN_LEVY_LATE_FEE, number_or_zero(work, LEVY_LATE_FEE));
	if (!employer || voucher.type != PEN_STRING || year.type == PEN_NULL ||
	    row->v[PEN_LEVY_AMOUNT].type == PEN_NULL)
		return;
	if (pen_shape_paid__has(work->shape->paid, row) ||
	    work->reference->levy_known(work->reference->context, employer, row))
		add(work, "levy.repeated", LEVY_VOUCHER, text_of(&voucher, text, sizeof(text)),
		    _("a payment that is not there yet"));
}

/* -------------------------------------------------------------- openings -- */

/* An account is opened once, and not behind what is settled. */
static void check_account(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = work->out->person;
	struct pen_value year = value_of(work, OPENING_YEAR);
	struct pen_account_facts facts = { 0 };
	char found[64], expected[160];

	if (!person || !reference->account)
		return;
	reference->account(reference->context, person->person, &facts);
	if (facts.opening) {
		snprintf(found, sizeof(found), _("an opening balance in folio %lld"), (long long)facts.opening);
		add(work, "opening.repeated", OPENING_ID, found, _("one for each person"));
	}
	if (facts.settlement && year.type == PEN_INTEGER && facts.settled >= year.i) {
		snprintf(found, sizeof(found), "%lld", (long long)year.i);
		snprintf(expected, sizeof(expected), _("an account that is not settled: folio %lld has its balance at the end of %lld"),
		    (long long)facts.settlement, (long long)facts.settled);
		add(work, "opening.settled", OPENING_YEAR, found, expected);
	}
}

static void shape_opening(struct work *work)
{
	int64_t sum = 0, fen;
	int i;

	find_person(work, OPENING_ID, OPENING_NAME);
	place_in_folio(work, 0, number_or_zero(work, OPENING_YEAR));
	set(work, PEN_OPENING_YEAR, value_of(work, OPENING_YEAR));
	check_account(work);
	/* The four parts stand in the same order in the form and in the table. */
	for (i = 0; i < 4; i++) {
		fen = number_or_zero(work, OPENING_PARTS + i);
		set_number(work, PEN_OPENING_PERSONAL_PRINCIPAL + i, fen);
		sum += fen;
	}
	work->out->amount_fen = sum;
}

/* -------------------------------------------------------------- all forms -- */

static const struct layout layouts[PEN_KINDS] = {
	[PEN_KIND_EMPLOYER] = { shape_employer, claim_employer },
	[PEN_KIND_REGISTRATION] = { shape_registration, claim_person },
	[PEN_KIND_CONTRIBUTION] = { shape_breakdown, NULL },
	[PEN_KIND_LEVY] = { shape_levy, claim_levy },
	[PEN_KIND_OPENING] = { shape_opening, NULL },
};

enum pen_status pen_shape__open(struct pen_shape **shape, const struct pen_form *form,
    struct pen_error *error)
{
	struct pen_shape *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = form;
	status = pen_shape_fields__find(form, made->at, error);
	if (status != PEN_OK)
		goto err0;
	made->layout = &layouts[form->kind->id];
	if (form->kind->id == PEN_KIND_LEVY) {
		made->paid = pen_shape_paid__new();
		if (!made->paid) {
			status = pen_error__memory(error);
			goto err0;
		}
	}
	*shape = made;
	return PEN_OK;
err0:
	pen_shape__close(made);
	return status;
}

void pen_shape__close(struct pen_shape *shape)
{
	if (!shape)
		return;
	pen_shape_paid__free(shape->paid);
	pen_memory__free(shape);
}

/* What the cells say of themselves. */
static void add_cells(struct work *work)
{
	const struct pen_form *form = work->shape->form;
	int i;

	for (i = 0; i < form->count; i++) {
		const struct pen_cell *cell = &work->cells[i];

		if (cell->rule)
			pen_rule__add(work->findings, cell->rule, form->fields[i].name, cell->found,
			    cell->expected);
	}
}

/* The row rules name columns of the store; a file has fields. */
static void name_fields(struct work *work, int from)
{
	int i;

	for (i = from; i < work->findings->count; i++)
		work->findings->at[i].field = pen_shape_fields__of_column(work->shape->form->kind->id,
		    work->findings->at[i].field);
}

/* Into the form's order; those of one field stay as they came. */
static void sort(const struct pen_form *form, struct pen_findings *findings)
{
	struct pen_finding held;
	int i, k, place;

	for (i = 1; i < findings->count; i++) {
		held = findings->at[i];
		place = pen_form__field(form, held.field);
		for (k = i; k > 0 && pen_form__field(form, findings->at[k - 1].field) > place; k--)
			findings->at[k] = findings->at[k - 1];
		findings->at[k] = held;
	}
}

void pen_shape__row(struct pen_shape *shape, const struct pen_cell *cells, int64_t line,
    struct pen_reference *reference, struct pen_surroundings *around,
    struct pen_shaped *out, struct pen_findings *findings)
{
	struct work work;
	int from;

	/* Not the whole struct: the name's room costs more than all the rest. */
	work.shape = shape;
	work.cells = cells;
	work.reference = reference;
	work.around = around;
	work.out = out;
	work.findings = findings;
	*out = (struct pen_shaped){ .row = { .kind = shape->form->kind } };
	set_number(&work, PEN_LINE, line);
	around->person = NULL;
	around->name = NULL;
	around->name_folded = false;

	add_cells(&work);
	shape->layout->shape(&work);
	from = findings->count;
	pen_rule__row(&out->row, around, findings);
	out->name_folded = around->name_folded;
	name_fields(&work, from);
	sort(shape->form, findings);
	if (findings->count == 0 && !reference->failed && shape->layout->claim)
		shape->layout->claim(&work);
	around->person = NULL;
	around->name = NULL;
}
