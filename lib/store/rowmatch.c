#include "store/rowmatch.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/roots.h"

#include <inttypes.h>
#include <string.h>

#define FINDINGS_MOST 100	/* of one folio; the rest is counted */

/* A row that only one side has, kept until the folio is through: the same line
 * on both sides is one record whose person or employer was changed. */
struct lone { struct pen_value *v; bool stored, paired; };

/* A folio under comparison; `due` is the row that should come next, NULL behind
 * the last. */
struct matching {
	const struct pen_rowmatch *of;
	struct pen_arena *arena;
	const struct pen_row *due;
	struct lone *lone;
	size_t lone_count, lone_room;
	int64_t said;
	bool withdrawn;			/* discarded meanwhile: its rows are gone by right */
};

static struct pen_store *store_of(const struct matching *m)
{
	return m->of->walk->session->store;
}

/* -------------------------------------------------------------- saying -- */

/* What is not confirmed yet can be discarded while it is looked at. */
static enum pen_status ask_withdrawn(struct matching *m, struct pen_error *error)
{
	struct pen_batch now;
	bool found;
	enum pen_status status;

	if (m->of->folio->confirmed_at >= 0)
		return PEN_OK;
	status = pen_batch__find(store_of(m), m->of->batch->id, &now, &found, error);
	m->withdrawn = status == PEN_OK && found && now.ended_at >= 0;
	return status;
}

static enum pen_status say(struct matching *m, const struct pen_value *about, const char *field,
    const char *found, const char *expected, struct pen_error *error)
{
	const struct pen_folio *folio = m->of->folio;
	const struct pen_walk_key key = pen_walk__key_of_row(m->of->kind, about, folio);
	char who[PEN_WHO];
	enum pen_status status;

	if (m->said++ >= FINDINGS_MOST)
		return PEN_OK;
	status = ask_withdrawn(m, error);
	if (status == PEN_OK && !m->withdrawn)
		status = pen_walk__who(store_of(m), m->of->kind, about, who, error);
	if (status != PEN_OK || m->withdrawn)
		return status;
	return pen_walk__report_of(m->of->walk, &key, &(struct pen_walk_place){ m->of->rule, field, found, expected,
	    folio->batch, about[PEN_LINE].i }, error, _("%s of %s, folio %" PRId64 "%s%s"),
	    m->of->kind->name, who, folio->id,
	    folio->credit_code[0] ? _(" of employer ") : "", folio->credit_code);
}

static enum pen_status compare_values(struct matching *m, const struct pen_value *stored,
    const struct pen_value *due, struct pen_error *error)
{
	const struct pen_kind *kind = m->of->kind;
	char found[PEN_WHO], expected[PEN_WHO];
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < kind->count && status == PEN_OK; i++) {
		if (pen_value__equal(&stored[i], &due[i]))
			continue;
		if (i == PEN_SUBJECT) {
			status = pen_walk__who(store_of(m), kind, stored, found, error);
			if (status == PEN_OK)
				status = pen_walk__who(store_of(m), kind, due, expected, error);
		} else {
			pen_kind__show(kind, i, &stored[i], found, sizeof(found));
			pen_kind__show(kind, i, &due[i], expected, sizeof(expected));
		}
		if (status == PEN_OK)
			status = say(m, due, kind->columns[i].name, found, expected, error);
	}
	return status;
}

/* ------------------------------------------------- rows of one side alone -- */

static enum pen_status keep_lone(struct matching *m, const struct pen_value *v, bool stored, struct pen_error *error)
{
	size_t columns = (size_t)m->of->kind->count, i;
	struct lone *more;
	struct pen_value *copy;

	if (m->lone_count == m->lone_room) {
		m->lone_room = m->lone_room ? 2 * m->lone_room : 16;
		more = pen_memory__realloc(m->lone, m->lone_room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		m->lone = more;
	}
	copy = pen_memory__take(m->arena, columns * sizeof(*copy));
	if (copy == NULL)
		return pen_error__memory(error);
	for (i = 0; i < columns; i++) {
		copy[i] = v[i];
		if (v[i].type != PEN_STRING)
			continue;
		copy[i].s = pen_memory__copy(m->arena, v[i].s, v[i].n);
		if (copy[i].s == NULL)
			return pen_error__memory(error);
	}
	m->lone[m->lone_count++] = (struct lone){ .v = copy, .stored = stored };
	return PEN_OK;
}

/* The row of the other side that is the same record: by line, else by subject. */
static struct lone *partner(struct matching *m, const struct lone *of)
{
	int column;
	size_t i;

	for (column = PEN_LINE; column >= PEN_SUBJECT; column--) {
		for (i = 0; i < m->lone_count; i++) {
			if (m->lone[i].stored && !m->lone[i].paired && m->lone[i].v[column].i == of->v[column].i)
				return &m->lone[i];
		}
	}
	return NULL;
}

static enum pen_status report_lone(struct matching *m, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct lone *other;
	size_t i;

	for (i = 0; i < m->lone_count && status == PEN_OK && m->said < FINDINGS_MOST; i++) {
		if (m->lone[i].stored)
			continue;
		other = partner(m, &m->lone[i]);
		if (other != NULL) {
			other->paired = true;
			status = compare_values(m, other->v, m->lone[i].v, error);
		} else {
			status = say(m, m->lone[i].v, "line", _("no such row in the store"), m->of->row, error);
		}
	}
	for (i = 0; i < m->lone_count && status == PEN_OK && m->said < FINDINGS_MOST; i++) {
		if (m->lone[i].stored && !m->lone[i].paired)
			status = say(m, m->lone[i].v, "line", _("a row in the store"), m->of->none, error);
	}
	return status;
}

/* ----------------------------------------------------------- side by side -- */

static enum pen_status supply(struct matching *m, struct pen_error *error)
{
	return m->of->supply(m->of->context, &m->due, error);
}

static int compare_keys(const struct pen_value *a, const struct pen_value *b)
{
	int order = pen_value__compare(&a[PEN_SUBJECT], &b[PEN_SUBJECT]);

	return order ? order : pen_value__compare(&a[PEN_LINE], &b[PEN_LINE]);
}

/* Moves on in what is due up to a row of the store (NULL: to the folio's end). */
static enum pen_status catch_up(struct matching *m, const struct pen_value *stored, bool *met, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int order;

	*met = false;
	while (m->due != NULL && status == PEN_OK && !*met) {
		order = stored == NULL ? -1 : compare_keys(m->due->v, stored);
		if (order > 0)
			break;
		*met = order == 0;
		status = *met ? compare_values(m, stored, m->due->v, error) : keep_lone(m, m->due->v, false, error);
		if (status == PEN_OK)
			status = supply(m, error);
	}
	return status;
}

static enum pen_status match(struct matching *m, struct pen_error *error)
{
	struct pen_rows *rows;
	const struct pen_row *row;
	bool met;
	enum pen_status status = pen_rows__open(&rows, store_of(m), m->of->kind, m->of->folio->id, error);

	if (status != PEN_OK)
		return status;
	status = supply(m, error);
	while (status == PEN_OK && (status = pen_rows__next(rows, &row, error)) == PEN_OK && row != NULL) {
		status = catch_up(m, row->v, &met, error);
		if (status == PEN_OK && !met)
			status = keep_lone(m, row->v, true, error);
	}
	pen_rows__close(rows);
	if (status == PEN_OK)
		status = catch_up(m, NULL, &met, error);
	return status == PEN_OK ? report_lone(m, error) : status;
}

enum pen_status pen_rowmatch__rows(const struct pen_rowmatch *of, struct pen_error *error)
{
	struct matching m = { .of = of, .arena = pen_memory__arena() };
	const struct pen_walk_key key = pen_walk__key_of_folio(of->folio);
	enum pen_status status = m.arena == NULL ? pen_error__memory(error) : match(&m, error);

	if (status == PEN_OK && m.said >= FINDINGS_MOST && !m.withdrawn)
		status = pen_walk__report_of(of->walk, &key, &(struct pen_walk_place){ of->rule, "rows",
		    _("more rows that differ"), of->rows, of->folio->batch, 0 }, error,
		    _("folio %" PRId64 ", beyond the first %d findings"), of->folio->id, FINDINGS_MOST);
	pen_memory__free(m.lone);
	pen_memory__drop(m.arena);
	return status;
}

/* ----------------------------------------------------------------- roots -- */

enum pen_status pen_rowmatch__root(const struct pen_rowmatch *of, struct pen_error *error)
{
	const struct pen_folio *folio = of->folio;
	const struct pen_walk_key key = pen_walk__key_of_folio(folio);
	struct pen_roots_sum sum;
	enum pen_status status;

	if (folio->root[0] == '\0')
		return PEN_OK;
	status = pen_roots__of(of->walk->session->store, of->batch, of->kind, of->supply, of->context, &sum, error);
	if (status != PEN_OK)
		return status;
	of->walk->folios++;
	of->walk->leaves += sum.rows;
	if (strcmp(sum.root, folio->root) == 0)
		return PEN_OK;
	return pen_walk__report_of(of->walk, &key, &(struct pen_walk_place){ "replay.root", "root", folio->root, sum.root,
	    folio->batch, 0 }, error, _("folio %" PRId64 " (%s%s%s) of batch %" PRId64), folio->id, folio->form,
	    folio->credit_code[0] ? " " : "", folio->credit_code, folio->batch);
}
