#include "model/shape_change.h"
#include "base/date.h"
#include "base/error.h"

/* --------------------------------------------------------------- movement -- */

/* The employer that a change is told by. A flexible payer's may be left out: it
 * is the agency's own unit, if there is one to be meant. */
static int64_t find_unit(struct work *work)
{
	struct pen_reference *reference = work->reference;
	bool flexible = work->facts.payer && strcmp(work->facts.payer, "flexible") == 0;
	int64_t unit;

	if (is_filled(work, MOVEMENT_CODE))
		return pen_shape_work__employer(work, MOVEMENT_CODE);
	if (!flexible || !reference->pseudo_unit) {
		add(work, "field.required", MOVEMENT_CODE, "", _("a value: it is left out of flexible payers' lines alone"));
		return 0;
	}
	unit = reference->pseudo_unit(reference->known, work->around->county);
	if (unit > 0) {
		work->around->employer = pen_shape_work__facts(work, unit);
		return unit;
	}
	add(work, "movement.unit", MOVEMENT_CODE, "", unit < 0 ?
	    _("a code: the agency has several units for flexible payers") :
	    _("a code: the agency has no unit for flexible payers"));
	return 0;
}

/* Where a move goes. Nothing else goes anywhere. */
static void find_other(struct work *work, int64_t employer, bool moves)
{
	char code[32];
	struct pen_value value = value_of(work, MOVEMENT_TO);

	if (moves && !is_filled(work, MOVEMENT_TO)) {
		add(work, "field.required", MOVEMENT_TO, "", _("the code of the employer that the person moves to"));
	} else if (!moves && value.type == PEN_STRING) {
		add(work, "movement.unit", MOVEMENT_TO, pen_shape_work__text(&value, code, sizeof(code)),
		    _("nothing: only who is moved goes to another employer"));
	} else if (moves) {
		work->other = pen_shape_work__employer(work, MOVEMENT_TO);
		if (work->other && work->other == employer)
			add(work, "movement.unit", MOVEMENT_TO, pen_shape_work__text(&value, code, sizeof(code)),
			    _("another employer than the one that is left"));
	}
}

/* The first day of the person's open period with an employer; 0: there is none. */
static int32_t open_period(const struct work *work, int64_t employer)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = work->out->person;

	return person && employer && reference->period ? reference->period(reference->known, person->person, employer) : 0;
}

static void add_employed(struct work *work, int field, int32_t since)
{
	char found[64], date[11];

	snprintf(found, sizeof(found), _("employed there since %s"), pen_date__format(since, date));
	add(work, "movement.employed", field, found, _("nobody who is employed there already"));
}

/* The period that the row begins or ends. */
static void place_period(struct work *work, int64_t employer, bool joins, bool moves)
{
	int32_t month = (int32_t)value_of(work, MOVEMENT_MONTH).i, since = open_period(work, employer);

	if (joins && since)
		add_employed(work, MOVEMENT_CODE, since);
	else if (!joins && !since && work->out->person && employer)
		add(work, "movement.employed", MOVEMENT_CODE, _("no employment there that goes on"),
		    _("an open employment period with this employer"));
	if (moves && work->other && open_period(work, work->other))
		add_employed(work, MOVEMENT_TO, open_period(work, work->other));
	if (!month)
		return;
	work->out->since = joins ? month * 100 + 1 : since;
	work->out->until = joins ? 0 : pen_date__month_end(moves ? pen_date__month_before(month) : month);
	set_number(work, PEN_CHANGE_SINCE, work->out->since);
}

/* A file names a person once with each employer: what a later line means depends
 * on what became of the earlier one. */
static bool is_first(struct work *work, int64_t employer, int field)
{
	char found[64];
	int64_t line = work->out->person && employer ?
	    pen_shape_seen__get(work->shape->seen, work->out->person->person, employer) : 0;

	if (!line)
		return true;
	snprintf(found, sizeof(found), _("named on line %lld already"), (long long)line);
	add(work, "movement.repeated", field, found, _("each person once with each employer"));
	return false;
}

/* The months with an employer that is left end before another one succeeded it. */
static void check_left(struct work *work, int64_t employer)
{
	const struct pen_employer_facts *left = pen_shape_work__facts(work, employer);
	int32_t month = pen_date__month_before((int32_t)value_of(work, MOVEMENT_MONTH).i);
	char shown[8];

	if (left && left->succeeded_on && month && month * 100 + 1 >= left->succeeded_on)
		add(work, "employer.succeeded", MOVEMENT_CODE, pen_date__format_month(month, shown), left->successor_code);
}

void pen_shape_change__movement(struct work *work)
{
	struct pen_value kind = value_of(work, MOVEMENT_KIND);
	bool joins = says(&kind, "join"), moves = says(&kind, "move");
	int64_t employer;

	work->facts = (struct pen_person_facts){ 0 };
	work->other = 0;
	pen_shape_work__person(work, MOVEMENT_ID, MOVEMENT_NAME);
	employer = find_unit(work);
	pen_shape_work__place(work, employer, 0);
	set(work, PEN_CHANGE_KIND, kind);
	set(work, PEN_CHANGE_MONTH, value_of(work, MOVEMENT_MONTH));
	set(work, PEN_CHANGE_REASON, value_of(work, MOVEMENT_REASON));
	set(work, PEN_CHANGE_BASE, value_of(work, MOVEMENT_BASE));
	if (kind.type == PEN_NULL)
		return;
	find_other(work, employer, moves);
	if (work->other)
		set_number(work, PEN_CHANGE_TO, work->other);
	if (moves)
		check_left(work, employer);
	if (is_first(work, employer, MOVEMENT_CODE) && is_first(work, work->other, MOVEMENT_TO))
		place_period(work, employer, joins, moves);
}

void pen_shape_change__claim_movement(struct work *work)
{
	int64_t person = work->out->row.v[PEN_SUBJECT].i, line = work->out->row.v[PEN_LINE].i;

	pen_shape_work__remember(work, person, work->out->employer, line);
	if (work->other)
		pen_shape_work__remember(work, person, work->other, line);
}

/* -------------------------------------------------------------- successors -- */

/* Who succeeds an employer, in the store or on an earlier line; 0: nobody. */
static int64_t successor_of(const struct work *work, int64_t employer)
{
	const struct pen_employer_facts *facts = pen_shape_work__facts(work, employer);
	int64_t successor = pen_shape_seen__get(work->shape->seen, employer, 0);

	return successor ? successor : facts ? facts->successor : 0;
}

#define STEPS 1000	/* longer chains of mergers are a circle that is not ours */

static void check_chain(struct work *work, int64_t old, int64_t new)
{
	struct pen_value code = value_of(work, SUCCESSOR_OLD), other = value_of(work, SUCCESSOR_NEW);
	char found[32], expected[96];
	int64_t next = new;
	int steps;

	if (old == new) {
		add(work, "successor.same", SUCCESSOR_NEW, pen_shape_work__text(&other, found, sizeof(found)),
		    _("another employer than the one that is succeeded"));
		return;
	}
	if (successor_of(work, old)) {
		add(work, "successor.repeated", SUCCESSOR_OLD, pen_shape_work__text(&code, found, sizeof(found)),
		    _("an employer that no other one has succeeded yet"));
		return;
	}
	for (steps = 0; next && next != old && steps < STEPS; steps++)
		next = successor_of(work, next);
	if (!next)
		return;
	snprintf(expected, sizeof(expected), _("an employer that %s has not succeeded, over however many steps"),
	    pen_shape_work__text(&code, found, sizeof(found)));
	add(work, "successor.circle", SUCCESSOR_NEW, pen_shape_work__text(&other, found, sizeof(found)), expected);
}

void pen_shape_change__successor(struct work *work)
{
	int64_t old = pen_shape_work__employer(work, SUCCESSOR_OLD), new = pen_shape_work__employer(work, SUCCESSOR_NEW);

	work->around->employer = NULL;
	pen_shape_work__place(work, old, 0);
	set_number(work, PEN_SUBJECT, old);
	set(work, PEN_SUCCESSION_NAME, value_of(work, SUCCESSOR_OLD_NAME));
	set_number(work, PEN_SUCCESSION_SUCCESSOR, new);
	set(work, PEN_SUCCESSION_SUCCESSOR_NAME, value_of(work, SUCCESSOR_NEW_NAME));
	set(work, PEN_SUCCESSION_SINCE, value_of(work, SUCCESSOR_SINCE));
	if (old && new)
		check_chain(work, old, new);
}

void pen_shape_change__claim_successor(struct work *work)
{
	pen_shape_work__remember(work, work->out->row.v[PEN_SUBJECT].i, 0, work->out->row.v[PEN_SUCCESSION_SUCCESSOR].i);
}
