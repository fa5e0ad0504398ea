#include "work/tally.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* ---------------------------------------------------------------- rows -- */

#define COLUMNS 15

static struct pen_item text(const char *key, const char *title, const char *s)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_TEXT, .s = s != NULL && s[0] ? s : NULL };
}

static struct pen_item number(const char *key, const char *title, int64_t value)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_INT, .i = value, .null = value == 0,
	    .machine = title == NULL };
}

/* What was found and expected is shown empty where it is; a record's numbers are for
 * programs. */
static struct pen_items make_row(const struct pen_walk_found *found, struct pen_item row[COLUMNS])
{
	size_t n = 0;

	row[n++] = text("rule", _("rule"), found->rule);
	row[n++] = text("class", _("class"), found->class);
	row[n++] = text("severity", _("severity"), found->severity);
	row[n++] = (struct pen_item)PEN_I_TEXT("clause", _("clause"), found->clause);
	row[n++] = (struct pen_item)PEN_I_TEXT("record", _("record"), found->record);
	row[n++] = text("field", _("field"), found->field);
	row[n++] = (struct pen_item)PEN_I_TEXT("found", _("found"), found->found);
	row[n++] = (struct pen_item)PEN_I_TEXT("expected", _("expected"), found->expected);
	row[n++] = number("batch", _("batch"), found->batch);
	row[n++] = number("line", _("line"), found->line);
	row[n++] = text("advice", _("advice"), found->advice);
	row[n] = text("record_kind", NULL, found->key.kind);
	row[n++].machine = true;
	row[n++] = number("folio", NULL, found->key.folio);
	row[n++] = number("person", NULL, found->key.person);
	row[n++] = number("employer", NULL, found->key.employer);
	return (struct pen_items){ row, n };
}

void pen_tally__open(struct pen_tally *tally)
{
	struct pen_item row[COLUMNS];
	const struct pen_items columns = make_row(&(struct pen_walk_found){ .rule = NULL }, row);

	pen_printer__open_table(tally->printer, "findings", _("Findings"), &columns);
}

/* -------------------------------------------------------------- counting -- */

static enum pen_status count_rule(struct pen_tally *tally, const struct pen_walk_found *found, struct pen_error *error)
{
	size_t i, room = tally->room ? tally->room * 2 : 16;
	struct pen_tally_rule *grown;

	for (i = 0; i < tally->rules && strcmp(tally->rule[i].rule, found->rule) != 0; i++)
		;
	if (i == tally->rules && i == tally->room) {
		grown = pen_memory__realloc(tally->rule, room, sizeof(*grown));
		if (grown == NULL)
			return pen_error__memory(error);
		tally->rule = grown;
		tally->room = room;
	}
	if (i == tally->rules) {
		tally->rule[i].findings = 0;
		snprintf(tally->rule[i].rule, sizeof(tally->rule[i].rule), "%s", found->rule);
		snprintf(tally->rule[i].class, sizeof(tally->rule[i].class), "%s", found->class);
		tally->rules++;
	}
	tally->rule[i].findings++;
	return PEN_OK;
}

enum pen_status pen_tally__visit(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct pen_tally *tally = context;
	struct pen_item row[COLUMNS];

	if (strcmp(found->severity, "note") == 0)
		tally->notes++;
	else if (strcmp(found->class, "seal") == 0)
		tally->integrity++;
	else if (strcmp(found->severity, "warning") == 0)
		tally->warnings++;
	else
		tally->errors++;
	pen_printer__row(tally->printer, "finding", make_row(found, row));
	return count_rule(tally, found, error);
}

/* --------------------------------------------------------------- summary -- */

#define ITEMS 3

enum pen_status pen_tally__list(struct pen_tally *tally, struct pen_item *list, struct pen_error *error)
{
	struct pen_item *item;
	size_t i;

	*list = (struct pen_item){ .key = "rules", .title = _("by rule"), .type = PEN_ITEM_LIST };
	if (tally->rules == 0)
		return PEN_OK;
	tally->item = pen_memory__calloc(tally->rules * ITEMS, sizeof(*tally->item));
	tally->list = pen_memory__calloc(tally->rules, sizeof(*tally->list));
	if (tally->item == NULL || tally->list == NULL)
		return pen_error__memory(error);
	for (i = 0; i < tally->rules; i++) {
		item = &tally->item[i * ITEMS];
		item[0] = text("rule", _("rule"), tally->rule[i].rule);
		item[1] = text("class", _("class"), tally->rule[i].class);
		item[2] = (struct pen_item)PEN_I_INT("findings", _("findings"), tally->rule[i].findings);
		tally->list[i] = (struct pen_items){ item, ITEMS };
	}
	list->list = tally->list;
	list->list_count = tally->rules;
	return PEN_OK;
}

void pen_tally__drop(struct pen_tally *tally)
{
	pen_memory__free(tally->rule);
	pen_memory__free(tally->item);
	pen_memory__free(tally->list);
	*tally = (struct pen_tally){ .printer = NULL };
}
