#include "store/receipt.h"

#include "adapter/json.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/journal.h"

#include <string.h>

/* -------------------------------------------------------------- loading -- */

static enum pen_status add_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_receipt *receipt = context;

	(void)error;
	receipt->folios++;
	receipt->of_state[folio->state]++;
	switch (folio->state) {
	case PEN_FOLIO_HELD:
		receipt->held += folio->rows;
		receipt->held_fen += folio->amount_fen;
		break;
	case PEN_FOLIO_REJECTED:
		receipt->rejected += folio->rows;
		receipt->rejected_fen += folio->amount_fen;
		break;
	default:
		receipt->accepted += folio->rows;
		receipt->accepted_fen += folio->amount_fen;
	}
	return PEN_OK;
}

/* Nothing disappears: lines and money are all accounted for. A batch that is
 * still being staged has no figures yet. */
static enum pen_status check_balance(const struct pen_receipt *receipt, struct pen_error *error)
{
	const struct pen_batch *batch = &receipt->batch;
	int64_t lines = receipt->accepted + receipt->rejected + receipt->held + batch->lines_other;
	int64_t fen = receipt->accepted_fen + receipt->rejected_fen + receipt->held_fen;

	if (strcmp(batch->state, "staging") == 0)
		return PEN_OK;
	if (lines != batch->lines_read)
		return pen_error__set(error, PEN_INTEGRITY, "receipt.balance",
		    _("batch %lld read %lld lines and accounts for %lld: run pen-verify"),
		    (long long)batch->id, (long long)batch->lines_read, (long long)lines);
	if (fen != batch->read_fen)
		return pen_error__set(error, PEN_INTEGRITY, "receipt.balance",
		    _("batch %lld read %lld fen and accounts for %lld: run pen-verify"),
		    (long long)batch->id, (long long)batch->read_fen, (long long)fen);
	return PEN_OK;
}

/* Counted here, by code: the engine would gather them all to put them in order. */
static void count_repair(struct pen_receipt *receipt, const char *code)
{
	const size_t most = sizeof(receipt->repair) / sizeof(receipt->repair[0]);
	struct pen_receipt_count *at = receipt->repair, *end = at + receipt->repairs;

	while (at < end && strcmp(at->code, code) < 0)
		at++;
	if (at < end && strcmp(at->code, code) == 0) {
		at->count++;
		return;
	}
	if (receipt->repairs == most)
		return;
	memmove(at + 1, at, (size_t)(end - at) * sizeof(*at));
	*at = (struct pen_receipt_count){ .count = 1 };
	snprintf(at->code, sizeof(at->code), "%s", code);
	receipt->repairs++;
}

static enum pen_status load_repairs(struct pen_store *store, struct pen_receipt *receipt, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RECEIPT_REPAIRS, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", receipt->batch.id);
	while (!(status = pen_db__step(s, &row, error)) && row)
		count_repair(receipt, pen_db__text(s, 0));
	pen_db__reset(s);
	return status;
}

static enum pen_status load_open_rejects(struct pen_store *store, struct pen_receipt *receipt, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RECEIPT_OPEN_REJECTS, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", receipt->batch.id);
	status = pen_db__step(s, &row, error);
	if (!status)
		receipt->open_rejects = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

/* They are as old as their batch. */
static enum pen_status load_age(struct pen_store *store, struct pen_receipt *receipt, struct pen_error *error)
{
	char time[21];
	enum pen_status status;

	if (!receipt->open_rejects || receipt->batch.staged_at < 0)
		return PEN_OK;
	status = pen_journal__time(store, receipt->batch.staged_at, time, error);
	if (status)
		return status;
	receipt->open_since = pen_date__local(time);
	receipt->open_days = pen_date__age(time);
	return PEN_OK;
}

static enum pen_status load_assumptions(struct pen_store *store, struct pen_receipt *receipt, struct pen_error *error)
{
	const size_t most = sizeof(receipt->assumption) / sizeof(receipt->assumption[0]);
	struct pen_json *root = NULL;
	const struct pen_json *node;
	enum pen_status status;
	char *json;

	status = pen_batch__assumptions(store, receipt->batch.id, &json, error);
	if (status)
		return status;
	status = pen_json__parse(&root, json, strlen(json), error);
	pen_memory__free(json);
	if (status)
		return status;
	for (node = pen_json__first(root); node && receipt->assumptions < most; node = pen_json__next(node)) {
		struct pen_receipt_count *to = &receipt->assumption[receipt->assumptions++];
		const char *code = pen_json__string(pen_json__member(node, "code"));
		const char *text = pen_json__string(pen_json__member(node, "text"));

		snprintf(to->code, sizeof(to->code), "%s", code ? code : "");
		/* Kept in English, whoever imports; translated where it is shown. */
		snprintf(to->text, sizeof(to->text), "%s", text && *text ? _(text) : "");
		pen_json__integer(pen_json__member(node, "count"), &to->count);
	}
	pen_json__free(root);
	return PEN_OK;
}

enum pen_status pen_receipt__load(struct pen_store *store, int64_t batch, struct pen_receipt **receipt,
    struct pen_error *error)
{
	struct pen_receipt *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;
	bool found;

	if (!made)
		return pen_error__memory(error);
	status = pen_batch__find(store, batch, &made->batch, &found, error);
	if (!status && !found)
		status = pen_error__set(error, PEN_USAGE, "select.none",
		    _("there is no batch %lld: pen-import list shows what there is"), (long long)batch);
	if (!status)
		status = pen_folio__each_of_batch(store, batch, add_folio, made, error);
	if (status)
		goto err0;
	made->rejected += made->batch.lines_rejected;
	made->rejected_fen += made->batch.rejected_fen;
	status = check_balance(made, error);
	if (!status)
		status = load_repairs(store, made, error);
	if (!status)
		status = load_open_rejects(store, made, error);
	if (!status)
		status = load_age(store, made, error);
	if (!status)
		status = load_assumptions(store, made, error);
	if (!status)
		status = pen_given__parse(&made->given, made->batch.given, error);
	if (status)
		goto err0;
	*receipt = made;
	return PEN_OK;
err0:
	pen_receipt__free(made);
	return status;
}

void pen_receipt__free(struct pen_receipt *receipt)
{
	if (receipt)
		pen_given__free(&receipt->given);
	pen_memory__free(receipt);
}

enum pen_status pen_receipt__status(const struct pen_receipt *receipt)
{
	return receipt->rejected || receipt->held ? PEN_FINDINGS : PEN_OK;
}

/* ------------------------------------------------------------- printing -- */

static void add(struct pen_receipt_view *view, struct pen_item item)
{
	view->item[view->count++] = item;
}
#define ADD_TEXT(k, t, v) add(view, (struct pen_item)PEN_I_TEXT(k, t, v))
#define ADD_INT(k, t, v) add(view, (struct pen_item)PEN_I_INT(k, t, v))
#define ADD_FEN(k, t, v) add(view, (struct pen_item)PEN_I_FEN(k, t, v))

static void add_lists(const struct pen_receipt *receipt, struct pen_receipt_view *view)
{
	const struct pen_receipt_count *count;
	size_t i;

	for (i = 0; i < receipt->repairs; i++) {
		count = &receipt->repair[i];
		view->repair_item[i][0] = (struct pen_item)PEN_I_TEXT("code", _("code"), count->code);
		view->repair_item[i][1] = (struct pen_item)PEN_I_INT("count", _("count"), count->count);
		view->repair[i] = PEN_ITEMS(view->repair_item[i]);
	}
	for (i = 0; i < receipt->assumptions; i++) {
		count = &receipt->assumption[i];
		view->assumption_item[i][0] = (struct pen_item)PEN_I_TEXT("code", _("code"), count->code);
		view->assumption_item[i][1] = (struct pen_item)PEN_I_INT("count", _("count"), count->count);
		view->assumption_item[i][2] = (struct pen_item)PEN_I_TEXT("text", _("meaning"), count->text);
		view->assumption[i] = PEN_ITEMS(view->assumption_item[i]);
	}
	for (i = 0; i < receipt->given.count; i++) {
		view->given_item[i][0] = (struct pen_item)PEN_I_TEXT("field", _("field"), receipt->given.at[i].field);
		view->given_item[i][1] = (struct pen_item)PEN_I_TEXT("value", _("value"), receipt->given.at[i].value);
		view->given[i] = PEN_ITEMS(view->given_item[i]);
	}
	add(view, (struct pen_item)PEN_I_LIST("repairs", _("mended"), view->repair, receipt->repairs));
	add(view, (struct pen_item)PEN_I_LIST("assumptions", _("assumed"), view->assumption, receipt->assumptions));
	add(view, (struct pen_item)PEN_I_FLAG("strict", _("strict"), receipt->batch.strict));
	add(view, (struct pen_item)PEN_I_LIST("given", _("declared"), view->given, receipt->given.count));
	ADD_INT("totals_checked", _("totals checked"), receipt->batch.totals);
}

struct pen_items pen_receipt__items(struct pen_store *store, const struct pen_receipt *receipt,
    struct pen_receipt_view *view)
{
	const struct pen_batch *batch = &receipt->batch;

	view->count = 0;
	snprintf(view->digest, sizeof(view->digest), "%s:%s",
	    pen_digest__name(pen_store__suite(store)), batch->file_digest);
	ADD_INT("batch", _("batch"), batch->id);
	ADD_TEXT("form", _("form"), batch->form);
	ADD_TEXT("state", _("state"), batch->state);
	ADD_INT("folios", _("folios"), receipt->folios);
	ADD_TEXT("file.name", _("file"), batch->file_name);
	ADD_INT("file.bytes", _("bytes"), batch->file_bytes);
	ADD_TEXT("file.digest", _("digest"), view->digest);
	ADD_TEXT("file.encoding", _("encoding"), batch->encoding);
	ADD_INT("lines.read", _("lines read"), batch->lines_read);
	ADD_INT("lines.accepted", _("lines accepted"), receipt->accepted);
	ADD_INT("lines.rejected", _("lines rejected"), receipt->rejected);
	ADD_INT("lines.held", _("lines held"), receipt->held);
	ADD_INT("lines.other", _("other lines"), batch->lines_other);
	ADD_FEN("amount_fen.read", _("amount read"), batch->read_fen);
	ADD_FEN("amount_fen.accepted", _("amount accepted"), receipt->accepted_fen);
	ADD_FEN("amount_fen.rejected", _("amount rejected"), receipt->rejected_fen);
	ADD_FEN("amount_fen.held", _("amount held"), receipt->held_fen);
	add_lists(receipt, view);
	ADD_TEXT("rejects", _("rejects"), batch->rejects_file[0] ? batch->rejects_file : NULL);
	ADD_INT("open_rejects", _("rejects still open"), receipt->open_rejects);
	add(view, (struct pen_item)PEN_I_DATE("open_since", _("open since"), receipt->open_since));
	ADD_INT("open_days", _("days open"), receipt->open_days);
	add(view, (struct pen_item){ .key = "amends", .title = _("mends batch"), .type = PEN_ITEM_INT,
	    .i = batch->parent, .null = batch->parent == 0 });
	add(view, (struct pen_item)PEN_I_FLAG("dry_run", _("dry run"), receipt->dry_run));
	return (struct pen_items){ view->item, view->count };
}

void pen_receipt__print(struct pen_store *store, const struct pen_receipt *receipt, struct pen_printer *printer)
{
	struct pen_receipt_view view;

	pen_printer__one(printer, "receipt", _("Receipt"), pen_receipt__items(store, receipt, &view),
	    pen_receipt__status(receipt));
}

void pen_receipt__assume(struct pen_text *json, const char *code, int64_t count, const char *text)
{
	pen_text__puts(json, json->n ? "," : "[");
	pen_text__puts(json, "{\"code\":");
	pen_text__json(json, code, strlen(code));
	pen_text__printf(json, ",\"count\":%lld,\"text\":", (long long)count);
	pen_text__json(json, text, strlen(text));
	pen_text__puts(json, "}");
}
