#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/identifier.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/printer.h"
#include "store/blob.h"
#include "store/idtable.h"
#include "store/listed.h"
#include "store/payee.h"
#include "store/roll.h"
#include "work/act.h"
#include "work/approving.h"
#include "work/formfile.h"
#include "work/reading.h"

#include <inttypes.h>
#include <string.h>

#define CLAUSE "R4.3.1d"
#define LARGEST ((size_t)256 << 20)

/* ---------------------------------------------------------- to the bank -- */

#define SLICE 512	/* people whose names are looked up under one lock; nobody is told anything meanwhile */

struct payee { int64_t person, folio, line, fen; int32_t month; struct pen_someone who; };
struct paying {
	struct pen_session *session;
	struct pen_printer *printer;
	int64_t as_of, people, amount;
	struct payee *payee;		/* those who are next */
	size_t payees;
};

static enum pen_status look_up(struct paying *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	enum pen_status status = pen_db__begin_read(db, error);
	size_t i;

	for (i = 0; status == PEN_OK && i < work->payees; i++)
		status = pen_payee__name(work->session->store, work->payee[i].person, work->as_of, &work->payee[i].who, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status print_payees(struct paying *work, struct pen_error *error)
{
	enum pen_status status = look_up(work, error);
	size_t i;

	for (i = 0; status == PEN_OK && i < work->payees; i++) {
		const struct payee *p = &work->payee[i];
		const struct pen_item items[] = {
			PEN_I_DATE("month", "发放年月", p->month), PEN_I_INT("folio", "表号", p->folio), PEN_I_INT("line", "行号", p->line),
			PEN_I_TEXT("id_number", "公民身份号码", p->who.id_number), PEN_I_TEXT("name", "姓名", p->who.name),
			PEN_I_FEN("amount_fen", "金额", p->fen),
		};

		pen_printer__row(work->printer, "payment", PEN_ITEMS(items));
		work->people++;
		work->amount += p->fen;
	}
	work->payees = 0;
	if (status == PEN_OK && pen_session__stopped(work->session))
		status = pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing was written"));
	return status;
}

static enum pen_status take_payment(struct paying *work, const struct pen_folio *folio, const struct pen_row *row, struct pen_error *error)
{
	int64_t fen = row->v[PEN_PAYMENT_AMOUNT].i;

	if (fen <= 0)
		return PEN_OK;
	work->payee[work->payees++] = (struct payee){ .person = row->v[PEN_SUBJECT].i, .folio = folio->id, .line = row->v[PEN_LINE].i,
		.fen = fen, .month = (int32_t)row->v[PEN_PAYMENT_MONTH].i };
	return work->payees == SLICE ? print_payees(work, error) : PEN_OK;
}

static enum pen_status print_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct paying *work = context;
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open(&rows, work->session->store, pen_kind__of(PEN_KIND_PAYMENT), folio->id, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row) {
		status = take_payment(work, folio, row, error);
		if (status != PEN_OK)
			break;
	}
	pen_rows__close(rows);
	return status;
}

static enum pen_status print_all(struct paying *work, int64_t batch, struct pen_error *error)
{
	enum pen_status status;

	work->payee = pen_memory__calloc(SLICE, sizeof(*work->payee));
	if (!work->payee)
		return pen_error__memory(error);
	status = pen_folio__each_of_batch(work->session->store, batch, print_folio, work, error);
	if (status == PEN_OK)
		status = print_payees(work, error);
	pen_memory__free(work->payee);
	return status;
}

/* What goes out is entered with its counts (R7.5, R8.1). */
static enum pen_status note(struct paying *work, const struct pen_beneficiary_roll *roll, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	char subject[40];
	enum pen_status status;

	snprintf(subject, sizeof(subject), "month %d", roll->month);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "amount_fen", work->amount);
	pen_entry__body_int(&body, "batch", roll->batch);
	pen_entry__body_int(&body, "people", work->people);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__note(work->session, "benefit.pay", subject, text, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

static enum pen_status find_roll(struct pen_session *session, const char *month, int64_t *as_of, struct pen_beneficiary_roll *roll,
    struct pen_error *error)
{
	int32_t number = pen_date__parse_month(month, strlen(month));
	enum pen_status status;

	if (!number)
		return pen_error__set(error, PEN_USAGE, "roll.month", _("\"%s\" is not a month: say it as YYYY-MM"), month);
	status = pen_journal__newest_change(session->store, as_of, error);
	if (status == PEN_OK)
		status = pen_beneficiary__roll(session->store, number, *as_of, roll, error);
	if (status != PEN_OK)
		return status;
	if (!roll->batch)
		return pen_error__refuse(error, CLAUSE, "pay.none", _("%s has no roll yet: pen-benefit run --month %s makes it"), month, month);
	if (!roll->sealed)
		return pen_error__refuse(error, CLAUSE, "pay.open",
		    _("the roll of %s, batch %" PRId64 ", is not sealed, and nothing is paid before: pen-benefit approve %" PRId64),
		    month, roll->batch, roll->batch);
	return PEN_OK;
}

enum pen_status pen_pay_file(struct pen_session *session, const char *month, struct pen_printer *printer, struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	struct paying work = { .session = session, .printer = printer };
	struct pen_beneficiary_roll roll;
	const struct pen_item columns[] = {
		PEN_I_DATE("month", "发放年月", 0), PEN_I_INT("folio", "表号", 0), PEN_I_INT("line", "行号", 0),
		PEN_I_TEXT("id_number", "公民身份号码", NULL), PEN_I_TEXT("name", "姓名", NULL), PEN_I_FEN("amount_fen", "金额", 0),
	};
	const struct pen_items shape = PEN_ITEMS(columns);
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_session__require(session, roles, NULL, CLAUSE, "benefit.pay", error);
	if (status != PEN_OK)
		return status;
	status = find_roll(session, month, &work.as_of, &roll, error);
	if (status == PEN_REFUSED)
		return pen_session__refused(session, "benefit.pay", "month", error);
	if (status != PEN_OK)
		return status;
	pen_printer__form(printer);
	pen_printer__open_table(printer, "payments", "养老待遇发放盘", &shape);
	status = print_all(&work, roll.batch, error);
	if (status == PEN_OK)
		status = note(&work, &roll, error);
	if (status != PEN_OK)
		return status;
	const struct pen_item summary[] = {
		PEN_I_INT("batch", "批次", roll.batch), PEN_I_INT("rows", "人数", work.people), PEN_I_FEN("amount_fen", "合计", work.amount),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
	return PEN_OK;
}

/* -------------------------------------------------------- from the bank -- */

/* A file of the bank: all of it or nothing. */
struct returning {
	struct pen_session *session;
	struct pen_listed listed;
	struct pen_approving signature;
	struct pen_idtable *seen;	/* payments by folio and line, with the line of the file */
	struct pen_folio of;		/* of the line before: most often of this one too */
	char file[PEN_DIGEST_HEX + 16];	/* the line of the plan that says which it is */
	int64_t as_of, paid, failed, failed_fen;
	int64_t there;			/* the batch that has the file already; 0: none */
};

static enum pen_status refuse_line(struct pen_error *error, const char *code, const char *text)
{
	return pen_error__refuse(error, CLAUSE, code, _("%s; nothing of the file was entered"), text);
}

/* A batch has fewer lines than that. */
static uint64_t key_of(int64_t folio, int64_t line)
{
	return (uint64_t)folio << 28 | (uint64_t)line;
}

static enum pen_status check_once(struct returning *work, int64_t folio, int64_t line, int64_t at, struct pen_error *error)
{
	char text[160];
	int64_t before = pen_idtable__find(work->seen, key_of(folio, line));

	if (before) {
		snprintf(text, sizeof(text), _("line %" PRId64 " is of this payment too"), before);
		return refuse_line(error, "return.twice", text);
	}
	return pen_idtable__add(work->seen, key_of(folio, line), at) ? PEN_OK : pen_error__memory(error);
}

/* Whether the batch was made of this file. */
static enum pen_status compare_file(struct returning *work, int64_t id, struct pen_error *error)
{
	struct pen_batch batch;
	char *plan;
	size_t n;
	bool found;
	enum pen_status status = pen_batch__find(work->session->store, id, &batch, &found, error);

	if (status != PEN_OK || !found)
		return status;
	status = pen_blob__load(work->session->store, batch.file_digest, &plan, &n, error);
	if (status != PEN_OK)
		return status;
	if (strstr(plan, work->file))
		work->there = id;
	pen_memory__free(plan);
	return PEN_OK;
}

/* By its first line: the batches that have the payment, and whether one was made of this file,
 * which stops the reading. */
static enum pen_status find_there(struct returning *work, int64_t person, int64_t folio, int64_t line, struct pen_error *error)
{
	int64_t batch[PEN_PAYEE_BATCHES];
	size_t count, i;
	enum pen_status status = pen_payee__told(work->session->store, person, folio, line, batch, &count, error);

	for (i = 0; status == PEN_OK && i < count && !work->there; i++)
		status = compare_file(work, batch[i], error);
	return status == PEN_OK && work->there ? refuse_line(error, "return.repeated", _("the file is in already")) : status;
}

/* The line's payment: of that person, that amount, sealed, and not sent back before. */
static enum pen_status check_payment(struct returning *work, int64_t person, int64_t folio, int64_t line, int64_t amount,
    int32_t told_on, int64_t at, struct pen_error *error)
{
	struct pen_payee_payment payment;
	char found[24], expected[24], day[11], month[8], text[160];
	bool failed;
	int64_t batch;
	enum pen_status status = pen_payee__payment(work->session->store, person, folio, line, &payment, error);

	if (status != PEN_OK)
		return status;
	if (!payment.batch || !payment.sealed)
		return refuse_line(error, "return.unknown", _("no sealed roll has a payment of this person under that folio and line"));
	if (payment.amount_fen != amount) {
		snprintf(text, sizeof(text), _("the amount is %s, and %s was paid"), pen_money__format(amount, found), pen_money__format(payment.amount_fen, expected));
		return refuse_line(error, "return.amount", text);
	}
	if (told_on / 100 < payment.month) {
		snprintf(text, sizeof(text), _("the bank's day is %s, and the payment is of %s"), pen_date__format(told_on, day),
		    pen_date__format_month(payment.month, month));
		return refuse_line(error, "return.day", text);
	}
	status = pen_payee__returned(work->session->store, person, folio, line, &failed, &batch, error);
	if (status == PEN_OK && failed) {
		snprintf(text, sizeof(text), _("batch %" PRId64 " has it already that this payment failed"), batch);
		return refuse_line(error, "return.repeated", text);
	}
	return status == PEN_OK ? check_once(work, folio, line, at, error) : status;
}

static enum pen_status take_row(struct returning *work, const struct pen_formfile_row *in, struct pen_error *error)
{
	const struct pen_value *folio = pen_formfile__value(in, "folio"), *line = pen_formfile__value(in, "line");
	const struct pen_value *amount = pen_formfile__value(in, "amount"), *result = pen_formfile__value(in, "result");
	const struct pen_value *id = pen_formfile__value(in, "id_number"), *on = pen_formfile__value(in, "told_on");
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_PAYMENT_RETURN) };
	int32_t day = on->type == PEN_INTEGER ? (int32_t)on->i : pen_date__today();
	struct pen_someone who;
	char number[32];
	bool found;
	enum pen_status status;

	snprintf(number, sizeof(number), "%.*s", (int)id->n, id->s);
	status = pen_payee__person(work->session->store, number, work->as_of, &who, error);
	if (status == PEN_USAGE)
		return refuse_line(error, "return.unknown", _("nobody with that citizen id is known"));
	if (status == PEN_OK && !work->listed.rows)
		status = find_there(work, who.person, folio->i, line->i, error);
	if (status == PEN_OK)
		status = check_payment(work, who.person, folio->i, line->i, amount->i, day, in->line, error);
	if (status == PEN_OK && work->of.id != folio->i)
		status = pen_folio__find(work->session->store, folio->i, &work->of, &found, error);
	if (status != PEN_OK)
		return status;
	row.v[PEN_SUBJECT] = pen_value__integer(who.person);
	row.v[PEN_LINE] = pen_value__integer(0);
	row.v[PEN_PAYMENT_RETURN_FOLIO] = *folio;
	row.v[PEN_PAYMENT_RETURN_LINE] = *line;
	row.v[PEN_PAYMENT_RETURN_RESULT] = *result;
	row.v[PEN_PAYMENT_RETURN_AMOUNT] = *amount;
	row.v[PEN_PAYMENT_RETURN_TOLD_ON] = pen_value__integer(day);
	row.v[PEN_PAYMENT_RETURN_REASON] = *pen_formfile__value(in, "reason");
	if (result->n == 6 && memcmp(result->s, "failed", 6) == 0) {
		work->failed++;
		work->failed_fen += amount->i;
	} else {
		work->paid++;
	}
	return pen_listed__add(&work->listed, &row, work->of.employer, error);
}

/* What a line is compared with is read under one lock for some hundreds of them. */
static enum pen_status take_line(void *context, const struct pen_formfile_row *in, struct pen_error *error)
{
	struct returning *work = context;
	struct pen_db *db = pen_store__db(work->session->store);
	enum pen_status status = PEN_OK;

	if (work->listed.rows % SLICE == 0) {
		pen_db__rollback(db);
		status = pen_db__begin_read(db, error);
	}
	return status == PEN_OK ? take_row(work, in, error) : status;
}

static enum pen_status read_lines(struct returning *work, const char *path, struct pen_error *error)
{
	enum pen_status status;

	work->seen = pen_idtable__new(1024);
	if (!work->seen)
		return pen_error__memory(error);
	status = pen_formfile__read(path, "bank-return", take_line, work, error);
	pen_db__rollback(pen_store__db(work->session->store));
	pen_idtable__free(work->seen);
	return status;
}

static enum pen_status read_file(struct returning *work, const char *path, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], *bytes;
	size_t n;
	enum pen_status status = pen_file__load(path, LARGEST, &bytes, &n, error);

	if (status != PEN_OK)
		return status;
	status = pen_store__digest(work->session->store, bytes, n, digest, error);
	pen_memory__free(bytes);
	snprintf(work->file, sizeof(work->file), "file: %s\n", digest);
	return status;
}

static enum pen_status read_return(struct returning *work, const char *path, struct pen_error *error)
{
	const char *slash = strrchr(path, '/');
	enum pen_status status = pen_journal__newest_change(work->session->store, &work->as_of, error);

	if (status == PEN_OK)
		status = read_file(work, path, error);
	if (status == PEN_OK)
		status = pen_listed__open(&work->listed, work->session, "payment-return", error);
	if (status == PEN_OK)
		status = read_lines(work, path, error);
	if (status == PEN_OK && !work->listed.rows)
		status = pen_error__set(error, PEN_INPUT, "return.none", _("there is no line in it: a header, and a line for each payment that the bank speaks of"));
	return status == PEN_OK ? pen_listed__plan(&work->listed, slash ? slash + 1 : path, work->file, error) : status;
}

/* A file that is in already stays as it is; stopped before its first signature, it is signed now. */
static enum pen_status leave_return(struct returning *work, bool dry_run, struct pen_error *error)
{
	*error = (struct pen_error){ .status = PEN_OK };
	return dry_run ? PEN_OK : pen_approving__go_on(work->session, work->there, &work->signature, error);
}

static enum pen_status take_return(struct returning *work, const char *path, bool dry_run, struct pen_error *error)
{
	enum pen_status status = read_return(work, path, error);

	if (work->there)
		return leave_return(work, dry_run, error);
	if (status != PEN_OK || dry_run)
		return status;
	status = pen_computed__write(&work->listed.computed, error);
	return status == PEN_OK ? pen_approving__sign(work->session, work->listed.computed.batch.id, &work->signature, error) : status;
}

static void print_there(const struct returning *work, struct pen_printer *printer)
{
	const struct pen_item record[] = {
		PEN_I_INT("batch", _("batch"), work->there),
		PEN_I_FLAG("changed", _("changed"), work->signature.seal != 0),
	};

	pen_printer__one(printer, "payment-return-there", work->signature.seal
	    ? _("The file is in already; it is signed now, and waits for the next signature")
	    : _("The file is in already; nothing was changed"), PEN_ITEMS(record), PEN_OK);
}

static void print_return(const struct returning *work, bool dry_run, struct pen_printer *printer)
{
	int64_t batch = work->listed.computed.batch.id;
	const struct pen_item record[] = {
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = batch, .null = !batch },
		PEN_I_INT("lines", _("lines"), (int64_t)work->listed.rows),
		PEN_I_INT("paid", _("paid"), work->paid),
		PEN_I_INT("failed", _("failed"), work->failed),
		PEN_I_FEN("failed_fen", _("to be paid again"), work->failed_fen),
		{ .key = "seal", .title = _("seal"), .type = PEN_ITEM_INT, .i = work->signature.seal, .null = !work->signature.seal },
		PEN_I_TEXT("next_role", _("next to sign"), work->signature.seal ? work->signature.next : NULL),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run),
	};

	pen_printer__one(printer, "payment-return", _("What the bank says to payments"), PEN_ITEMS(record), PEN_OK);
}

enum pen_status pen_pay_return(struct pen_session *session, const char *path, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	static const struct pen_act act = { "benefit.return", "operator", CLAUSE, "pen-benefit pay" };
	struct returning work = { .session = session };
	enum pen_status status = pen_act__begin(session, &act, error);

	if (status != PEN_OK)
		return status;
	status = pen_act__end(session, &act, take_return(&work, path, dry_run, error), "file", error);
	if (status == PEN_OK && work.there)
		print_there(&work, printer);
	else if (status == PEN_OK)
		print_return(&work, dry_run, printer);
	pen_listed__free(&work.listed);
	return status;
}

/* ------------------------------------------------------------- history -- */

struct telling { struct pen_printer *printer; int64_t rows; };

static struct pen_item fen_item(const char *key, const char *title, int64_t fen)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_FEN, .i = fen, .null = fen == INT64_MIN };
}

static enum pen_status print_step(void *context, const struct pen_payee_step *step, struct pen_error *error)
{
	struct telling *work = context;
	const struct pen_item row[] = {
		PEN_I_DATE("month", _("month"), step->month), PEN_I_TEXT("what", _("what"), step->what),
		fen_item("amount_fen", _("amount"), step->amount_fen), fen_item("arrears_fen", _("arrears"), step->arrears_fen),
		fen_item("recovered_fen", _("kept back"), step->recovered_fen), fen_item("once_fen", _("due once"), step->once_fen),
		fen_item("overpaid_fen", _("overpaid still"), step->overpaid_fen), PEN_I_TEXT("reason", _("reason"), step->reason),
		PEN_I_FLAG("sealed", _("sealed"), step->sealed), PEN_I_INT("batch", _("batch"), step->batch), PEN_I_INT("folio", _("folio"), step->folio),
	};

	(void)error;
	work->rows++;
	pen_printer__row(work->printer, "step", PEN_ITEMS(row));
	return PEN_OK;
}

enum pen_status pen_pay_history(struct pen_session *session, const char *person, const char *as_of, struct pen_printer *printer,
    struct pen_error *error)
{
	struct telling work = { .printer = printer };
	struct pen_reading reading;
	struct pen_someone who;
	char subject[64];
	enum pen_status status = pen_reading__open(&reading, session, as_of, error);

	if (status == PEN_OK)
		status = pen_payee__person(session->store, person, reading.as_of, &who, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "benefit person %" PRId64, who.person);
	status = pen_reading__begin(&reading, subject, error);
	if (status != PEN_OK)
		return status;
	pen_printer__open_table(printer, "benefit-history", _("What a benefit went through"), NULL);
	status = pen_payee__history(session->store, who.person, reading.as_of, print_step, &work, error);
	if (status != PEN_OK)
		return status;
	const struct pen_item summary[] = { PEN_I_TEXT("person", _("citizen id"), person), PEN_I_INT("rows", _("rows"), work.rows) };
	pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
	return pen_reading__end(&reading, work.rows, error);
}
