/* Findings as they go out: a row for each, and how many there are of each rule. */
#ifndef PEN_WORK_TALLY_H
#define PEN_WORK_TALLY_H

#include "model/printer.h"
#include "store/walk.h"

/* It starts with the printer alone and ends in _drop. Findings of severity note are
 * counted as notes, those of class seal as integrity, whatever else they are. */
struct pen_tally_rule { char rule[64], class[16]; int64_t findings; };
struct pen_tally {
	struct pen_printer *printer;
	int64_t notes, warnings, errors, integrity;
	struct pen_tally_rule *rule;	/* in the order in which they were first found broken */
	size_t rules, room;
	struct pen_item *item;		/* of the list, once it was asked for */
	struct pen_items *list;
};

/* Opens the table of findings, so that it has its columns where none is found. */
void pen_tally__open(struct pen_tally *tally);
/* A pen_walk_visit; the context is the tally. */
enum pen_status pen_tally__visit(void *context, const struct pen_walk_found *found, struct pen_error *error);
/* For the summary: a list of rule, class and findings, the tally's own. */
enum pen_status pen_tally__list(struct pen_tally *tally, struct pen_item *list, struct pen_error *error);
void pen_tally__drop(struct pen_tally *tally);

#endif
