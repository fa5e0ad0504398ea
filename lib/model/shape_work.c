#include "model/shape_work.h"
#include "base/error.h"
#include "base/text.h"

struct pen_value pen_shape_work__number(const struct work *work, int field)
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

int64_t pen_shape_work__number_or_zero(const struct work *work, int field)
{
	return pen_shape_work__number(work, field).i;
}

const char *pen_shape_work__text(const struct pen_value *value, char *out, size_t room)
{
	size_t n = value->type != PEN_STRING ? 0 : value->n < room ? value->n : room - 1;

	if (n)
		memcpy(out, value->s, n);
	out[n] = '\0';
	return out;
}

const struct pen_employer_facts *pen_shape_work__facts(const struct work *work, int64_t employer)
{
	const struct pen_reference *reference = work->reference;

	return employer && reference->facts ? reference->facts(reference->known, employer) : NULL;
}

/* County staff act for the employers of their county (R5.1). */
void pen_shape_work__county(struct work *work, int field, int64_t employer)
{
	const char *county = work->around->county, *area;

	if (!county)
		return;
	area = work->reference->area(work->reference->context, employer);
	if (!area || strcmp(area, county) != 0)
		add(work, "employer.area", field, area ? area : "", county);
}

int64_t pen_shape_work__employer(struct work *work, int field)
{
	struct pen_value value = value_of(work, field);
	int64_t employer;
	char code[32];

	if (value.type != PEN_STRING)
		return 0;
	pen_shape_work__text(&value, code, sizeof(code));
	employer = work->reference->employer(work->reference->context, code, false);
	if (!employer)
		add(work, "employer.known", field, code, _("an employer that the employer form has brought in"));
	else
		pen_shape_work__county(work, field, employer);
	work->around->employer = pen_shape_work__facts(work, employer);
	return employer;
}

void pen_shape_work__person(struct work *work, int id_field, int name_field)
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
	work->around->name = pen_shape_work__text(&name, work->name, sizeof(work->name));
	pen_shape_work__known_as(work, &name);
}

void pen_shape_work__known_as(struct work *work, const struct pen_value *name)
{
	if (work->facts.name || !work->facts.registered)
		return;
	/* Equal marks are equal names; where they differ the rules need to see. */
	if (work->facts.name_mark == pen_text__mark(name->s, name->n))
		work->facts.name = work->around->name;
	else
		work->facts.name = work->reference->name(work->reference->context, work->facts.person);
}

void pen_shape_work__place(struct work *work, int64_t employer, int64_t year)
{
	const struct pen_form *form = work->shape->form;

	work->out->employer = form->folio_by_employer ? employer : 0;
	work->out->period = form->folio_by_year ? (int32_t)year : 0;
	work->around->year = (int32_t)year;
}

void pen_shape_work__remember(struct work *work, int64_t a, int64_t b, int64_t value)
{
	if (!pen_shape_seen__put(work->shape->seen, a, b, value))
		work->reference->failed = true;
}
