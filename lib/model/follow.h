/* What follows from the columns that a case asks for, in the same row: the shares
 * from a base, the pension from its parts. */
#ifndef PEN_MODEL_FOLLOW_H
#define PEN_MODEL_FOLLOW_H

#include "model/amended.h"
#include "model/rule.h"

/* Completes a record once all its fields are set: it may be called again.
 *   contribution  of the normal kind: the shares follow a base or months that change,
 *                 each month's rounded to the fen, by the rates in force then
 *   retirement    the pension follows its parts
 *   registration  a man has no status of a woman
 * What was set itself does not follow. `around` tells parameters, area and the
 * person. PEN_REFUSED, R5.1: amend.rate (no rate: set the shares themselves),
 * amend.months (they do not fit into the year), amend.nothing (the record stands so
 * already). PEN_INPUT: amend.value (a missing record lacks a value). */
enum pen_status pen_follow__record(struct pen_amended *record, const struct pen_surroundings *around,
    struct pen_error *error);

#endif
