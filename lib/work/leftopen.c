#include "work/leftopen.h"

#include "base/error.h"

#include <string.h>

static void put(struct pen_leftopen *out, size_t i, const struct pen_shortfall_way *way)
{
	const struct pen_item items[PEN_LEFTOPEN_ITEMS] = {
		PEN_I_TEXT("option", _("option"), pen_shortfall__name(way->option)),
		PEN_I_DATE("from", _("from"), way->from), PEN_I_DATE("until", _("until"), way->until),
		{ .key = "months", .title = _("months"), .type = PEN_ITEM_INT, .i = way->months, .null = !way->until },
		{ .key = "least_months", .title = _("minimum"), .type = PEN_ITEM_INT, .i = way->least, .null = !way->until },
		PEN_I_DATE("benefit_from", _("pension from"), way->benefit_from),
		{ .key = "amount_fen", .title = _("amount"), .type = PEN_ITEM_FEN, .i = way->fen, .null = way->fen < 0 },
		PEN_I_TEXT("law", _("law"), pen_shortfall__law(way->option)),
		{ .key = "text", .title = "", .type = PEN_ITEM_TEXT, .s = pen_shortfall__say(way, out->say[i]), .machine = true },
	};

	memcpy(out->item[i], items, sizeof(items));
	out->list[i] = (struct pen_items){ out->item[i], PEN_LEFTOPEN_ITEMS };
}

struct pen_item pen_leftopen__list(struct pen_leftopen *leftopen, const struct pen_shortfall *shortfall)
{
	size_t i;

	for (i = 0; i < shortfall->ways; i++)
		put(leftopen, i, &shortfall->way[i]);
	return (struct pen_item)PEN_I_LIST("options", _("What the law leaves open"), leftopen->list, shortfall->ways);
}
