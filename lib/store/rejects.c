#include "store/rejects.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

struct amended { int64_t line, parent_line; };
struct repair { int64_t line; int field; const char *code, *old; };

/* title[] are the file's own, decoded; NULL until they are told. */
struct pen_rejects {
	const struct pen_form *form;
	struct pen_decoder *decoder;
	struct pen_arena *arena;
	struct pen_text message;
	struct pen_header header;
	const char **title;
	size_t titles;
	struct pen_reject *reject;
	size_t count, room;
	struct repair *repair;
	size_t repairs, repair_room;
	struct amended *amended;
	size_t amendeds, amended_room;
	int line_column;		/* in the source, of a rejects file; -1 */
	int64_t amount_fen, matched;
};

/* What a rejects file has behind the source's own columns. */
const char *const pen_rejects__added[PEN_REJECTS_ADDED] = {
	"line", "byte", "column", "rule", "found", "expected", "message"
};

enum pen_status pen_rejects__new(struct pen_rejects **rejects, const struct pen_form *form,
    enum pen_encoding encoding, struct pen_error *error)
{
	struct pen_rejects *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = form;
	made->line_column = -1;
	made->arena = pen_memory__arena();
	status = made->arena ? pen_charset__decoder(&made->decoder, encoding, error) : pen_error__memory(error);
	if (status)
		goto err0;
	*rejects = made;
	return PEN_OK;
err0:
	pen_rejects__free(made);
	return status;
}

void pen_rejects__free(struct pen_rejects *rejects)
{
	if (!rejects)
		return;
	if (rejects->decoder)
		pen_charset__close(rejects->decoder);
	pen_memory__drop(rejects->arena);
	pen_text__free(&rejects->message);
	pen_memory__free(rejects->reject);
	pen_memory__free(rejects->repair);
	pen_memory__free(rejects->amended);
	pen_memory__free(rejects);
}

const struct pen_form *pen_rejects__form(const struct pen_rejects *rejects)
{
	return rejects->form;
}

/* --------------------------------------------------------------- titles -- */

enum pen_status pen_rejects__decode(struct pen_rejects *rejects, const struct pen_csv_field *field,
    const char **out, size_t *n, struct pen_error *error)
{
	enum pen_status status = pen_charset__decode(rejects->decoder, field->s, field->n, out, n, error);

	if (status != PEN_INPUT)
		return status;
	*out = "\xef\xbf\xbd";
	*n = 3;
	return PEN_OK;
}

/* Which of the columns of a rejects file one is that no field has; -1: none. */
static int added_as(const struct pen_rejects *rejects, size_t column)
{
	int i;

	if (rejects->header.field_of[column] >= 0)
		return -1;
	for (i = 0; i < PEN_REJECTS_ADDED; i++)
		if (strcmp(rejects->title[column], pen_rejects__added[i]) == 0)
			return i;
	return -1;
}

enum pen_status pen_rejects__titles(struct pen_rejects *rejects, const struct pen_header *header,
    const struct pen_csv_field *titles, size_t count, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	const char *text;
	size_t i, n;

	if (rejects->title && count == rejects->titles)
		return PEN_OK;
	rejects->header = *header;
	rejects->title = pen_memory__take(rejects->arena, (count + 1) * sizeof(*rejects->title));
	if (!rejects->title)
		return pen_error__memory(error);
	for (i = 0; !status && i < count; i++) {
		status = pen_rejects__decode(rejects, &titles[i], &text, &n, error);
		if (!status) {
			pen_text__trim(&text, &n);
			rejects->title[i] = pen_memory__copy(rejects->arena, text, n);
			if (!rejects->title[i])
				status = pen_error__memory(error);
		}
	}
	if (status)
		return status;
	rejects->titles = count;
	for (i = 0; i < count; i++)
		if (added_as(rejects, i) == 0)
			rejects->line_column = (int)i;
	return PEN_OK;
}

const char *pen_rejects__extra(const struct pen_rejects *rejects, size_t i)
{
	size_t column;

	for (column = 0; column < rejects->titles; column++)
		if (rejects->header.field_of[column] < 0 && rejects->title[column][0] &&
		    added_as(rejects, column) < 0 && i-- == 0)
			return rejects->title[column];
	return NULL;
}

size_t pen_rejects__title_count(const struct pen_rejects *rejects)
{
	return rejects->titles;
}

const char *pen_rejects__title(const struct pen_rejects *rejects, size_t column)
{
	return added_as(rejects, column) < 0 ? rejects->title[column] : NULL;
}

/* The file's title of a field, or the form's where the file lacks the column. */
static const char *title_of(const struct pen_rejects *rejects, int field)
{
	int column = rejects->header.column_of[field];

	if (!rejects->title || column < 0)
		return rejects->form->fields[field].title;
	return rejects->title[column];
}

/* Where a finding names a column of the store, the field that it comes from. */
static const char *finding_title(const struct pen_rejects *rejects, const char *name)
{
	int field = pen_form__field(rejects->form, name);

	if (field < 0 && strcmp(name, "person") == 0)
		field = pen_form__field(rejects->form, "id_number");
	if (field < 0 && strcmp(name, "employer") == 0)
		field = pen_form__field(rejects->form, "credit_code");
	return field < 0 ? name : title_of(rejects, field);
}

/* ------------------------------------------------------------ gathering -- */

/* Room for one more element. */
static bool make_room(void **at, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room + *room / 2 : 64;
	void *grown;

	if (count < *room)
		return true;
	grown = pen_memory__realloc(*at, more, size);
	if (!grown)
		return false;
	*at = grown;
	*room = more;
	return true;
}

static const char *keep(struct pen_rejects *rejects, const char *text)
{
	return pen_memory__copy(rejects->arena, text, strlen(text));
}

/* All the findings of a line, each with its advice. */
static void write_message(struct pen_rejects *rejects, const struct pen_findings *findings)
{
	struct pen_text *message = &rejects->message;
	int i;

	pen_text__clear(message);
	for (i = 0; i < findings->count; i++) {
		const struct pen_finding *f = &findings->at[i];
		const char *title = finding_title(rejects, f->field);

		pen_text__printf(message, "%s%s%s", i ? "; " : "", title, title[0] ? ": " : "");
		pen_text__printf(message, _("found %s, expected %s: %s"), f->found[0] ? f->found : _("nothing"),
		    f->expected, _(f->rule->advice));
	}
}

enum pen_status pen_rejects__add(struct pen_rejects *rejects, int64_t line, int64_t byte, int64_t amount_fen,
    const struct pen_findings *findings, struct pen_error *error)
{
	const struct pen_finding *first = &findings->at[0];
	void *at = rejects->reject;
	struct pen_reject *reject;

	assert(findings->count > 0);
	write_message(rejects, findings);
	if (rejects->message.failed || !make_room(&at, rejects->count, &rejects->room, sizeof(*reject)))
		return pen_error__memory(error);
	rejects->reject = at;
	reject = &rejects->reject[rejects->count];
	*reject = (struct pen_reject){
		.line = line, .byte = byte, .rule = first->rule->id,
		.title = keep(rejects, finding_title(rejects, first->field)),
		.found = keep(rejects, first->found),
		.expected = keep(rejects, first->expected),
		.message = keep(rejects, rejects->message.s)
	};
	if (!reject->title || !reject->found || !reject->expected || !reject->message)
		return pen_error__memory(error);
	rejects->count++;
	rejects->amount_fen += amount_fen;
	return PEN_OK;
}

static enum pen_status add_repair(struct pen_rejects *rejects, int64_t line, int field, const char *code,
    const char *old, struct pen_error *error)
{
	void *at = rejects->repair;

	if (!make_room(&at, rejects->repairs, &rejects->repair_room, sizeof(*rejects->repair)))
		return pen_error__memory(error);
	rejects->repair = at;
	rejects->repair[rejects->repairs++] = (struct repair){ line, field, code, old };
	return PEN_OK;
}

enum pen_status pen_rejects__tries(struct pen_rejects *rejects, const struct pen_intake_line *line, struct pen_error *error)
{
	void *at = rejects->amended;
	const struct pen_csv_field *field;
	int64_t parent_line;

	if (rejects->line_column < 0 || (size_t)rejects->line_column >= line->source_count)
		return PEN_OK;
	field = &line->source[rejects->line_column];
	if (pen_money__decimal(field->s, field->n, 0, &parent_line) != PEN_DECIMAL_OK || parent_line < 1)
		return PEN_OK;
	if (!make_room(&at, rejects->amendeds, &rejects->amended_room, sizeof(*rejects->amended)))
		return pen_error__memory(error);
	rejects->amended = at;
	rejects->amended[rejects->amendeds++] = (struct amended){ line->line, parent_line };
	return PEN_OK;
}

/* A name that is the registered one but for its writing: nothing in the row is
 * changed, and it is told all the same. */
static enum pen_status add_folded(struct pen_rejects *rejects, const struct pen_intake_line *line, struct pen_error *error)
{
	int field = pen_form__field(rejects->form, "name"), column = field < 0 ? -1 : rejects->header.column_of[field];
	const char *text, *old;
	enum pen_status status;
	size_t n;

	if (column < 0)
		return PEN_OK;
	status = pen_rejects__decode(rejects, &line->source[column], &text, &n, error);
	if (status)
		return status;
	old = pen_memory__copy(rejects->arena, text, n);
	return old ? add_repair(rejects, line->line, field, "name.folded", old, error) : pen_error__memory(error);
}

enum pen_status pen_rejects__accept(struct pen_rejects *rejects, const struct pen_intake_line *line,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	const char *text, *old;
	unsigned bit;
	size_t n;
	int i, column;

	for (i = 0; i < rejects->form->count; i++) {
		column = rejects->header.column_of[i];
		if (!line->judged.cells[i].repairs || column < 0)
			continue;
		status = pen_rejects__decode(rejects, &line->source[column], &text, &n, error);
		if (status)
			return status;
		old = pen_memory__copy(rejects->arena, text, n);
		if (!old)
			return pen_error__memory(error);
		for (bit = 1; !status && bit <= line->judged.cells[i].repairs; bit <<= 1)
			if (line->judged.cells[i].repairs & bit)
				status = add_repair(rejects, line->line, i, pen_field_mend__code((enum pen_repair)bit), old, error);
	}
	if (!status && line->judged.shaped.name_folded)
		status = add_folded(rejects, line, error);
	return status;
}

size_t pen_rejects__count(const struct pen_rejects *rejects)
{
	return rejects->count;
}

const struct pen_reject *pen_rejects__at(const struct pen_rejects *rejects, size_t i)
{
	return &rejects->reject[i];
}

int64_t pen_rejects__amount(const struct pen_rejects *rejects)
{
	return rejects->amount_fen;
}

int64_t pen_rejects__matched(const struct pen_rejects *rejects)
{
	return rejects->matched;
}

/* ------------------------------------------------------------- entering -- */

static int by_line(const void *a, const void *b)
{
	const struct pen_reject *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

/* Lines of the intake come in order; those that the order of rows rejected
 * later stand behind them. */
void pen_rejects__sort(struct pen_rejects *rejects)
{
	if (rejects->count)
		qsort(rejects->reject, rejects->count, sizeof(*rejects->reject), by_line);
}

static bool is_rejected(const struct pen_rejects *rejects, int64_t line)
{
	const struct pen_reject key = { .line = line };

	return rejects->count &&
	    bsearch(&key, rejects->reject, rejects->count, sizeof(key), by_line);
}

static enum pen_status enter_rejects(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_ENTER, &s, error);
	size_t i;

	for (i = 0; !status && i < rejects->count; i++) {
		const struct pen_reject *reject = &rejects->reject[i];

		pen_db__bind_int(s, ":batch", batch);
		pen_db__bind_int(s, ":line", reject->line);
		pen_db__bind_int(s, ":byte", reject->byte);
		pen_db__bind_text(s, ":column_name", reject->title);
		pen_db__bind_text(s, ":rule", reject->rule);
		pen_db__bind_text(s, ":found", reject->found);
		pen_db__bind_text(s, ":expected", reject->expected);
		pen_db__bind_text(s, ":message", reject->message);
		status = pen_db__run(s, error);
	}
	return status;
}

static enum pen_status enter_repairs(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_REPAIR, &s, error);
	size_t i;

	for (i = 0; !status && i < rejects->repairs; i++) {
		const struct repair *repair = &rejects->repair[i];

		/* What did not come in was not mended either. */
		if (is_rejected(rejects, repair->line))
			continue;
		pen_db__bind_int(s, ":batch", batch);
		pen_db__bind_int(s, ":line", repair->line);
		pen_db__bind_text(s, ":column_name", title_of(rejects, repair->field));
		pen_db__bind_text(s, ":code", repair->code);
		pen_db__bind_text(s, ":old", repair->old);
		status = pen_db__run(s, error);
	}
	return status;
}

static enum pen_status enter_retry(struct pen_store *store, int64_t batch, const struct amended *amended,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_RETRY, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	pen_db__bind_int(s, ":line", amended->line);
	pen_db__bind_int(s, ":parent_line", amended->parent_line);
	return pen_db__run(s, error);
}

/* A reject of a batch came in mended. */
static enum pen_status mark(struct pen_store *store, int64_t by, int64_t batch, int64_t line, int64_t *marked,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_AMEND, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", by);
	pen_db__bind_int(s, ":parent", batch);
	pen_db__bind_int(s, ":line", line);
	status = pen_db__run(s, error);
	*marked = status ? 0 : pen_db__changes(pen_store__db(store));
	return status;
}

/* The line that a reject was a try at, and its batch; batch 0: it was none. */
static enum pen_status go_before(struct pen_store *store, int64_t *batch, int64_t *line, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_BEFORE, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", *batch);
	pen_db__bind_int(s, ":line", *line);
	status = pen_db__step(s, &row, error);
	*batch = !status && row ? pen_db__int(s, 0) : 0;
	*line = !status && row ? pen_db__int(s, 1) : 0;
	pen_db__reset(s);
	return status;
}

/* What comes in counts down the parent, and whatever that was a try at before;
 * what is rejected again is remembered as the try that it was. */
static enum pen_status enter_amended(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    int64_t parent, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int64_t of, line, marked = 0;
	size_t i;

	for (i = 0; !status && i < rejects->amendeds; i++) {
		line = rejects->amended[i].parent_line;
		if (is_rejected(rejects, rejects->amended[i].line)) {
			status = enter_retry(store, batch, &rejects->amended[i], error);
			continue;
		}
		for (of = parent; !status && of; status = status ? status : go_before(store, &of, &line, error)) {
			status = mark(store, batch, of, line, &marked, error);
			rejects->matched += of == parent ? marked : 0;
		}
	}
	return status;
}

enum pen_status pen_rejects__enter(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    int64_t parent, struct pen_error *error)
{
	enum pen_status status;

	pen_rejects__sort(rejects);
	status = enter_rejects(rejects, store, batch, error);
	if (!status)
		status = enter_repairs(rejects, store, batch, error);
	if (!status && parent)
		status = enter_amended(rejects, store, batch, parent, error);
	return status;
}
