#include "store/casewalk.h"

#include "base/error.h"
#include "store/applications.h"
#include "store/rows.h"

#include <inttypes.h>
#include <string.h>

static enum pen_status report(struct pen_walk *walk, const char *rule, int64_t id, const char *field, const char *found,
    const char *expected, struct pen_error *error)
{
	return pen_walk__report(walk, &(struct pen_walk_place){ rule, field, found, expected, 0, 0 }, error, _("case %" PRId64), id);
}

/* ---------------------------------------------------------------- steps -- */

static enum pen_status report_number(struct pen_walk *walk, int64_t id, const char *field, int64_t found, int64_t expected,
    struct pen_error *error)
{
	char is[32], should[32];

	snprintf(is, sizeof(is), "%" PRId64, found);
	snprintf(should, sizeof(should), "%" PRId64, expected);
	return report(walk, "case.steps", id, field, is, should, error);
}

/* The columns of a case follow from its steps. */
static enum pen_status check_columns(struct pen_walk *walk, const struct pen_case *looked, enum pen_amendment_state state,
    int64_t revisions, struct pen_error *error)
{
	const struct pen_case_step *unsealed = pen_cases__last(looked, PEN_AMENDMENT_UNSEAL);
	const struct pen_case_step *applied = pen_cases__last(looked, PEN_AMENDMENT_APPLY);
	const int64_t ended = pen_amendment__is_over(state) ? looked->step[looked->steps - 1].at : -1;
	enum pen_status status = PEN_OK;

	if (looked->state != state)
		status = report(walk, "case.steps", looked->id, "state", pen_amendment__state_name(looked->state),
		    pen_amendment__state_name(state), error);
	if (status == PEN_OK && looked->revision != revisions)
		status = report_number(walk, looked->id, "revision", looked->revision, revisions, error);
	if (status == PEN_OK && looked->ended_at != ended)
		status = report_number(walk, looked->id, "ended_at", looked->ended_at, ended, error);
	if (status == PEN_OK && (looked->batch != 0) != (applied != NULL))
		status = report(walk, "case.steps", looked->id, "batch", looked->batch ? _("a batch") : _("none"),
		    applied ? _("a batch") : _("none"), error);
	if (status == PEN_OK && (looked->open_until[0] != '\0') != (unsealed != NULL))
		status = report(walk, "case.steps", looked->id, "open_until", looked->open_until, unsealed ? _("a time") : _("none"), error);
	if (status == PEN_OK && applied && looked->open_until[0] && strcmp(applied->time, looked->open_until) > 0)
		status = report(walk, "case.steps", looked->id, "open_until", applied->time, looked->open_until, error);
	return status;
}

/* Each step leads on from where the one before it led to, and none is left out. */
static enum pen_status check_steps(struct pen_walk *walk, const struct pen_case *looked, struct pen_error *error)
{
	enum pen_amendment_state state = PEN_AMENDMENT_NONE;
	struct pen_amendment_turn turn;
	enum pen_status status = PEN_OK;
	int64_t revisions = 0, at = -1;
	size_t i;

	if (looked->steps == 0)
		return report(walk, "case.steps", looked->id, "steps", _("none"), _("its request"), error);
	for (i = 0; i < looked->steps && status == PEN_OK; i++) {
		const struct pen_case_step *step = &looked->step[i];
		const char *move = pen_amendment__move_name(step->move);

		if (step->number != (int64_t)i + 1)
			status = report_number(walk, looked->id, "number", step->number, (int64_t)i + 1, error);
		if (status == PEN_OK && step->at <= at)
			status = report_number(walk, looked->id, "at", step->at, at + 1, error);
		if (status == PEN_OK && !pen_amendment__turn(looked->form, state, step->move, &turn))
			status = report(walk, "case.steps", looked->id, "move", move, pen_amendment__next(looked->form, state), error);
		else
			state = turn.to;
		at = step->at;
		revisions += step->move == PEN_AMENDMENT_REQUEST || step->move == PEN_AMENDMENT_OBJECT || step->move == PEN_AMENDMENT_REVISE;
	}
	return status == PEN_OK ? check_columns(walk, looked, state, revisions, error) : status;
}

/* --------------------------------------------------------------- people -- */

/* The role that a step asks for, held when it was taken. */
static enum pen_status check_role(struct pen_walk *walk, const struct pen_case *looked, const struct pen_case_step *step,
    enum pen_amendment_state from, struct pen_error *error)
{
	struct pen_amendment_turn turn;
	char expected[96];
	bool holds;

	if (!pen_amendment__turn(looked->form, from, step->move, &turn) || !turn.role)
		return PEN_OK;
	if (pen_staff__holds(walk->session->store, step->staff, turn.role, step->at, &holds, error) != PEN_OK || holds)
		return error->status;
	snprintf(expected, sizeof(expected), _("somebody who held the role %s at entry %" PRId64), turn.role, step->at);
	return report(walk, "case.people", looked->id, pen_amendment__move_name(step->move), step->staff, expected, error);
}

static enum pen_status check_people(struct pen_walk *walk, const struct pen_case *looked, struct pen_error *error)
{
	struct pen_amendment_part *parts = pen_memory__calloc(looked->steps + 1, sizeof(*parts));
	enum pen_status status = parts ? PEN_OK : pen_error__memory(error);
	enum pen_amendment_state from = PEN_AMENDMENT_NONE;
	struct pen_error refusal;
	size_t i;

	for (i = 0; i < looked->steps && status == PEN_OK; i++) {
		const struct pen_case_step *step = &looked->step[i];

		status = check_role(walk, looked, step, from, error);
		if (status == PEN_OK && pen_amendment__may(looked->form, step->move, step->post, step->staff, parts, i, looked->id, &refusal) != PEN_OK)
			status = report(walk, "case.people", looked->id, pen_amendment__move_name(step->move), step->staff,
			    _("somebody who acted in the case as nothing else"), error);
		parts[i] = (struct pen_amendment_part){ step->post, step->staff };
		from = step->to;
	}
	if (status == PEN_OK && looked->steps && strcmp(looked->step[0].staff, looked->requested_by) != 0)
		status = report(walk, "case.people", looked->id, "requested_by", looked->requested_by, looked->step[0].staff, error);
	pen_memory__free(parts);
	return status;
}

/* ---------------------------------------------------------- applications -- */

static enum pen_status tell(void *context, const struct pen_application_line *line, struct pen_error *error)
{
	struct pen_text *text = context;

	(void)error;
	if (line->first)
		pen_application__record(text, &line->record);
	pen_application__field(text, &line->field);
	return PEN_OK;
}

/* Where two texts part, as the lines of each. */
static void first_difference(const char *is, const char *should, char found[160], char expected[160])
{
	size_t i = 0, line = 0;

	for (; is[i] && is[i] == should[i]; i++)
		if (is[i] == '\n')
			line = i + 1;
	snprintf(found, 160, "%.*s", (int)strcspn(is + line, "\n"), is + line);
	snprintf(expected, 160, "%.*s", (int)strcspn(should + line, "\n"), should + line);
}

static enum pen_status compare_text(struct pen_walk *walk, const struct pen_application_kept *kept, const struct pen_text *made,
    struct pen_error *error)
{
	char found[160], expected[160], digest[PEN_DIGEST_HEX];

	if (pen_store__digest(walk->session->store, kept->text, strlen(kept->text), digest, error) != PEN_OK)
		return error->status;
	if (strcmp(digest, kept->digest) != 0)
		return report(walk, "case.application", kept->head.amendment, "digest", kept->digest, digest, error);
	if (strcmp(made->s, kept->text) == 0)
		return PEN_OK;
	first_difference(made->s, kept->text, found, expected);
	return report(walk, "case.application", kept->head.amendment, "text", found, expected, error);
}

/* The text that was signed is made again from what the tables hold. */
static enum pen_status check_application(struct pen_walk *walk, const struct pen_case *looked, int64_t revision, struct pen_error *error)
{
	struct pen_store *store = walk->session->store;
	struct pen_application_kept kept;
	struct pen_text text = { 0 };
	bool found;
	enum pen_status status = pen_applications__find(store, looked->id, revision, looked->arena, &kept, &found, error);

	if (status != PEN_OK)
		return status;
	if (!found)
		return report(walk, "case.application", looked->id, "revision", _("none"), _("an application"), error);
	pen_application__head(&text, &kept.head);
	status = pen_applications__each(store, looked->id, revision, tell, &text, error);
	if (status == PEN_OK && text.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = compare_text(walk, &kept, &text, error);
	pen_text__free(&text);
	return status;
}

/* ----------------------------------------------------------------- rows -- */

/* Columns that were asked for or follow; the others of a row that stood are as they
 * were, and what a missing row takes besides is worked out. */
static bool is_as_asked(const struct pen_amended *amended, const struct pen_row *row, const char **column)
{
	const uint32_t named = amended->set | amended->follow;
	int i;

	for (i = PEN_LINE + 1; i < amended->kind->count; i++)
		if ((amended->old.kind || (named & 1u << i)) && !pen_value__equal(&amended->new.v[i], &row->v[i])) {
			*column = amended->kind->columns[i].name;
			return false;
		}
	return true;
}

/* Looks for the row of a subject in a folio: of a line, or (line 0) as it was asked for. */
static enum pen_status look_for(struct pen_walk *walk, const struct pen_amended *amended, int64_t folio, int64_t line, bool *there,
    const char **column, struct pen_error *error)
{
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open_subject(&rows, walk->session->store, amended->kind, folio,
	    amended->new.v[PEN_SUBJECT].i, error);

	if (status != PEN_OK)
		return status;
	while (!*there && (status = pen_rows__next(rows, &row, error)) == PEN_OK && row) {
		const char *differs = NULL;
		const bool same = is_as_asked(amended, row, &differs);

		if (line ? row->v[PEN_LINE].i == line : same) {
			*there = true;
			*column = same ? NULL : differs;
		}
	}
	pen_rows__close(rows);
	return status;
}

static enum pen_status check_version(struct pen_walk *walk, const struct pen_case *looked, const struct pen_amended *amended, int64_t at,
    struct pen_error *error)
{
	const char *column = NULL;
	struct pen_statement *s;
	char expected[96];
	int64_t folio = 0, line = 0, batch = 0, amendment = 0;
	bool row, there = false;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_CASEWALK_REPLACED, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", amended->folio);
	pen_db__bind_int(s, ":subject", amended->new.v[PEN_SUBJECT].i);
	pen_db__bind_int(s, ":line", amended->old.v[PEN_LINE].i);
	pen_db__bind_int(s, ":at", at);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		folio = pen_db__int(s, 0);
		line = pen_db__int(s, 1);
		batch = pen_db__int(s, 2);
		amendment = pen_db__int(s, 3);
	}
	pen_db__reset(s);
	if (status == PEN_OK && folio && batch == looked->batch && amendment == looked->id)
		status = look_for(walk, amended, folio, line, &there, &column, error);
	if (status != PEN_OK || (there && !column))
		return status;
	snprintf(expected, sizeof(expected), _("a new version of line %" PRId64 " of folio %" PRId64 " as it was approved"),
	    amended->old.v[PEN_LINE].i, amended->folio);
	return report(walk, "case.rows", looked->id, column ? column : "rows", there ? _("another value") : _("none"), expected, error);
}

static enum pen_status check_missing(struct pen_walk *walk, const struct pen_case *looked, const struct pen_amended *amended,
    struct pen_error *error)
{
	const char *column = NULL;
	struct pen_statement *s;
	int64_t folios[16];
	size_t count = 0, i;
	bool row, there = false;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_CASEWALK_FOLIOS, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":batch", looked->batch);
	pen_db__bind_text(s, ":form", amended->form);
	pen_db__bind_int(s, ":period", amended->period);
	if (amended->employer)
		pen_db__bind_int(s, ":employer", amended->employer);
	while (count < 16 && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		folios[count++] = pen_db__int(s, 0);
	pen_db__reset(s);
	for (i = 0; i < count && status == PEN_OK && !there; i++)
		status = look_for(walk, amended, folios[i], 0, &there, &column, error);
	if (status != PEN_OK || there)
		return status;
	return report(walk, "case.rows", looked->id, "rows", _("none"), _("the row that was missing, as it was approved"), error);
}

/* What was approved is what stands in the batch of the case. */
static enum pen_status check_rows(struct pen_walk *walk, const struct pen_case *looked, struct pen_error *error)
{
	const struct pen_case_step *applied = pen_cases__last(looked, PEN_AMENDMENT_APPLY);
	struct pen_amendeds amended = { 0 };
	enum pen_status status;
	char record[64];
	size_t i;

	if (!applied || !looked->batch)
		return PEN_OK;
	snprintf(record, sizeof(record), _("case %" PRId64), looked->id);
	status = pen_walk__damage(walk, pen_applications__load(walk->session->store, looked->id, looked->revision, &amended, error),
	    "case.rows", looked->batch, record, error);
	for (i = 0; i < amended.count && status == PEN_OK; i++)
		status = amended.at[i].old.kind ? check_version(walk, looked, &amended.at[i], applied->at, error) :
		    check_missing(walk, looked, &amended.at[i], error);
	pen_amended__free(&amended);
	return status;
}

/* ---------------------------------------------------------------- cases -- */

static enum pen_status check(struct pen_walk *walk, const struct pen_case *looked, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int64_t revision;

	if (pen_walk__wants(walk, "case.steps"))
		status = check_steps(walk, looked, error);
	if (status == PEN_OK && pen_walk__wants(walk, "case.people"))
		status = check_people(walk, looked, error);
	for (revision = 1; status == PEN_OK && revision <= looked->revision && pen_walk__wants(walk, "case.application"); revision++)
		status = check_application(walk, looked, revision, error);
	if (status == PEN_OK && pen_walk__wants(walk, "case.rows"))
		status = check_rows(walk, looked, error);
	return status;
}

/* What went on while the verification runs is left alone. */
static bool is_later(const struct pen_walk *walk, const struct pen_case *looked)
{
	return looked->at >= walk->size || (looked->steps && looked->step[looked->steps - 1].at >= walk->size);
}

static enum pen_status visit(void *context, const struct pen_case *listed, struct pen_error *error)
{
	struct pen_walk *walk = context;
	struct pen_case looked = { 0 };
	char record[64];
	bool is;
	enum pen_status status = pen_cases__find(walk->session->store, listed->id, &looked, &is, error);

	snprintf(record, sizeof(record), _("case %" PRId64), listed->id);
	if (status == PEN_OK && is && !is_later(walk, &looked))
		status = check(walk, &looked, error);
	status = pen_walk__damage(walk, status, "case.steps", 0, record, error);
	pen_cases__free(&looked);
	return status == PEN_OK ? pen_walk__go_on(walk, _("cases of amendment"), listed->id, -1, error) : status;
}

enum pen_status pen_casewalk__run(struct pen_walk *walk, struct pen_error *error)
{
	static const struct pen_cases_choice all = { .state = NULL };

	return pen_walk__damage(walk, pen_cases__each(walk->session->store, &all, visit, walk, error), "case.steps", 0,
	    _("cases of amendment"), error);
}
