/* All the rules over what is stored, as parts that both cores share. */
#ifndef PEN_WORK_RULEPARTS_H
#define PEN_WORK_RULEPARTS_H

#include "store/sqlrule.h"
#include "store/walk.h"

/* Rows, what is to be looked at, people's ids and periods, settled accounts, and each
 * of `rules`: of these batches (NULL: all), or of the whole store where a rule is about
 * no batch. */
enum pen_status pen_ruleparts__run(struct pen_walk *walk, const struct pen_sqlrules *rules, const int64_t *batches,
    size_t count, struct pen_error *error);

#endif
