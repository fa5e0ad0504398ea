#include "model/sheet_cells.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

static enum pen_status read_cell(struct pen_sheet_cell *cell, struct pen_decoder *decoder,
    struct pen_arena *arena, const struct pen_csv_field *field, struct pen_error *error)
{
	struct pen_error fault;
	char *folded;
	const char *s = "";
	size_t n = 0;
	enum pen_status status = pen_charset__decode(decoder, field->s, field->n, &s, &n, &fault);

	if (status == PEN_INPUT) {
		n = 0;
	} else if (status != PEN_OK) {
		*error = fault;
		return status;
	}
	pen_text__trim(&s, &n);
	cell->s = pen_memory__copy(arena, n ? s : "", n);
	folded = pen_memory__take(arena, n + 1);
	if (!cell->s || !folded)
		return pen_error__memory(error);
	cell->n = n;
	cell->folded = folded;
	cell->folded_n = pen_text__fold_name(cell->s, n, folded);
	return PEN_OK;
}

enum pen_status pen_sheet_cells__read(struct pen_sheet_cells *cells, struct pen_decoder *decoder,
    struct pen_arena *arena, const struct pen_csv_field *fields, size_t count, long line, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	*cells = (struct pen_sheet_cells){ .line = line };
	cells->cell = pen_memory__take(arena, (count + 1) * sizeof(*cells->cell));
	if (!cells->cell)
		return pen_error__memory(error);
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = read_cell(&cells->cell[i], decoder, arena, &fields[i], error);
		if (cells->cell[i].n > 0)
			cells->count = i + 1;
	}
	return status;
}

bool pen_sheet_cells__same(const struct pen_sheet_cells *a, const struct pen_sheet_cells *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		if (a->cell[i].folded_n != b->cell[i].folded_n ||
		    memcmp(a->cell[i].folded, b->cell[i].folded, a->cell[i].folded_n) != 0)
			return false;
	}
	return true;
}
