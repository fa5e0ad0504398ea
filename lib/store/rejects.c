#include "store/rejects.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/runs.h"
#include "base/spool.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* A name that is the registered one but for its writing, beside the repairs of a
 * cell (enum pen_repair). */
#define NAME_FOLDED (UINT32_C(1) << 31)

/* How the three are set aside. A reject is under its line and has findings behind
 * it, each with its two texts behind it; a repair has the old text behind it. Rules
 * and titles are numbers here. */
struct set_reject { int64_t byte; uint32_t findings; };
struct set_finding { uint16_t rule, title; unsigned char found, expected; };
struct set_repair { int64_t line; uint32_t codes; uint16_t field; };
struct set_try { int64_t line, parent_line; };

_Static_assert(sizeof(((struct pen_finding *)NULL)->found) < 256 &&
    sizeof(((struct pen_finding *)NULL)->expected) < 256, "their lengths are a byte");

/* Rejects come in the order of lines from the intake, and in another from the order
 * of rows behind it; repairs and tries in that of lines alone. */
struct pen_rejects {
	struct pen_rejects_titles *titles;
	struct pen_runs *rejects;
	struct pen_spool *repairs, *tries;
	struct pen_text record;		/* a repair on its way to the spool */
	int64_t amount_fen;
};

enum pen_status pen_rejects__new(struct pen_rejects **rejects, const struct pen_form *form,
    enum pen_encoding encoding, const char *dir, size_t memory, struct pen_error *error)
{
	struct pen_rejects *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	status = pen_rejects_titles__new(&made->titles, form, encoding, error);
	if (!status)
		status = pen_runs__new(&made->rejects, dir, memory, error);
	if (!status)
		status = pen_spool__new(&made->repairs, dir, memory / 4, error);
	if (!status)
		status = pen_spool__new(&made->tries, dir, memory / 4, error);
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
	pen_rejects_titles__free(rejects->titles);
	pen_runs__free(rejects->rejects);
	pen_spool__free(rejects->repairs);
	pen_spool__free(rejects->tries);
	pen_text__free(&rejects->record);
	pen_memory__free(rejects);
}

struct pen_rejects_titles *pen_rejects__titles(struct pen_rejects *rejects)
{
	return rejects->titles;
}

size_t pen_rejects__count(const struct pen_rejects *rejects)
{
	return pen_runs__count(rejects->rejects);
}

int64_t pen_rejects__amount(const struct pen_rejects *rejects)
{
	return rejects->amount_fen;
}

/* -------------------------------------------------------- setting aside -- */

static unsigned char *put(unsigned char *p, const void *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

static enum pen_status put_finding(struct pen_rejects *rejects, const struct pen_finding *finding, unsigned char **p,
    struct pen_error *error)
{
	struct set_finding set = {
		.rule = (uint16_t)(finding->rule - pen_rule__at(0)),
		.found = (unsigned char)strlen(finding->found),
		.expected = (unsigned char)strlen(finding->expected)
	};
	enum pen_status status = pen_rejects_titles__number(rejects->titles, finding->field, &set.title, error);

	assert(pen_rule__at(set.rule) == finding->rule);
	*p = put(*p, &set, sizeof(set));
	*p = put(*p, finding->found, set.found);
	*p = put(*p, finding->expected, set.expected);
	return status;
}

enum pen_status pen_rejects__add(struct pen_rejects *rejects, int64_t line, int64_t byte, int64_t amount_fen,
    const struct pen_findings *findings, struct pen_error *error)
{
	const size_t most = sizeof(struct set_reject) + (size_t)findings->count *
	    (sizeof(struct set_finding) + sizeof(findings->at[0].found) + sizeof(findings->at[0].expected));
	const struct pen_runs_key key = { 0, (uint64_t)line };
	struct set_reject set = { byte, (uint32_t)findings->count };
	unsigned char *start, *p;
	enum pen_status status = pen_runs__room(rejects->rejects, most, &start, error);
	int i;

	assert(findings->count > 0);
	if (status)
		return status;
	p = put(start, &set, sizeof(set));
	for (i = 0; !status && i < findings->count; i++)
		status = put_finding(rejects, &findings->at[i], &p, error);
	if (status)
		return status;
	pen_runs__put(rejects->rejects, &key, (size_t)(p - start));
	rejects->amount_fen += amount_fen;
	return PEN_OK;
}

enum pen_status pen_rejects__tries(struct pen_rejects *rejects, const struct pen_intake_line *line, struct pen_error *error)
{
	int column = pen_rejects_titles__line_column(rejects->titles);
	const struct pen_csv_field *field;
	struct set_try set = { .line = line->line };

	if (column < 0 || (size_t)column >= line->source_count)
		return PEN_OK;
	field = &line->source[column];
	if (pen_money__decimal(field->s, field->n, 0, &set.parent_line) != PEN_DECIMAL_OK || set.parent_line < 1)
		return PEN_OK;
	return pen_spool__add(rejects->tries, &set, sizeof(set), NULL, error);
}

/* What stood in a source column, up to a NUL in it, and what was mended of it. */
static enum pen_status add_repair(struct pen_rejects *rejects, const struct pen_intake_line *line, int field,
    uint32_t codes, struct pen_error *error)
{
	const struct set_repair set = { line->line, codes, (uint16_t)field };
	const struct pen_csv_field *source = &line->source[pen_rejects_titles__column(rejects->titles, field)];
	struct pen_text *record = &rejects->record;
	enum pen_status status;
	const char *text;
	size_t n;

	status = pen_rejects_titles__decode(rejects->titles, source, &text, &n, error);
	if (status)
		return status;
	pen_text__clear(record);
	pen_text__add(record, (const char *)&set, sizeof(set));
	pen_text__add(record, text, strnlen(text, n));
	return record->failed ? pen_error__memory(error) : pen_spool__add(rejects->repairs, record->s, record->n, NULL, error);
}

enum pen_status pen_rejects__accept(struct pen_rejects *rejects, const struct pen_intake_line *line,
    struct pen_error *error)
{
	const struct pen_form *form = pen_rejects_titles__form(rejects->titles);
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; !status && i < form->count; i++)
		if (line->judged.cells[i].repairs && pen_rejects_titles__column(rejects->titles, i) >= 0)
			status = add_repair(rejects, line, i, line->judged.cells[i].repairs, error);
	if (status || !line->judged.shaped.name_folded)
		return status;
	/* Nothing in the row is changed, and it is told all the same. */
	i = pen_form__field(form, "name");
	if (i < 0 || pen_rejects_titles__column(rejects->titles, i) < 0)
		return PEN_OK;
	return add_repair(rejects, line, i, NAME_FOLDED, error);
}

/* -------------------------------------------------------- going through -- */

/* The reject that is given out, and what its texts stand in. */
struct pen_rejects_walk {
	struct pen_rejects *rejects;
	struct pen_runs_walk *runs;
	struct pen_finding finding[PEN_FINDINGS_MOST];
	struct pen_text message;
	struct pen_reject reject;
};

static enum pen_status open_runs(struct pen_rejects *rejects, struct pen_runs_walk **walk, struct pen_error *error)
{
	enum pen_status status = pen_runs__sort(rejects->rejects, error);

	return status ? status : pen_runs__walk(walk, rejects->rejects, error);
}

enum pen_status pen_rejects__walk(struct pen_rejects_walk **walk, struct pen_rejects *rejects, struct pen_error *error)
{
	struct pen_rejects_walk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->rejects = rejects;
	status = open_runs(rejects, &made->runs, error);
	if (status) {
		pen_memory__free(made);
		return status;
	}
	*walk = made;
	return PEN_OK;
}

void pen_rejects__close(struct pen_rejects_walk *walk)
{
	if (!walk)
		return;
	pen_runs__close(walk->runs);
	pen_text__free(&walk->message);
	pen_memory__free(walk);
}

static const unsigned char *take(const unsigned char *p, void *out, size_t n)
{
	memcpy(out, p, n);
	return p + n;
}

static const unsigned char *take_finding(struct pen_rejects_walk *walk, const unsigned char *p, struct pen_finding *finding)
{
	struct set_finding set;

	p = take(p, &set, sizeof(set));
	finding->rule = pen_rule__at(set.rule);
	finding->field = pen_rejects_titles__numbered(walk->rejects->titles, set.title);
	p = take(p, finding->found, set.found);
	finding->found[set.found] = '\0';
	p = take(p, finding->expected, set.expected);
	finding->expected[set.expected] = '\0';
	return p;
}

/* All the findings of a line, each with its advice. */
static void write_message(struct pen_rejects_walk *walk, size_t findings)
{
	struct pen_text *message = &walk->message;
	size_t i;

	pen_text__clear(message);
	for (i = 0; i < findings; i++) {
		const struct pen_finding *f = &walk->finding[i];

		pen_text__printf(message, "%s%s%s", i ? "; " : "", f->field, f->field[0] ? ": " : "");
		pen_text__printf(message, _("found %s, expected %s: %s"), f->found[0] ? f->found : _("nothing"),
		    f->expected, _(f->rule->advice));
	}
}

enum pen_status pen_rejects__next(struct pen_rejects_walk *walk, const struct pen_reject **reject, struct pen_error *error)
{
	const struct pen_finding *first = &walk->finding[0];
	const unsigned char *p;
	struct pen_runs_key key;
	struct set_reject set;
	enum pen_status status;
	size_t i, n;

	*reject = NULL;
	status = pen_runs__next(walk->runs, &key, &p, &n, error);
	if (status || !p)
		return status;
	p = take(p, &set, sizeof(set));
	for (i = 0; i < set.findings; i++)
		p = take_finding(walk, p, &walk->finding[i]);
	write_message(walk, set.findings);
	if (walk->message.failed)
		return pen_error__memory(error);
	walk->reject = (struct pen_reject){
		.line = (int64_t)key.low, .byte = set.byte, .title = first->field, .rule = first->rule->id,
		.found = first->found, .expected = first->expected, .message = walk->message.s
	};
	*reject = &walk->reject;
	return PEN_OK;
}

/* Which lines are rejected, asked in their order: the rejects are gone along with. */
struct along { struct pen_runs_walk *rejects; struct pen_runs_key key; bool any; };

static enum pen_status go_along(struct along *along, int64_t line, bool *rejected, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	const unsigned char *bytes;
	size_t n;

	while (!status && along->any && along->key.low < (uint64_t)line) {
		status = pen_runs__next(along->rejects, &along->key, &bytes, &n, error);
		along->any = !status && bytes;
	}
	*rejected = along->any && along->key.low == (uint64_t)line;
	return status;
}

/* The records of a spool, each with whether its line is rejected. */
typedef enum pen_status visit_record(struct pen_rejects *rejects, const unsigned char *bytes, size_t n, bool rejected,
    void *context, struct pen_error *error);

static enum pen_status each(struct pen_rejects *rejects, struct pen_spool *spool, visit_record *visit, void *context,
    struct pen_error *error)
{
	struct along along = { .any = true };
	struct pen_spool_cursor *cursor = NULL;
	enum pen_status status = open_runs(rejects, &along.rejects, error);
	const void *bytes = NULL;
	bool rejected;
	int64_t line;
	size_t n;

	if (!status)
		status = pen_spool__cursor(&cursor, spool, 0, pen_spool__end(spool), error);
	if (!status)
		status = pen_spool__next(cursor, &bytes, &n, error);
	while (!status && bytes) {
		memcpy(&line, bytes, sizeof(line));
		status = go_along(&along, line, &rejected, error);
		if (!status)
			status = visit(rejects, bytes, n, rejected, context, error);
		if (!status)
			status = pen_spool__next(cursor, &bytes, &n, error);
	}
	pen_spool__close(cursor);
	pen_runs__close(along.rejects);
	return status;
}

_Static_assert(offsetof(struct set_repair, line) == 0 && offsetof(struct set_try, line) == 0, "the line comes first");

struct each { pen_rejects_repaired *repaired; pen_rejects_tried *tried; void *context; };

static enum pen_status visit_repair(struct pen_rejects *rejects, const unsigned char *bytes, size_t n, bool rejected,
    void *context, struct pen_error *error)
{
	const struct each *each = context;
	struct pen_rejects_repair repair;
	enum pen_status status = PEN_OK;
	struct set_repair set;
	uint32_t code;

	if (rejected)
		return PEN_OK;
	repair.old = (const char *)take(bytes, &set, sizeof(set));
	repair.n = n - sizeof(set);
	repair.line = set.line;
	repair.title = pen_rejects_titles__of_field(rejects->titles, set.field);
	for (code = 1; !status && code && code <= set.codes; code <<= 1) {
		repair.code = code == NAME_FOLDED ? "name.folded" : pen_field_mend__code((enum pen_repair)code);
		if (set.codes & code)
			status = each->repaired(each->context, &repair, error);
	}
	return status;
}

enum pen_status pen_rejects__each_repair(struct pen_rejects *rejects, pen_rejects_repaired *visit, void *context,
    struct pen_error *error)
{
	struct each own = { .repaired = visit, .context = context };

	return each(rejects, rejects->repairs, visit_repair, &own, error);
}

static enum pen_status visit_try(struct pen_rejects *rejects, const unsigned char *bytes, size_t n, bool rejected,
    void *context, struct pen_error *error)
{
	const struct each *each = context;
	struct pen_rejects_try tried = { .rejected = rejected };
	struct set_try set;

	(void)rejects;
	assert(n == sizeof(set));
	take(bytes, &set, sizeof(set));
	tried.line = set.line;
	tried.parent_line = set.parent_line;
	return each->tried(each->context, &tried, error);
}

enum pen_status pen_rejects__each_try(struct pen_rejects *rejects, pen_rejects_tried *visit, void *context,
    struct pen_error *error)
{
	struct each own = { .tried = visit, .context = context };

	return each(rejects, rejects->tries, visit_try, &own, error);
}
