#include "store/ready.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdarg.h>
#include <string.h>

/* ------------------------------------------------------------ readiness -- */

static void leave(struct pen_ready *ready, const char *format, ...) PEN_PRINTF(2, 3);
static void leave(struct pen_ready *ready, const char *format, ...)
{
	va_list arguments;

	ready->is = PEN_READY_LEFT;
	va_start(arguments, format);
	vsnprintf(ready->reason, sizeof(ready->reason), format, arguments);
	va_end(arguments);
}

static enum pen_status look_held(struct pen_store *store, const struct pen_folio *folio,
    struct pen_ready *ready, struct pen_error *error)
{
	const struct pen_hold *hold;
	struct pen_holds holds;
	enum pen_status status = pen_hold__open(store, folio->id, &holds, error);

	if (status != PEN_OK)
		return status;
	hold = &holds.at[0];
	if (holds.count && holds.review)
		leave(ready, _("held for review by %s: found %s, expected %s; a lead decides with pen-import release"),
		    hold->rule, hold->found, hold->expected);
	else if (holds.count)
		leave(ready, _("held by %s: %s against %s"), hold->rule, hold->found, hold->expected);
	else
		leave(ready, _("held"));
	return PEN_OK;
}

/* The employer must have agreed (R4.2.3), and the levy cover it still (R4.2.1). */
static enum pen_status look_confirmed(struct pen_store *store, struct pen_cover *cover, const struct pen_form *form,
    const struct pen_folio *folio, struct pen_ready *ready, struct pen_error *error)
{
	struct pen_agreement agreement = { .answer = "" };
	struct pen_shortfall shortfall = { .covered = true };
	int64_t seal;
	enum pen_status status = pen_sealing__of_folio(store, folio->id, &seal, error);

	if (status != PEN_OK || seal != 0) {
		ready->is = PEN_READY_DONE;
		return status;
	}
	if (form->agreement)
		status = pen_sealing__agreement(store, folio->id, &agreement, error);
	if (status == PEN_OK)
		status = pen_cover__folio(cover, folio->id, &shortfall, error);
	if (status != PEN_OK)
		return status;
	if (form->agreement && !agreement.answer[0])
		leave(ready, _("no answer from the employer yet: enter it with pen-seal acknowledge"));
	else if (form->agreement && strcmp(agreement.answer, "agreed") != 0)
		leave(ready, _("the employer objected: look into it, and bring in the form anew"));
	else if (!shortfall.covered)
		leave(ready, _("%s is over the pension levy of %s: bring in the levy that is missing"),
		    shortfall.found, shortfall.expected);
	return PEN_OK;
}

enum pen_status pen_ready__look(struct pen_store *store, struct pen_cover *cover, const struct pen_form *form,
    const struct pen_folio *folio, struct pen_ready *ready, struct pen_error *error)
{
	ready->is = PEN_READY;
	ready->reason[0] = '\0';
	switch (folio->state) {
	case PEN_FOLIO_STAGING:
	case PEN_FOLIO_STAGED:
		leave(ready, _("not confirmed yet: compare it, then pen-import confirm %lld"), (long long)folio->batch);
		return PEN_OK;
	case PEN_FOLIO_HELD:
		return look_held(store, folio, ready, error);
	case PEN_FOLIO_CONFIRMED:
		return look_confirmed(store, cover, form, folio, ready, error);
	default:
		ready->is = PEN_READY_DONE;
		return PEN_OK;
	}
}

/* ---------------------------------------------------------------- notes -- */

enum pen_status pen_ready__note(struct pen_ready_list *list, const struct pen_ready_note *note, struct pen_error *error)
{
	size_t room = list->room ? 2 * list->room : 64;
	struct pen_ready_note *more;

	if (list->count == list->room) {
		more = pen_memory__realloc(list->at, room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		list->at = more;
		list->room = room;
	}
	list->at[list->count++] = *note;
	if (strcmp(note->outcome, "left") == 0 || strcmp(note->outcome, "void") == 0)
		list->left++;
	else
		list->done++;
	return PEN_OK;
}

static enum pen_status employer_name(struct pen_store *store, int64_t employer, char *out, size_t room, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_READY_EMPLOYER_NAME, &statement, error);
	const char *name;
	bool row;

	out[0] = '\0';
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":employer", employer);
	status = pen_db__step(statement, &row, error);
	name = status == PEN_OK && row ? pen_db__text(statement, 0) : NULL;
	if (name != NULL)
		snprintf(out, room, "%s", name);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_ready__leave(struct pen_store *store, struct pen_ready_list *list,
    const struct pen_folio *folio, const char *reason, struct pen_error *error)
{
	struct pen_ready_note note = { .batch = folio->batch, .folio = folio->id, .folios = 1, .outcome = "left" };
	char name[200] = "";
	enum pen_status status = PEN_OK;

	if (folio->employer)
		status = employer_name(store, folio->employer, name, sizeof(name), error);
	if (status != PEN_OK)
		return status;
	snprintf(note.employer, sizeof(note.employer), "%s", folio->credit_code);
	snprintf(note.reason, sizeof(note.reason), "%s%s%s", name, name[0] ? ": " : "", reason);
	return pen_ready__note(list, &note, error);
}

static struct pen_item number(const char *key, const char *title, int64_t value)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_INT, .i = value, .null = value == 0 };
}

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static void print_note(const struct pen_ready_note *note, struct pen_printer *printer)
{
	const struct pen_item row[] = {
		number("batch", _("batch"), note->batch),
		number("seal", _("seal"), note->seal),
		number("folio", _("folio"), note->folio),
		PEN_I_TEXT("outcome", _("outcome"), note->outcome),
		PEN_I_TEXT("role", _("role"), or_null(note->role)),
		PEN_I_INT("folios", _("folios"), note->folios),
		PEN_I_TEXT("employer", _("employer"), or_null(note->employer)),
		PEN_I_TEXT("reason", _("reason"), or_null(note->reason)),
	};

	pen_printer__row(printer, "outcome", PEN_ITEMS(row));
}

void pen_ready__print(const struct pen_ready_list *list, struct pen_printer *printer,
    const char *name, const char *title, bool dry_run, enum pen_status status)
{
	const struct pen_item columns[] = {
		PEN_I_INT("batch", _("batch"), 0), PEN_I_INT("seal", _("seal"), 0), PEN_I_INT("folio", _("folio"), 0),
		PEN_I_TEXT("outcome", _("outcome"), NULL), PEN_I_TEXT("role", _("role"), NULL),
		PEN_I_INT("folios", _("folios"), 0), PEN_I_TEXT("employer", _("employer"), NULL),
		PEN_I_TEXT("reason", _("reason"), NULL),
	};
	const struct pen_items shape = PEN_ITEMS(columns);
	const struct pen_item summary[] = {
		PEN_I_INT("done", _("done"), list->done),
		PEN_I_INT("left", _("left"), list->left),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run),
	};
	size_t i;

	pen_printer__open_table(printer, name, title, &shape);
	for (i = 0; i < list->count; i++)
		print_note(&list->at[i], printer);
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
}

void pen_ready__free(struct pen_ready_list *list)
{
	pen_memory__free(list->at);
	*list = (struct pen_ready_list){ .at = NULL };
}
