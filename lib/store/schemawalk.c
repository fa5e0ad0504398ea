#include "store/schemawalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/workplace.h"
#include "store/making.h"

#include <string.h>

/* A table, an index or a trigger: "index folio_batch", of which table, and the
 * text that makes it. The strings are in the arena of their schema. */
struct object { const char *name, *table, *text; };

/* In the order of their names. */
struct schema { struct pen_arena *arena; struct object *at; size_t count, room; };

/* -------------------------------------------------------------- reading -- */

static const char *keep(struct schema *schema, const char *text)
{
	return pen_memory__copy(schema->arena, text ? text : "", text ? strlen(text) : 0);
}

static enum pen_status take(struct schema *schema, struct pen_statement *row, struct pen_error *error)
{
	struct object *object;

	if (schema->count == schema->room) {
		schema->room = schema->room ? 2 * schema->room : 128;
		object = pen_memory__realloc(schema->at, schema->room, sizeof(*object));
		if (object == NULL)
			return pen_error__memory(error);
		schema->at = object;
	}
	object = &schema->at[schema->count++];
	object->name = keep(schema, pen_db__text(row, 0));
	object->table = keep(schema, pen_db__text(row, 1));
	object->text = keep(schema, pen_db__text(row, 2));
	if (object->name == NULL || object->table == NULL || object->text == NULL)
		return pen_error__memory(error);
	return PEN_OK;
}

static enum pen_status read_schema(struct schema *schema, struct pen_store *store, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SCHEMAWALK_OBJECTS, &s, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = take(schema, s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

/* The schema of a store made for this alone; nothing of ours is in it. */
static enum pen_status read_fresh(struct schema *schema, enum pen_suite suite, struct pen_error *error)
{
	static char no_key[] = "-";
	const struct pen_identity identity = { .agency = "000000", .name = "-", .origin = "-", .suite = suite,
		.log_key = no_key };
	struct pen_making making = { .mark = -1 };
	struct pen_store *fresh;
	char dir[PATH_MAX];
	enum pen_status status = PEN_BUSY;
	int n;

	for (n = 0; status == PEN_BUSY && n < PEN_WORKPLACES; n++) {
		status = pen_workplace__at(pen_workplace__parent(), "pen-schema", n, dir, error);
		if (status == PEN_OK)
			status = pen_making__take(&making, dir, error);
	}
	if (status != PEN_OK)
		return status;
	making.made = true;	/* by us, or by a killed run */
	status = pen_store__create(&fresh, dir, &identity, error);
	if (status == PEN_OK) {
		status = read_schema(schema, fresh, error);
		pen_store__close(fresh);
	}
	pen_making__give_up(&making);
	return status;
}

/* ------------------------------------------------------------ comparing -- */

static enum pen_status report(struct pen_walk *walk, const struct object *object, const char *found,
    const char *expected, struct pen_error *error)
{
	return pen_walk__report(walk, &(struct pen_walk_place){ "store.schema", "sql", found, expected, 0, 0 }, error,
	    _("%s of table %s"), object->name, object->table);
}

static enum pen_status compare(struct pen_walk *walk, const struct schema *kept, const struct schema *fresh,
    struct pen_error *error)
{
	const struct object *own, *made;
	enum pen_status status = PEN_OK;
	size_t i = 0, k = 0;
	int order;

	while ((i < kept->count || k < fresh->count) && status == PEN_OK) {
		own = &kept->at[i];
		made = &fresh->at[k];
		order = i == kept->count ? 1 : k == fresh->count ? -1 : strcmp(own->name, made->name);
		if (order > 0)
			status = report(walk, made, _("none"), made->text, error);
		else if (order < 0)
			status = report(walk, own, own->text, _("none: no migration makes it"), error);
		else if (strcmp(own->text, made->text) != 0 || strcmp(own->table, made->table) != 0)
			status = report(walk, made, own->text, made->text, error);
		i += order <= 0;
		k += order >= 0;
	}
	return status;
}

enum pen_status pen_schemawalk__schema(struct pen_walk *walk, struct pen_error *error)
{
	struct pen_store *store = walk->session->store;
	struct schema kept = { .arena = pen_memory__arena() }, fresh = { .arena = pen_memory__arena() };
	char why[sizeof(error->text)];
	enum pen_status status = kept.arena && fresh.arena ? read_schema(&kept, store, error) : pen_error__memory(error);

	if (status != PEN_OK)
		goto out;
	status = read_fresh(&fresh, pen_store__suite(store), error);
	if (status == PEN_OK) {
		status = compare(walk, &kept, &fresh, error);
	} else {
		snprintf(why, sizeof(why), "%s", error->text);
		*error = (struct pen_error){ .status = PEN_OK };
		status = pen_walk__not_made(walk, "store.schema", _("the schema of the store"), why, error);
	}
out:
	pen_memory__free(kept.at);
	pen_memory__free(fresh.at);
	pen_memory__drop(kept.arena);
	pen_memory__drop(fresh.arena);
	return status;
}

enum pen_status pen_schemawalk__integrity(struct pen_walk *walk, struct pen_error *error)
{
	enum pen_status status = pen_db__check(pen_store__db(walk->session->store), error);

	return pen_walk__damage(walk, status, "store.integrity", 0, _("the file of the store"), error);
}
