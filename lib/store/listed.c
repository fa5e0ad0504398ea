#include "store/listed.h"

#include "base/error.h"
#include "model/rowline.h"

#include <stdlib.h>
#include <string.h>

static enum pen_status put_group(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_listed *listed = context;
	size_t i, end = folio + 1 < listed->groups ? listed->group[folio + 1] : listed->rows;
	struct pen_row row;
	enum pen_status status = PEN_OK;

	for (i = listed->group[folio]; status == PEN_OK && i < end; i++) {
		row = listed->row[i].row;
		status = pen_computed__put(computed, &row, listed->amount < 0 ? 0 : row.v[listed->amount].i, error);
	}
	return status;
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_listed *listed = context;

	figures[0] = (struct pen_computed_figure){ "amount_fen", listed->computed.amount };
	return 1;
}

static const struct pen_computed_way ways[] = {
	{ .form = "benefit-change", .act = "benefit.change", .kind = PEN_KIND_BENEFIT_CHANGE, .step = N_("benefits that change"),
	    .rows = put_group, .figures = list_figures },
	{ .form = "payment-return", .act = "benefit.return", .kind = PEN_KIND_PAYMENT_RETURN, .step = N_("what the bank says"),
	    .rows = put_group, .figures = list_figures },
};

const struct pen_computed_way *pen_listed__way(const char *form)
{
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(ways[i].form, form) == 0)
			return &ways[i];
	return NULL;
}

enum pen_status pen_listed__open(struct pen_listed *listed, struct pen_session *session, const char *form, struct pen_error *error)
{
	const struct pen_computed_way *way = pen_listed__way(form);

	*listed = (struct pen_listed){ .session = session, .kind = way->kind,
		.amount = way->kind == PEN_KIND_PAYMENT_RETURN ? PEN_PAYMENT_RETURN_AMOUNT : -1,
		.computed = { .session = session, .way = way, .context = listed } };
	listed->arena = pen_memory__arena();
	return listed->arena ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_listed__add(struct pen_listed *listed, const struct pen_row *row, int64_t employer, struct pen_error *error)
{
	size_t room = listed->room ? 2 * listed->room : 16;
	struct pen_listed_row *grown;
	struct pen_value *value;
	int i;

	if (listed->rows == listed->room) {
		grown = pen_memory__realloc(listed->row, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		listed->row = grown;
		listed->room = room;
	}
	listed->row[listed->rows] = (struct pen_listed_row){ .row = *row, .employer = employer, .place = listed->rows };
	for (i = 0; i < row->kind->count; i++) {
		value = &listed->row[listed->rows].row.v[i];
		if (value->type != PEN_STRING)
			continue;
		value->s = pen_memory__copy(listed->arena, value->s, value->n);
		if (!value->s)
			return pen_error__memory(error);
	}
	listed->rows++;
	return PEN_OK;
}

static int compare_rows(const void *a, const void *b)
{
	const struct pen_listed_row *x = a, *y = b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	if (x->row.v[PEN_SUBJECT].i != y->row.v[PEN_SUBJECT].i)
		return x->row.v[PEN_SUBJECT].i > y->row.v[PEN_SUBJECT].i ? 1 : -1;
	return (x->place > y->place) - (x->place < y->place);
}

static enum pen_status arrange(struct pen_listed *listed, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	listed->group = pen_memory__calloc(listed->rows + 1, sizeof(*listed->group));
	if (!listed->group)
		return pen_error__memory(error);
	if (listed->rows)
		qsort(listed->row, listed->rows, sizeof(*listed->row), compare_rows);
	for (i = 0; status == PEN_OK && i < listed->rows; i++) {
		if (i && listed->row[i].employer == listed->row[i - 1].employer)
			continue;
		listed->group[listed->groups++] = i;
		status = pen_computed__folio(&listed->computed, listed->row[i].employer, 0, error);
	}
	return status;
}

enum pen_status pen_listed__plan(struct pen_listed *listed, const char *name, const char *head, struct pen_error *error)
{
	struct pen_store *store = listed->session->store;
	struct pen_text *text = &listed->computed.plan;
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX];
	int64_t reference;
	enum pen_status status = pen_journal__newest_change(store, &reference, error);
	size_t i;

	if (status == PEN_OK)
		status = pen_settings__parameters(store, reference, &parameters, digest, error);
	if (status != PEN_OK)
		return status;
	pen_parameter__free(parameters);
	status = arrange(listed, error);
	pen_text__printf(text, "pen-%s/v1\nreference: %lld\nparameters: %s\n%s", listed->computed.way->form, (long long)reference, digest, head);
	for (i = 0; i < listed->rows; i++)
		pen_rowline__write(text, &listed->row[i].row, listed->row[i].employer);
	return status == PEN_OK ? pen_computed__plan(&listed->computed, name, reference, digest, error) : status;
}

enum pen_status pen_listed__read(struct pen_listed *listed, const char *text, struct pen_error *error)
{
	const char *line, *end;
	struct pen_row row;
	int64_t employer;
	enum pen_status status = PEN_OK;

	for (line = text; status == PEN_OK && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		if (*line != '{')
			continue;
		status = pen_rowline__read(&row, &employer, pen_kind__of(listed->kind), line, (size_t)(end - line), listed->arena, error);
		if (status == PEN_OK)
			status = pen_listed__add(listed, &row, employer, error);
	}
	return status == PEN_OK ? arrange(listed, error) : status;
}

void pen_listed__free(struct pen_listed *listed)
{
	pen_computed__free(&listed->computed);
	pen_memory__free(listed->row);
	pen_memory__free(listed->group);
	pen_memory__drop(listed->arena);
}
