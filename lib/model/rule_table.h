/* The catalogue of the rules in C, as data: over cells and rows, and what
 * pen-verify asks of seals, journal and source files. Rules in SQL say of
 * themselves what they are (share/rules). */
#ifndef PEN_MODEL_RULE_TABLE_H
#define PEN_MODEL_RULE_TABLE_H

#include "model/rule.h"

/* Sorted by id. */
const struct pen_rule *pen_rule_table__all(size_t *count);

#endif
