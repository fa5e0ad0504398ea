#include "store/cases.h"

#include "base/date.h"
#include "base/error.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 200	/* cases at a time, as the statement's LIMIT says */

/* ------------------------------------------------------------- reading -- */

/* The row of a statement that has the columns of the table. */
static enum pen_status take(struct pen_statement *s, struct pen_case *taken, struct pen_error *error)
{
	taken->id = pen_db__int(s, 0);
	taken->revision = pen_db__int(s, 5);
	taken->at = pen_db__int(s, 6);
	taken->batch = pen_db__int(s, 8);
	taken->issue = pen_db__int(s, 9);
	taken->ended_at = pen_db__is_null(s, 10) ? -1 : pen_db__int(s, 10);
	snprintf(taken->agency, sizeof(taken->agency), "%s", pen_db__text(s, 2));
	snprintf(taken->requested_by, sizeof(taken->requested_by), "%s", pen_db__text(s, 3));
	snprintf(taken->open_until, sizeof(taken->open_until), "%s", pen_db__is_null(s, 7) ? "" : pen_db__text(s, 7));
	if (pen_amendment__form_named(pen_db__text(s, 1), &taken->form) && pen_amendment__state_named(pen_db__text(s, 4), &taken->state))
		return PEN_OK;
	return pen_error__set(error, PEN_INTEGRITY, "amend.words",
	    _("case %" PRId64 " has a form or a state that there is not: run pen-verify"), taken->id);
}

static const char *keep(struct pen_arena *arena, const char *text, bool *failed)
{
	const char *copy = text ? pen_memory__copy(arena, text, strlen(text)) : NULL;

	*failed |= text && !copy;
	return copy;
}

/* As what a step was made, and where to, follows from where the case stood. What
 * cannot be is left for verification to tell. */
static void place(struct pen_case *found, struct pen_case_step *step, enum pen_amendment_state *state)
{
	struct pen_amendment_turn turn;

	if (pen_amendment__turn(found->form, *state, step->move, &turn)) {
		step->post = turn.post;
		*state = turn.to;
	}
	step->to = *state;
}

static enum pen_status take_step(struct pen_statement *s, struct pen_case *found, struct pen_case_step *step, struct pen_error *error)
{
	bool failed = false;

	*step = (struct pen_case_step){ .number = pen_db__int(s, 0), .at = pen_db__int(s, 2) };
	if (!pen_amendment__move_named(pen_db__text(s, 1), &step->move))
		return pen_error__set(error, PEN_INTEGRITY, "amend.words",
		    _("case %" PRId64 " has a step that there is not: run pen-verify"), found->id);
	step->reason = keep(found->arena, pen_db__text(s, 3), &failed);
	step->staff = keep(found->arena, pen_db__text(s, 4) ? pen_db__text(s, 4) : "", &failed);
	step->name = keep(found->arena, pen_db__text(s, 5) ? pen_db__text(s, 5) : "", &failed);
	step->time = keep(found->arena, pen_db__text(s, 6) ? pen_db__text(s, 6) : "", &failed);
	return failed ? pen_error__memory(error) : PEN_OK;
}

static enum pen_status read_steps(struct pen_store *store, struct pen_case *found, struct pen_error *error)
{
	enum pen_amendment_state state = PEN_AMENDMENT_NONE;
	struct pen_case_step *more;
	struct pen_statement *s;
	size_t room = 0;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_CASES_STEPS, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":id", found->id);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		if (found->steps == room) {
			room = room ? 2 * room : 8;
			more = pen_memory__realloc(found->step, room, sizeof(*more));
			if (more == NULL) {
				status = pen_error__memory(error);
				break;
			}
			found->step = more;
		}
		status = take_step(s, found, &found->step[found->steps], error);
		if (status != PEN_OK)
			break;
		place(found, &found->step[found->steps++], &state);
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_cases__find(struct pen_store *store, int64_t id, struct pen_case *found, bool *is, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;

	pen_cases__free(found);
	found->arena = pen_memory__arena();
	if (found->arena == NULL)
		return pen_error__memory(error);
	status = pen_store__sql(store, PEN_SQL_CASES_FIND, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":id", id);
	status = pen_db__step(s, is, error);
	if (status == PEN_OK && *is)
		status = take(s, found, error);
	pen_db__reset(s);
	if (status == PEN_OK && *is)
		status = read_steps(store, found, error);
	return status;
}

void pen_cases__free(struct pen_case *found)
{
	pen_memory__drop(found->arena);
	pen_memory__free(found->step);
	*found = (struct pen_case){ 0 };
}

bool pen_cases__is_expired(const struct pen_case *looked)
{
	char now[21];

	return looked->state == PEN_AMENDMENT_UNSEALED && strcmp(pen_date__now(now), looked->open_until) >= 0;
}

const struct pen_case_step *pen_cases__last(const struct pen_case *looked, enum pen_amendment_move move)
{
	size_t i;

	for (i = looked->steps; i > 0; i--)
		if (looked->step[i - 1].move == move)
			return &looked->step[i - 1];
	return NULL;
}

/* ------------------------------------------------------------ entering -- */

enum pen_status pen_cases__next(struct pen_store *store, int64_t *id, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_CASES_NEXT, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	*id = status == PEN_OK && row ? pen_db__int(s, 0) : 0;
	pen_db__reset(s);
	return status;
}

static void bind_or_null(struct pen_statement *s, const char *name, int64_t value, int64_t none)
{
	if (value == none)
		pen_db__bind_null(s, name);
	else
		pen_db__bind_int(s, name, value);
}

enum pen_status pen_cases__enter(struct pen_store *store, const struct pen_case *entered, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_CASES_ENTER, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":id", entered->id);
	pen_db__bind_text(s, ":form", pen_amendment__form_name(entered->form));
	pen_db__bind_text(s, ":agency", entered->agency);
	pen_db__bind_text(s, ":requested_by", entered->requested_by);
	pen_db__bind_text(s, ":state", pen_amendment__state_name(entered->state));
	pen_db__bind_int(s, ":revision", entered->revision);
	pen_db__bind_int(s, ":at", entered->at);
	bind_or_null(s, ":issue", entered->issue, 0);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_cases__change(struct pen_store *store, const struct pen_case *changed, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_CASES_CHANGE, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":id", changed->id);
	pen_db__bind_text(s, ":state", pen_amendment__state_name(changed->state));
	pen_db__bind_int(s, ":revision", changed->revision);
	pen_db__bind_text(s, ":open_until", changed->open_until[0] ? changed->open_until : NULL);
	bind_or_null(s, ":batch", changed->batch, 0);
	bind_or_null(s, ":ended_at", changed->ended_at, -1);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_cases__step(struct pen_store *store, int64_t id, int64_t number, enum pen_amendment_move move,
    int64_t at, const char *reason, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_CASES_ENTER_STEP, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", id);
	pen_db__bind_int(s, ":number", number);
	pen_db__bind_text(s, ":move", pen_amendment__move_name(move));
	pen_db__bind_int(s, ":at", at);
	pen_db__bind_text(s, ":reason", reason);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

/* ------------------------------------------------------------- looking -- */

static enum pen_status read_slice(struct pen_store *store, const struct pen_cases_choice *choice, int64_t after,
    struct pen_case cases[SLICE], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_CASES_EACH, &s, error);

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_text(s, ":state", choice->state);
	pen_db__bind_text(s, ":agency", choice->agency);
	pen_db__bind_text(s, ":form", choice->of_form ? pen_amendment__form_name(choice->form) : NULL);
	while (status == PEN_OK && *count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		cases[*count] = (struct pen_case){ 0 };
		status = take(s, &cases[(*count)++], error);
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_cases__each(struct pen_store *store, const struct pen_cases_choice *choice, pen_cases_visit *visit,
    void *context, struct pen_error *error)
{
	struct pen_case *cases = pen_memory__calloc(SLICE, sizeof(*cases));
	enum pen_status status = cases ? PEN_OK : pen_error__memory(error);
	size_t count = SLICE, i;
	int64_t after = 0;

	while (status == PEN_OK && count == SLICE) {
		status = read_slice(store, choice, after, cases, &count, error);
		for (i = 0; status == PEN_OK && i < count; i++)
			status = visit(context, &cases[i], error);
		if (count > 0)
			after = cases[count - 1].id;
	}
	pen_memory__free(cases);
	return status;
}

enum pen_status pen_cases__claimed(struct pen_store *store, const struct pen_cases_claim *claim, int64_t but, int64_t *id,
    struct pen_error *error)
{
	const enum pen_sql which = claim->folio ? PEN_SQL_CASES_CLAIMED_ROW : PEN_SQL_CASES_CLAIMED_MISSING;
	struct pen_statement *s;
	enum pen_status status;
	char now[21];
	bool row;

	if (pen_store__sql(store, which, &s, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(s, ":subject", claim->subject);
	pen_db__bind_int(s, ":but", but);
	pen_db__bind_text(s, ":now", pen_date__now(now));
	if (claim->folio) {
		pen_db__bind_int(s, ":folio", claim->folio);
		pen_db__bind_int(s, ":line", claim->line);
	} else {
		pen_db__bind_text(s, ":kind", claim->kind);
		bind_or_null(s, ":employer", claim->employer, 0);
		pen_db__bind_int(s, ":period", claim->period);
	}
	status = pen_db__step(s, &row, error);
	*id = status == PEN_OK && row ? pen_db__int(s, 0) : 0;
	pen_db__reset(s);
	return status;
}
