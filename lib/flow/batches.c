#include "base/error.h"
#include "base/memory.h"
#include "store/batch.h"
#include "store/folio.h"
#include "store/people.h"
#include "store/receipt.h"
#include "store/rows.h"
#include "store/session.h"
#include "store/settings.h"
#include "store/turned.h"
#include "work/waiting.h"


/* A reading for people: an entry before the first byte, one with counts at the
 * end (R7.5). */
struct reading {
	struct pen_session *session;
	struct pen_printer *printer;
	const char *subject;
	struct pen_cover *cover;	/* opened when a folio is met that waits for its levy */
	int64_t rows, held, rejected;
};

static enum pen_status begin(struct reading *reading, struct pen_error *error)
{
	return pen_session__note(reading->session, "import.read.begin", reading->subject, NULL, error);
}

/* Closes the table, whatever came of it. */
static enum pen_status finish(struct reading *reading, enum pen_status status, struct pen_error *error)
{
	const struct pen_item summary[] = { PEN_I_INT("rows", _("rows"), reading->rows) };
	struct pen_body body;
	const char *text;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "rows", reading->rows);
	text = pen_entry__body_close(&body);
	if (!status && !text)
		status = pen_error__memory(error);
	if (!status)
		status = pen_session__note(reading->session, "import.read", reading->subject, text, error);
	pen_entry__body_free(&body);
	if (!status && (reading->held || reading->rejected))
		status = PEN_FINDINGS;
	pen_printer__close_table(reading->printer, PEN_ITEMS(summary), status);
	return status;
}

/* ----------------------------------------------------------------- list -- */

static enum pen_status list_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_receipt *receipt;
	enum pen_status status;
	int64_t ready;

	status = pen_receipt__load(reading->session->store, batch->id, &receipt, error);
	if (status)
		return status;
	ready = receipt->of_state[PEN_FOLIO_STAGED] + receipt->of_state[PEN_FOLIO_CONFIRMED];
	const struct pen_item row[] = {
		PEN_I_INT("batch", _("batch"), batch->id),
		PEN_I_TEXT("form", _("form"), batch->form),
		PEN_I_TEXT("state", _("state"), batch->state),
		PEN_I_TEXT("file", _("file"), batch->file_name),
		PEN_I_TEXT("planned_by", _("by"), batch->planned_by),
		PEN_I_INT("folios", _("folios"), receipt->folios),
		PEN_I_INT("ready", _("ready"), ready),
		PEN_I_INT("held", _("held"), receipt->of_state[PEN_FOLIO_HELD]),
		PEN_I_INT("sealed", _("sealed"), receipt->of_state[PEN_FOLIO_SEALED]),
		PEN_I_INT("rows", _("rows"), receipt->accepted),
		PEN_I_FEN("amount_fen", _("amount"), receipt->accepted_fen),
		PEN_I_INT("open_rejects", _("open rejects"), receipt->open_rejects),
		PEN_I_DATE("open_since", _("open since"), receipt->open_since),
		PEN_I_INT("open_days", _("days open"), receipt->open_days),
	};
	pen_printer__row(reading->printer, "batch", PEN_ITEMS(row));
	reading->rows++;
	pen_receipt__free(receipt);
	return PEN_OK;
}

enum pen_status pen_batches_list(struct pen_session *session, struct pen_printer *printer, struct pen_error *error)
{
	struct reading reading = { .session = session, .printer = printer, .subject = "batches" };
	enum pen_status status = begin(&reading, error);

	if (status)
		return status;
	pen_printer__open_table(printer, "batches", _("Batches"), NULL);
	status = pen_batch__each(session->store, list_batch, &reading, error);
	return finish(&reading, status, error);
}

/* --------------------------------------------------------------- folios -- */

static enum pen_status show_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_waiting waiting;
	enum pen_status status = pen_waiting__look(reading->session->store, &reading->cover, folio, &waiting, error);
	const bool held = waiting.holds.count > 0, someone = waiting.someone.person != 0;

	if (status)
		return status;
	const struct pen_item row[] = {
		PEN_I_INT("folio", _("folio"), folio->id),
		PEN_I_INT("batch", _("batch"), folio->batch),
		PEN_I_TEXT("employer", _("employer"), folio->credit_code[0] ? folio->credit_code : NULL),
		{ .key = "period", .title = _("period"), .type = PEN_ITEM_INT, .i = folio->period, .null = !folio->period },
		PEN_I_INT("number", _("number"), folio->number),
		PEN_I_TEXT("state", _("state"), pen_folio__state_name(folio->state)),
		PEN_I_INT("rows", _("rows"), folio->rows),
		PEN_I_FEN("unit_fen", _("unit"), folio->unit_fen),
		PEN_I_FEN("personal_fen", _("personal"), folio->personal_fen),
		PEN_I_FEN("amount_fen", _("amount"), folio->amount_fen),
		PEN_I_TEXT("hold", _("held by"), held ? waiting.why : NULL),
		PEN_I_DATE("held_since", _("held since"), waiting.since[0]),
		PEN_I_TEXT("person_id", "公民身份号码", someone ? waiting.someone.id_number : NULL),
		PEN_I_TEXT("person_name", "姓名", someone ? waiting.someone.name : NULL),
	};
	pen_printer__row(reading->printer, "folio", PEN_ITEMS(row));
	reading->rows++;
	return PEN_OK;
}

/* ----------------------------------------------------------------- rows -- */

static enum pen_item_type item_type(enum pen_column_type type)
{
	switch (type) {
	case PEN_COLUMN_FEN:
		return PEN_ITEM_FEN;
	case PEN_COLUMN_DATE:
		return PEN_ITEM_DATE;
	case PEN_COLUMN_FLAG:
		return PEN_ITEM_FLAG;
	case PEN_COLUMN_RATE:
		return PEN_ITEM_RATE;
	case PEN_COLUMN_TEXT:
	case PEN_COLUMN_MONTHS:
	case PEN_COLUMN_MONTH:
	case PEN_COLUMN_EMPLOYER:
		return PEN_ITEM_TEXT;
	default:
		return PEN_ITEM_INT;
	}
}

#define CELL 1100	/* the longest text of a field, and more */

/* A stored value as an item; texts go to `room`, since they have no end of their own. */
static struct pen_item item_of(const struct pen_row *row, int column, char room[CELL])
{
	const struct pen_column *c = &row->kind->columns[column];
	const struct pen_value *value = &row->v[column];
	struct pen_item item = { .key = c->name, .title = c->title, .type = item_type(c->type), .i = value->i };

	item.null = value->type == PEN_NULL;
	if (item.type == PEN_ITEM_TEXT && !item.null)
		item.s = pen_kind__show(row->kind, column, value, room, CELL);
	return item;
}

/* A further employer by the code that a person knows it by; `room` holds it. */
static enum pen_status name_employer(struct pen_store *store, const struct pen_row *row, int column, char room[CELL],
    struct pen_error *error)
{
	struct pen_business business = { .employer = 0 };
	enum pen_status status;

	if (row->kind->columns[column].type != PEN_COLUMN_EMPLOYER || row->v[column].type != PEN_INTEGER)
		return PEN_OK;
	status = pen_people__business(store, row->v[column].i, INT64_MAX, &business, error);
	if (status == PEN_OK && business.credit_code[0])
		snprintf(room, CELL, "%s", business.credit_code);
	return status;
}

static bool names_its_subject(const struct pen_kind *kind)
{
	return kind->id == PEN_KIND_REGISTRATION || kind->id == PEN_KIND_EMPLOYER || kind->id == PEN_KIND_RETIREMENT;
}

static enum pen_status show_row(struct reading *reading, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_error *error)
{
	struct pen_item item[PEN_COLUMNS_MOST + 5];
	char cells[PEN_COLUMNS_MOST][CELL];
	struct pen_someone someone = { .person = 0 };
	struct pen_business business = { .employer = 0 };
	struct pen_store *store = reading->session->store;
	int64_t subject = row->v[PEN_SUBJECT].i;
	bool named = names_its_subject(row->kind);
	enum pen_status status = PEN_OK;
	size_t n = 0;
	int i;

	/* As its reader knows whom it is about: as registered now. */
	if (!named)
		status = row->kind->of_people ? pen_people__name(store, subject, INT64_MAX, &someone, error) :
		    pen_people__business(store, subject, INT64_MAX, &business, error);
	if (status)
		return status;
	item[n++] = (struct pen_item)PEN_I_INT("folio", _("folio"), folio->id);
	item[n++] = (struct pen_item)PEN_I_INT("line", "行号", row->v[PEN_LINE].i);
	if (folio->employer || business.employer)
		item[n++] = (struct pen_item)PEN_I_TEXT("employer", "单位",
		    folio->employer ? folio->credit_code : business.credit_code);
	if (row->kind->of_people && !named) {
		item[n++] = (struct pen_item)PEN_I_TEXT("id_number", "公民身份号码", someone.id_number);
		item[n++] = (struct pen_item)PEN_I_TEXT("name", "姓名", someone.name);
	}
	for (i = PEN_LINE + 1; !status && i < row->kind->count; i++) {
		item[n++] = item_of(row, i, cells[i]);
		status = name_employer(store, row, i, cells[i], error);
	}
	if (status)
		return status;
	pen_printer__row(reading->printer, "row", (struct pen_items){ item, n });
	reading->rows++;
	return PEN_OK;
}

struct folio_rows { struct reading *reading; const struct pen_kind *kind; };

static enum pen_status show_rows(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	const struct folio_rows *of = context;
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status;

	status = pen_rows__open(&rows, of->reading->session->store, of->kind, folio->id, error);
	if (status)
		return status;
	while (!(status = pen_rows__next(rows, &row, error)) && row) {
		status = show_row(of->reading, folio, row, error);
		if (status)
			break;
	}
	pen_rows__close(rows);
	return status;
}

static enum pen_status show_all_rows(struct reading *reading, const struct pen_batch *batch, struct pen_error *error)
{
	struct folio_rows of = { .reading = reading };
	struct pen_form *form;
	enum pen_status status;

	status = pen_settings__kept_form(reading->session->store, batch->form_digest, &form, error);
	if (status)
		return status;
	of.kind = form->kind;
	status = pen_folio__each_of_batch(reading->session->store, batch->id, show_rows, &of, error);
	pen_form__free(form);
	return status;
}

/* -------------------------------------------------------- turned, mended -- */

static enum pen_status show_reject(void *context, const struct pen_turned *turned, struct pen_error *error)
{
	struct reading *reading = context;
	const struct pen_item row[] = {
		PEN_I_INT("line", _("line"), turned->line),
		PEN_I_INT("byte", _("byte"), turned->byte),
		PEN_I_TEXT("column", _("column"), turned->column),
		PEN_I_TEXT("rule", _("rule"), turned->rule),
		PEN_I_TEXT("found", _("found"), turned->found),
		PEN_I_TEXT("expected", _("expected"), turned->expected),
		PEN_I_TEXT("message", _("message"), turned->message),
		{ .key = "mended_by", .title = _("mended by, not confirmed"), .type = PEN_ITEM_INT,
		    .i = turned->mended_by, .null = !turned->mended_by },
	};

	(void)error;
	pen_printer__row(reading->printer, "reject", PEN_ITEMS(row));
	reading->rows++;
	return PEN_OK;
}

static enum pen_status show_repair(void *context, const struct pen_turned *turned, struct pen_error *error)
{
	struct reading *reading = context;
	const struct pen_item row[] = {
		PEN_I_INT("line", _("line"), turned->line),
		PEN_I_TEXT("column", _("column"), turned->column),
		PEN_I_TEXT("code", _("code"), turned->code),
		PEN_I_TEXT("old", _("as received"), turned->old),
	};

	(void)error;
	pen_printer__row(reading->printer, "repair", PEN_ITEMS(row));
	reading->rows++;
	return PEN_OK;
}

/* ----------------------------------------------------------------- show -- */

static enum pen_status show_one(struct reading *reading, const struct pen_batch *batch, enum pen_show what,
    struct pen_error *error)
{
	struct pen_store *store = reading->session->store;

	switch (what) {
	case PEN_SHOW_ROWS:
		return show_all_rows(reading, batch, error);
	case PEN_SHOW_REJECTS:
		return pen_turned__each_open(store, batch->id, show_reject, reading, error);
	case PEN_SHOW_REPAIRS:
		return pen_turned__each_repair(store, batch->id, show_repair, reading, error);
	default:
		return pen_folio__each_of_batch(store, batch->id, show_folio, reading, error);
	}
}


/* One batch is shown under its receipt; of several, the folios. */
static enum pen_status show_batches(struct reading *reading, const int64_t *ids, size_t count, enum pen_show what,
    struct pen_error *error)
{
	struct pen_store *store = reading->session->store;
	struct pen_receipt_view view;
	struct pen_receipt *receipt;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < count; i++) {
		status = pen_receipt__load(store, ids[i], &receipt, error);
		if (status)
			return status;
		if (count == 1)
			pen_printer__head(reading->printer, pen_receipt__items(store, receipt, &view));
		reading->held += receipt->held;
		reading->rejected += receipt->open_rejects;
		status = show_one(reading, &receipt->batch, what, error);
		pen_receipt__free(receipt);
	}
	return status;
}

enum pen_status pen_batches_show(struct pen_session *session, const char *batches, enum pen_show what,
    struct pen_printer *printer, struct pen_error *error)
{
	static const char *const names[] = { [PEN_SHOW_FOLIOS] = "batch", [PEN_SHOW_ROWS] = "rows",
		[PEN_SHOW_REJECTS] = "rejects", [PEN_SHOW_REPAIRS] = "repairs" };
	const char *const titles[] = { [PEN_SHOW_FOLIOS] = _("Batch"), [PEN_SHOW_ROWS] = _("Rows to compare"),
		[PEN_SHOW_REJECTS] = _("Rejected lines that are open"), [PEN_SHOW_REPAIRS] = _("Mended on the way in") };
	struct reading reading = { .session = session, .printer = printer };
	char subject[128];
	enum pen_status status;
	size_t count;
	int64_t *ids;

	status = pen_batch__select(session->store, "batch", batches, &ids, &count, error);
	if (status)
		return status;
	snprintf(subject, sizeof(subject), "batch %s", batches);
	reading.subject = subject;
	if (what != PEN_SHOW_FOLIOS && count > 1)
		status = pen_error__set(error, PEN_USAGE, "show.rows",
		    _("the rows, rejects and repairs of one batch are shown at a time: name one"));
	if (!status)
		status = begin(&reading, error);
	if (status)
		goto out;
	if (what == PEN_SHOW_ROWS)
		pen_printer__form(printer);
	pen_printer__open_table(printer, names[what], titles[what], NULL);
	status = show_batches(&reading, ids, count, what, error);
	status = finish(&reading, status, error);
out:
	pen_cover__close(reading.cover);
	pen_memory__free(ids);
	return status;
}
