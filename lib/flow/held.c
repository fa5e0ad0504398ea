#include "base/error.h"
#include "model/printer.h"
#include "store/batch.h"
#include "store/session.h"
#include "work/waiting.h"

/* Everything that waits for a decision or for a levy: a row for each hold. */
struct listing { struct pen_session *session; struct pen_printer *printer; struct pen_cover *cover; int64_t holds, folios, rows, fen; };

static void show_hold(struct listing *listing, const struct pen_folio *folio, const struct pen_batch *batch,
    const struct pen_waiting *waiting, size_t i)
{
	const struct pen_hold *hold = &waiting->holds.at[i];
	const bool review = pen_hold__is_review(hold->rule) && waiting->someone.person;
	const struct pen_item row[] = {
		PEN_I_INT("folio", _("folio"), folio->id),
		PEN_I_INT("batch", _("batch"), folio->batch),
		PEN_I_TEXT("form", _("form"), folio->form),
		PEN_I_TEXT("batch_state", _("state of the batch"), batch->state),
		PEN_I_TEXT("employer", _("employer"), folio->credit_code[0] ? folio->credit_code : NULL),
		{ .key = "period", .title = _("period"), .type = PEN_ITEM_INT, .i = folio->period, .null = !folio->period },
		PEN_I_TEXT("person_id", "公民身份号码", review ? waiting->someone.id_number : NULL),
		PEN_I_TEXT("person_name", "姓名", review ? waiting->someone.name : NULL),
		PEN_I_TEXT("rule", _("rule"), hold->rule),
		PEN_I_TEXT("found", _("found"), hold->found),
		PEN_I_TEXT("expected", _("expected"), hold->expected),
		PEN_I_DATE("since", _("since"), waiting->since[i]),
		PEN_I_INT("days", _("days"), waiting->days[i]),
		PEN_I_INT("rows", _("rows"), folio->rows),
		PEN_I_FEN("amount_fen", _("amount"), folio->amount_fen),
	};

	pen_printer__row(listing->printer, "hold", PEN_ITEMS(row));
	listing->holds++;
}

static enum pen_status show_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct listing *listing = context;
	struct pen_store *store = listing->session->store;
	struct pen_waiting waiting;
	struct pen_batch batch;
	enum pen_status status;
	bool found;
	size_t i;

	status = pen_batch__find(store, folio->batch, &batch, &found, error);
	if (!status && !found)
		batch.state[0] = '\0';
	if (!status)
		status = pen_waiting__look(store, &listing->cover, folio, &waiting, error);
	if (status)
		return status;
	for (i = 0; i < waiting.holds.count; i++)
		show_hold(listing, folio, &batch, &waiting, i);
	listing->folios++;
	listing->rows += folio->rows;
	listing->fen += folio->amount_fen;
	return PEN_OK;
}

/* The columns, for where nothing waits. */
static void open_table(struct pen_printer *printer)
{
	const struct pen_item columns[] = {
		PEN_I_INT("folio", _("folio"), 0), PEN_I_INT("batch", _("batch"), 0), PEN_I_TEXT("form", _("form"), NULL),
		PEN_I_TEXT("batch_state", _("state of the batch"), NULL), PEN_I_TEXT("employer", _("employer"), NULL),
		PEN_I_INT("period", _("period"), 0), PEN_I_TEXT("person_id", "公民身份号码", NULL),
		PEN_I_TEXT("person_name", "姓名", NULL), PEN_I_TEXT("rule", _("rule"), NULL),
		PEN_I_TEXT("found", _("found"), NULL), PEN_I_TEXT("expected", _("expected"), NULL),
		PEN_I_DATE("since", _("since"), 0), PEN_I_INT("days", _("days"), 0), PEN_I_INT("rows", _("rows"), 0),
		PEN_I_FEN("amount_fen", _("amount"), 0),
	};
	const struct pen_items shape = PEN_ITEMS(columns);

	pen_printer__open_table(printer, "held", _("Held"), &shape);
}

/* The entry at the end of a reading (R7.5). */
static enum pen_status enter_end(const struct listing *listing, struct pen_error *error)
{
	struct pen_body body;
	enum pen_status status;
	const char *text;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "rows", listing->holds);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__note(listing->session, "import.read", "held", text, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

enum pen_status pen_held_list(struct pen_session *session, struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .session = session, .printer = printer };
	enum pen_status status = pen_session__note(session, "import.read.begin", "held", NULL, error);

	if (status)
		return status;
	open_table(printer);
	status = pen_hold__each(session->store, show_folio, &listing, error);
	pen_cover__close(listing.cover);
	if (!status)
		status = enter_end(&listing, error);
	if (!status && listing.folios)
		status = PEN_FINDINGS;
	const struct pen_item summary[] = {
		PEN_I_INT("holds", _("holds"), listing.holds),
		PEN_I_INT("folios", _("folios"), listing.folios),
		PEN_I_INT("rows", _("rows"), listing.rows),
		PEN_I_FEN("amount_fen", _("amount"), listing.fen),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	return status;
}
