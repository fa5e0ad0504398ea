/* Where the records of a case go: into folios by form, employer and year, each row on
 * its line; and whose account years are settled again for them. The same records are
 * always laid out in the same way, so that what was written is found again. */
#ifndef PEN_STORE_LAYOUT_H
#define PEN_STORE_LAYOUT_H

#include "model/amended.h"
#include "store/resettle.h"

/* Records of one form, employer and year, from `first` of the order on: a folio. */
struct pen_layout_group { size_t first, count; int64_t folio; };

/* order: the records in the order of their folios and rows; line: of each record's new
 * row, counted through the batch; person: everybody whose account may come out
 * otherwise. `folio` of a group is its maker's to fill in. */
struct pen_layout {
	const struct pen_amendeds *list;
	size_t *order;
	int64_t *line;
	struct pen_layout_group *group;
	size_t groups;
	struct pen_resettle_person *person;
	size_t persons;
};

/* The list is borrowed. Free the layout whatever comes back. */
enum pen_status pen_layout__make(struct pen_layout *layout, const struct pen_amendeds *list, struct pen_error *error);
void pen_layout__free(struct pen_layout *layout);

/* Record k of a group; and its new row as it is written. */
const struct pen_amended *pen_layout__record(const struct pen_layout *layout, const struct pen_layout_group *group, size_t k);
struct pen_row pen_layout__row(const struct pen_layout *layout, const struct pen_layout_group *group, size_t k);

#endif
