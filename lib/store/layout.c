#include "store/layout.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------- in order -- */

/* Who and where comes before what was paid, so that the later is looked at by the
 * newer of the earlier. */
static int rank_of(const struct pen_amended *record)
{
	static const int ranks[PEN_KINDS] = { [PEN_KIND_EMPLOYER] = 0, [PEN_KIND_REGISTRATION] = 1,
		[PEN_KIND_OPENING] = 2, [PEN_KIND_CONTRIBUTION] = 3, [PEN_KIND_RETIREMENT] = 4 };

	return ranks[record->kind->id];
}

static int64_t of_sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_places(const struct pen_amended *x, const struct pen_amended *y)
{
	int64_t order = rank_of(x) - rank_of(y);

	order = order ? order : strcmp(x->form, y->form);
	order = order ? order : of_sign(x->employer, y->employer);
	return (int)(order ? order : of_sign(x->period, y->period));
}

static int compare_records(const void *a, const void *b, void *context)
{
	const struct pen_amendeds *list = context;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct pen_amended *x = &list->at[i], *y = &list->at[k];
	int64_t order = compare_places(x, y);

	order = order ? order : of_sign(x->new.v[PEN_SUBJECT].i, y->new.v[PEN_SUBJECT].i);
	return (int)(order ? order : of_sign((int64_t)i, (int64_t)k));
}

static void cut_into_groups(struct pen_layout *layout)
{
	const struct pen_amendeds *list = layout->list;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (i == 0 || compare_places(&list->at[layout->order[i - 1]], &list->at[layout->order[i]]) != 0)
			layout->group[layout->groups++] = (struct pen_layout_group){ .first = i };
		layout->group[layout->groups - 1].count++;
		layout->line[layout->order[i]] = (int64_t)i + 1;
	}
}

/* --------------------------------------------------------------------- people -- */

#define NEVER INT32_MAX		/* the account does not rest on it */

static int32_t first_year(const struct pen_amended *record)
{
	if (record->kind->id == PEN_KIND_CONTRIBUTION)
		return record->period;
	return record->kind->id == PEN_KIND_OPENING ? (int32_t)record->new.v[PEN_OPENING_YEAR].i + 1 : NEVER;
}

static int compare_people(const void *a, const void *b)
{
	const struct pen_resettle_person *x = a, *y = b;

	return (int)of_sign(x->person, y->person);
}

/* Everybody whose records change, each once, with the first year that may come out
 * otherwise. */
static void gather_people(struct pen_layout *layout)
{
	size_t i, kept = 0;

	for (i = 0; i < layout->list->count; i++)
		if (layout->list->at[i].kind->of_people)
			layout->person[layout->persons++] = (struct pen_resettle_person){
				layout->list->at[i].new.v[PEN_SUBJECT].i, first_year(&layout->list->at[i]) };
	if (layout->persons)
		qsort(layout->person, layout->persons, sizeof(*layout->person), compare_people);
	for (i = 0; i < layout->persons; i++) {
		if (kept && layout->person[kept - 1].person == layout->person[i].person) {
			if (layout->person[i].from < layout->person[kept - 1].from)
				layout->person[kept - 1].from = layout->person[i].from;
		} else {
			layout->person[kept++] = layout->person[i];
		}
	}
	layout->persons = kept;
}

/* ------------------------------------------------------------------ all of it -- */

enum pen_status pen_layout__make(struct pen_layout *layout, const struct pen_amendeds *list, struct pen_error *error)
{
	size_t i;

	*layout = (struct pen_layout){ .list = list };
	layout->order = pen_memory__calloc(list->count + 1, sizeof(*layout->order));
	layout->line = pen_memory__calloc(list->count + 1, sizeof(*layout->line));
	layout->group = pen_memory__calloc(list->count + 1, sizeof(*layout->group));
	layout->person = pen_memory__calloc(list->count + 1, sizeof(*layout->person));
	if (!layout->order || !layout->line || !layout->group || !layout->person)
		return pen_error__memory(error);
	for (i = 0; i < list->count; i++)
		layout->order[i] = i;
	qsort_r(layout->order, list->count, sizeof(*layout->order), compare_records, (void *)list);
	cut_into_groups(layout);
	gather_people(layout);
	return PEN_OK;
}

void pen_layout__free(struct pen_layout *layout)
{
	pen_memory__free(layout->order);
	pen_memory__free(layout->line);
	pen_memory__free(layout->group);
	pen_memory__free(layout->person);
	*layout = (struct pen_layout){ .groups = 0 };
}

const struct pen_amended *pen_layout__record(const struct pen_layout *layout, const struct pen_layout_group *group, size_t k)
{
	return &layout->list->at[layout->order[group->first + k]];
}

/* Contributions of one person are numbered within the folio. */
struct pen_row pen_layout__row(const struct pen_layout *layout, const struct pen_layout_group *group, size_t k)
{
	struct pen_row row = pen_layout__record(layout, group, k)->new;
	int64_t sequence = 1;

	row.v[PEN_LINE] = pen_value__integer(layout->line[layout->order[group->first + k]]);
	if (row.kind->id != PEN_KIND_CONTRIBUTION)
		return row;
	for (; k > 0 && pen_layout__record(layout, group, k - 1)->new.v[PEN_SUBJECT].i == row.v[PEN_SUBJECT].i; k--)
		sequence++;
	row.v[PEN_CONTRIBUTION_SEQUENCE] = pen_value__integer(sequence);
	return row;
}
