#include "model/printer_cell.h"
#include "base/date.h"
#include "base/money.h"

#include <assert.h>
#include <inttypes.h>

bool pen_printer_cell__is_null(const struct pen_item *item)
{
	switch (item->type) {
	case PEN_ITEM_TEXT:
		return !item->s;
	case PEN_ITEM_DATE:
		return item->null || item->i == 0;
	case PEN_ITEM_LIST:
		return false;
	default:
		return item->null;
	}
}

/* What stands in a store that was tampered with may be no date: then the
 * number shows as it is. */
static const char *date(int64_t i, char buf[PEN_CELL_ROOM])
{
	if (i > 0 && i <= INT32_MAX) {
		if (pen_date__valid((int32_t)i))
			return pen_date__format((int32_t)i, buf);
		if (pen_date__valid_month((int32_t)i))
			return pen_date__format_month((int32_t)i, buf);
	}
	snprintf(buf, PEN_CELL_ROOM, "%" PRId64, i);
	return buf;
}

const char *pen_printer_cell__plain(const struct pen_item *item, char buf[PEN_CELL_ROOM])
{
	switch (item->type) {
	case PEN_ITEM_TEXT:
		return item->s;
	case PEN_ITEM_FEN:
		return pen_money__format(item->i, buf);
	case PEN_ITEM_DATE:
		return date(item->i, buf);
	default:
		assert(item->type == PEN_ITEM_INT);
		snprintf(buf, PEN_CELL_ROOM, "%" PRId64, item->i);
		return buf;
	}
}

char *pen_printer_cell__decimal(int64_t millionths, int places, char buf[PEN_CELL_ROOM])
{
	uint64_t size = millionths < 0 ? -(uint64_t)millionths : (uint64_t)millionths;
	uint64_t unit = 1;
	size_t n;
	int i;

	for (i = 0; i < places; i++)
		unit *= 10;
	n = (size_t)snprintf(buf, PEN_CELL_ROOM, "%s%" PRIu64 ".%0*" PRIu64, millionths < 0 ? "-" : "",
	    size / unit, places, size % unit);
	while (buf[n - 1] == '0')
		n--;
	if (buf[n - 1] == '.')
		n--;
	buf[n] = '\0';
	return buf;
}

const char *pen_printer_cell__title(const struct pen_item *item)
{
	return item->title ? item->title : item->key;
}
