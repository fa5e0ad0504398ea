#include "store/payee.h"
#include "base/error.h"

#include <string.h>

#define NOT_TOLD INT64_MIN

enum pen_status pen_payee__name(struct pen_store *store, int64_t person, int64_t as_of, struct pen_someone *someone, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_people__name(store, person, as_of, someone, error);
	bool row;

	if (status != PEN_OK || someone->id_number[0])
		return status;
	status = pen_store__sql(store, PEN_SQL_PAYEE_RETIRED, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		snprintf(someone->id_number, sizeof(someone->id_number), "%s", pen_db__text(s, 0) ? pen_db__text(s, 0) : "");
		snprintf(someone->name, sizeof(someone->name), "%s", pen_db__text(s, 1) ? pen_db__text(s, 1) : "");
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_payee__person(struct pen_store *store, const char *id, int64_t as_of, struct pen_someone *someone, struct pen_error *error)
{
	int64_t person;
	enum pen_status status = pen_people__number(store, id, &person, error);

	*someone = (struct pen_someone){ .person = 0 };
	if (status == PEN_OK && person)
		status = pen_payee__name(store, person, as_of, someone, error);
	if (status == PEN_OK && !someone->id_number[0])
		return pen_error__set(error, PEN_USAGE, "person.unknown",
		    _("nobody with the citizen id %s is registered or retired by a form as of entry %lld: look at the id"), id, (long long)as_of);
	return status;
}

static enum pen_status open_payment(struct pen_store *store, enum pen_sql which, int64_t person, int64_t folio, int64_t line,
    struct pen_statement **s, struct pen_error *error)
{
	enum pen_status status = pen_store__sql(store, which, s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(*s, ":person", person);
	pen_db__bind_int(*s, ":folio", folio);
	pen_db__bind_int(*s, ":line", line);
	return PEN_OK;
}

enum pen_status pen_payee__payment(struct pen_store *store, int64_t person, int64_t folio, int64_t line,
    struct pen_payee_payment *payment, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = open_payment(store, PEN_SQL_PAYEE_PAYMENT, person, folio, line, &s, error);
	bool row;

	*payment = (struct pen_payee_payment){ .batch = 0 };
	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*payment = (struct pen_payee_payment){ pen_db__int(s, 0), pen_db__int(s, 2), (int32_t)pen_db__int(s, 1), !pen_db__is_null(s, 3) };
	pen_db__reset(s);
	return status;
}

enum pen_status pen_payee__returned(struct pen_store *store, int64_t person, int64_t folio, int64_t line,
    bool *failed, int64_t *batch, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = open_payment(store, PEN_SQL_PAYEE_RETURNED, person, folio, line, &s, error);
	bool row;

	*failed = false;
	*batch = 0;
	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		*failed = pen_db__text(s, 0) && strcmp(pen_db__text(s, 0), "failed") == 0;
		*batch = pen_db__int(s, 1);
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_payee__told(struct pen_store *store, int64_t person, int64_t folio, int64_t line,
    int64_t batch[PEN_PAYEE_BATCHES], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = open_payment(store, PEN_SQL_PAYEE_TOLD, person, folio, line, &s, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	while (*count < PEN_PAYEE_BATCHES && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		batch[(*count)++] = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_payee__waiting(struct pen_store *store, int64_t person, int64_t *batch, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PAYEE_WAITING, &s, error);
	bool row;

	*batch = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*batch = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

static int64_t amount(struct pen_statement *s, int column)
{
	return pen_db__is_null(s, column) ? NOT_TOLD : pen_db__int(s, column);
}

enum pen_status pen_payee__history(struct pen_store *store, int64_t person, int64_t as_of, pen_payee_visit *visit,
    void *context, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PAYEE_HISTORY, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		const struct pen_payee_step step = { .month = (int32_t)pen_db__int(s, 1), .batch = pen_db__int(s, 2),
			.folio = pen_db__int(s, 3), .what = pen_db__text(s, 4), .amount_fen = amount(s, 5), .arrears_fen = amount(s, 6),
			.recovered_fen = amount(s, 7), .once_fen = amount(s, 8), .overpaid_fen = amount(s, 9),
			.sealed = !pen_db__is_null(s, 10) && pen_db__int(s, 10) <= as_of, .reason = pen_db__text(s, 11) };

		status = visit(context, &step, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}
