/* A computed batch whose rows stand in its plan, a line each (rowline): decisions about
 * benefits, what the bank sent back. Employer by employer a folio, people in order. */
#ifndef PEN_STORE_LISTED_H
#define PEN_STORE_LISTED_H

#include "base/memory.h"
#include "store/computed.h"

struct pen_listed_row { struct pen_row row; int64_t employer; size_t place; };
struct pen_listed {
	struct pen_session *session;
	enum pen_kind_id kind;
	int amount;			/* column whose sum counts in the receipt; -1: none */
	struct pen_arena *arena;	/* strings of the rows */
	struct pen_listed_row *row;
	size_t rows, room;
	size_t *group;			/* the first row of each folio */
	size_t groups;
	struct pen_computed computed;
};

/* The two forms that are made so; NULL: the form is none of them. */
const struct pen_computed_way *pen_listed__way(const char *form);

/* Begins one of a form; it must not be moved. */
enum pen_status pen_listed__open(struct pen_listed *listed, struct pen_session *session, const char *form, struct pen_error *error);
enum pen_status pen_listed__add(struct pen_listed *listed, const struct pen_row *row, int64_t employer, struct pen_error *error);
/* Draws up the plan and the batch, under the parameters of the newest entry that changes
 * something, and of that reference. head: further lines of the plan, "" for none. */
enum pen_status pen_listed__plan(struct pen_listed *listed, const char *name, const char *head, struct pen_error *error);
/* Reads the rows of a plan again, and the folios that they make. PEN_INTEGRITY, plan.row. */
enum pen_status pen_listed__read(struct pen_listed *listed, const char *text, struct pen_error *error);
void pen_listed__free(struct pen_listed *listed);

#endif
