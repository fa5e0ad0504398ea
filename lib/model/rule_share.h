/* What a contribution may be: bases and shares by the parameters of the months.
 * Arithmetic alone; rule.c makes findings of it. */
#ifndef PEN_MODEL_RULE_SHARE_H
#define PEN_MODEL_RULE_SHARE_H

#include "model/rule.h"

/* Where a payer stands in struct pen_rule_year; -1 for none of them, or NULL. */
int pen_rule_share__payer(const char *payer);

/* The value in force in the month, or -1. */
int64_t pen_rule_share__value(const struct pen_parameters *parameters, const char *area,
    const char *name, const char *category, int32_t month);

/* The year's parameters, from the cache or made in `room`. */
const struct pen_rule_year *pen_rule_share__year(const struct pen_surroundings *around, int32_t number,
    struct pen_rule_year *room);

/* The lowest floor and the highest cap in force in the months; -1 where none is. */
void pen_rule_share__bounds(const struct pen_rule_year *year, int32_t months, int64_t *floor, int64_t *cap);

/* What a share may be, in fen: `sum` is that of the months, each rounded half
 * up; low to high is what the tolerance lets pass around the exact product, and
 * holds the sum. */
struct pen_share_band { int64_t sum, low, high; };

/* False: a rate or the tolerance is missing in one of the months. */
bool pen_rule_share__band(const int64_t rate[12], const int64_t tolerance[12], int64_t base,
    int32_t months, struct pen_share_band *band);
bool pen_rule_share__within(const struct pen_share_band *band, int64_t fen);
/* True if some `count` consecutive months make the share right. */
bool pen_rule_share__any_run(const int64_t rate[12], const int64_t tolerance[12], int64_t base,
    int count, int64_t fen);

#endif
