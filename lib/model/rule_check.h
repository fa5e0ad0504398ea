/* What the rules of several record kinds look at alike. */
#ifndef PEN_MODEL_RULE_CHECK_H
#define PEN_MODEL_RULE_CHECK_H

#include "model/rule.h"

const struct pen_rule *pen_rule_check__named(const char *id);	/* NULL: none */
void pen_rule_check__add(struct pen_findings *findings, const char *rule, const char *field,
    const char *found, const char *expected);
const char *pen_rule_check__column(const struct pen_row *row, int column);
/* A finding whose found is the value itself, as a person reads it. */
void pen_rule_check__add_value(struct pen_findings *findings, const char *rule, const struct pen_row *row,
    int column, const char *expected);
bool pen_rule_check__is_null(const struct pen_row *row, int column);

/* True for a day of the calendar that is not ahead; a null is neither. */
bool pen_rule_check__date(const struct pen_row *row, int column, const struct pen_surroundings *around,
    struct pen_findings *findings);
void pen_rule_check__credit_code(const struct pen_row *row, struct pen_findings *findings);
/* True, with the 18 characters in id18, if the id of a registration or a
 * retirement holds; then the sex and the birth date that it tells. */
bool pen_rule_check__citizen_id(const struct pen_row *row, const struct pen_surroundings *around,
    char id18[19], struct pen_findings *findings);
void pen_rule_check__id_facts(const struct pen_row *row, const char id18[19], bool born_holds,
    struct pen_findings *findings);
/* What folding leaves out does not matter (pen_text__fold_name); *folded: they are
 * not the same bytes. */
bool pen_rule_check__names_match(const char *a, const char *b, bool *folded);
/* The employer was not succeeded by another one on that day; `shown` is the day or
 * the month that the row gives. */
void pen_rule_check__succeeded(const struct pen_surroundings *around, int64_t day, int64_t shown,
    struct pen_findings *findings);

#endif
