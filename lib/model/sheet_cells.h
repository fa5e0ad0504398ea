/* The cells of one record of a sheet as UTF-8, as they stand and folded. */
#ifndef PEN_MODEL_SHEET_CELLS_H
#define PEN_MODEL_SHEET_CELLS_H

#include "adapter/charset.h"
#include "adapter/csv.h"
#include "base/memory.h"

/* Texts end with a NUL besides. A cell whose bytes are no text is empty. */
struct pen_sheet_cell {
	const char *s;			/* white space around it taken off */
	size_t n;
	const char *folded;		/* as pen_text__fold_name */
	size_t folded_n;
};

struct pen_sheet_cells {
	long line;
	struct pen_sheet_cell *cell;
	size_t count;			/* up to the last that is not empty */
};

/* All of it lies in the arena. */
enum pen_status pen_sheet_cells__read(struct pen_sheet_cells *cells, struct pen_decoder *decoder,
    struct pen_arena *arena, const struct pen_csv_field *fields, size_t count, long line, struct pen_error *error);
/* True if both say the same, cell by cell, folded. */
bool pen_sheet_cells__same(const struct pen_sheet_cells *a, const struct pen_sheet_cells *b);

#endif
