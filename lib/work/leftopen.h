/* What the law leaves open to whoever has too few months, as records of a result. */
#ifndef PEN_WORK_LEFTOPEN_H
#define PEN_WORK_LEFTOPEN_H

#include "model/printer.h"
#include "model/shortfall.h"

#define PEN_LEFTOPEN_ITEMS 9
struct pen_leftopen {
	struct pen_items list[PEN_SHORTFALL_WAYS];
	struct pen_item item[PEN_SHORTFALL_WAYS][PEN_LEFTOPEN_ITEMS];
	char say[PEN_SHORTFALL_WAYS][PEN_SHORTFALL_ROOM];
};

/* A record for each way; it stays that of `leftopen`, and the shortfall's. */
struct pen_item pen_leftopen__list(struct pen_leftopen *leftopen, const struct pen_shortfall *shortfall);

#endif
