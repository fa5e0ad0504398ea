#include "store/cover.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/sqlrule.h"


#define RULE PEN_HOLD_LEVY

struct pen_cover {
	struct pen_store *store;
	struct pen_sqlrules *rules;
	const struct pen_sqlrule *rule;
	struct pen_sqlrule_run *run;	/* NULL: not asked for yet */
};

enum pen_status pen_cover__open(struct pen_cover **cover, struct pen_store *store, struct pen_error *error)
{
	struct pen_cover *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	status = pen_sqlrule__load(&made->rules, error);
	if (status)
		goto err0;
	made->rule = pen_sqlrule__named(made->rules, RULE);
	if (!made->rule) {
		/* Nothing is let in unlooked at because a file is missing. */
		status = pen_error__set(error, PEN_INCOMPLETE, "cover.rule",
		    _("the rule %s is missing in share/rules: install it, nothing can be compared with the levy without it"), RULE);
		goto err0;
	}
	*cover = made;
	return PEN_OK;
err0:
	pen_cover__close(made);
	return status;
}

void pen_cover__close(struct pen_cover *cover)
{
	if (!cover)
		return;
	pen_sqlrule__close(cover->run);
	pen_sqlrule__free(cover->rules);
	pen_memory__free(cover);
}

static enum pen_status run_rule(struct pen_cover *cover, const struct pen_sqlrule_given *given,
    pen_sqlrule_visit *visit, void *context, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (!cover->run)
		status = pen_sqlrule__open(&cover->run, cover->store, cover->rule, error);
	return status ? status : pen_sqlrule__again(cover->run, given, visit, context, error);
}

/* ------------------------------------------------------------ one folio -- */

static enum pen_status take_shortfall(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error)
{
	struct pen_shortfall *shortfall = context;

	(void)rule;
	(void)error;
	shortfall->covered = false;
	snprintf(shortfall->found, sizeof(shortfall->found), "%s", finding->found);
	snprintf(shortfall->expected, sizeof(shortfall->expected), "%s", finding->expected);
	return PEN_OK;
}

enum pen_status pen_cover__folio(struct pen_cover *cover, int64_t folio, struct pen_shortfall *shortfall,
    struct pen_error *error)
{
	*shortfall = (struct pen_shortfall){ .covered = true };
	return run_rule(cover, &(struct pen_sqlrule_given){ .folio = folio }, take_shortfall, shortfall, error);
}

enum pen_status pen_cover__hold(struct pen_cover *cover, int64_t folio, const struct pen_shortfall *shortfall,
    int64_t at, struct pen_error *error)
{
	struct pen_hold hold = { .rule = RULE, .at = at };

	snprintf(hold.found, sizeof(hold.found), "%s", shortfall->found);
	snprintf(hold.expected, sizeof(hold.expected), "%s", shortfall->expected);
	return pen_hold__enter(cover->store, folio, &hold, error);
}

/* ---------------------------------------------------------- a whole batch -- */

/* What was found over an employer's year, and whether a folio of the batch met it. */
struct over { int64_t employer; int32_t period; struct pen_shortfall shortfall; };

struct look {
	struct pen_cover *cover;
	int64_t at;
	struct over *over;		/* in the rule's order: employer, period */
	size_t n, room;
};

static enum pen_status note_over(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error)
{
	struct look *look = context;
	struct over *grown;

	if (look->n == look->room) {
		size_t room = look->room ? look->room * 2 : 16;

		grown = pen_memory__realloc(look->over, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		look->over = grown;
		look->room = room;
	}
	look->over[look->n] = (struct over){ .employer = finding->employer, .period = finding->period };
	return take_shortfall(&look->over[look->n++].shortfall, rule, finding, error);
}

static int by_employer_and_period(const void *a, const void *b)
{
	const struct over *x = a, *y = b;

	if (x->employer != y->employer)
		return x->employer < y->employer ? -1 : 1;
	return (x->period > y->period) - (x->period < y->period);
}

static enum pen_status enter_hold(struct look *look, int64_t folio, const struct pen_shortfall *shortfall,
    struct pen_error *error)
{
	enum pen_status status = pen_cover__hold(look->cover, folio, shortfall, look->at, error);

	return status ? status : pen_folio__set_state(look->cover->store, folio, PEN_FOLIO_HELD, look->at, error);
}

/* The levy's hold goes; what else holds the folio holds it still. */
static enum pen_status end_hold(struct look *look, int64_t folio, bool review, struct pen_error *error)
{
	struct pen_store *store = look->cover->store;
	enum pen_status status = pen_hold__end(store, folio, RULE, "covered", NULL, look->at, error);

	if (status || review)
		return status;
	return pen_folio__set_state(store, folio, PEN_FOLIO_STAGED, look->at, error);
}

/* A folio stays, goes to the waiting ones, or comes back from them. */
static enum pen_status sort_out(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct look *look = context;
	const struct over key = { .employer = folio->employer, .period = folio->period };
	struct pen_holds holds = { .count = 0 };
	const struct over *over;
	enum pen_status status = PEN_OK;

	if (folio->state != PEN_FOLIO_STAGED && folio->state != PEN_FOLIO_HELD)
		return PEN_OK;
	over = look->n ? bsearch(&key, look->over, look->n, sizeof(key), by_employer_and_period) : NULL;
	if (folio->state == PEN_FOLIO_HELD)
		status = pen_hold__open(look->cover->store, folio->id, &holds, error);
	if (status || !!over == holds.levy)
		return status;
	return over ? enter_hold(look, folio->id, &over->shortfall, error) :
	    end_hold(look, folio->id, holds.review, error);
}

enum pen_status pen_cover__look(struct pen_cover *cover, int64_t batch, int64_t at, struct pen_error *error)
{
	struct look look = { .cover = cover, .at = at };
	enum pen_status status;

	status = run_rule(cover, &(struct pen_sqlrule_given){ .batch = batch }, note_over, &look, error);
	if (!status && look.n)
		qsort(look.over, look.n, sizeof(*look.over), by_employer_and_period);
	if (!status)
		status = pen_folio__each_of_batch(cover->store, batch, sort_out, &look, error);
	pen_memory__free(look.over);
	return status;
}
