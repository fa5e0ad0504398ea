/* How a figure came to be, as data: a JSON array of steps in the order in which they
 * were taken, written as canonical JSON is (keys in order, no blanks), so that an equal
 * computation gives equal bytes. Values are text, as a person reads them: yuan with two
 * decimals, months yyyy-mm.
 *   input      {"from":…,"name":…,"step":"input","value":…}
 *   parameter  {"area":…,"category":…,"digest":…,"month":…,"name":…,"source":…,"step":"parameter","table":…,"unit":…,"value":…,"verified":…}
 *   formula    {"formula":…,"name":…,"rounding":…,"step":"formula","value":…,"with":…}
 *   note       {"name":…,"step":"note","text":…}    what is assumed, or not verified */
#ifndef PEN_MODEL_TRACE_H
#define PEN_MODEL_TRACE_H

#include "base/text.h"
#include "model/parameter.h"

/* Start it as {0}. failed of the text says that memory ran out. */
struct pen_trace { struct pen_text json; size_t steps, notes; };

/* from: the record it is of, such as "folio 12 line 7"; NULL: none. */
void pen_trace__input(struct pen_trace *trace, const char *name, const char *value, const char *from);
void pen_trace__input_fen(struct pen_trace *trace, const char *name, int64_t fen, const char *from);
void pen_trace__input_count(struct pen_trace *trace, const char *name, int64_t count, const char *from);
/* And, if the parameter is not verified, a note that says so. */
void pen_trace__parameter(struct pen_trace *trace, const struct pen_parameter *parameter, int32_t month);
/* with: the formula with its figures; rounding: how, as in "half up, fen"; NULL: it is exact. */
void pen_trace__formula(struct pen_trace *trace, const char *name, const char *formula, const char *with,
    const char *rounding, const char *value);
void pen_trace__note(struct pen_trace *trace, const char *name, const char *text);
/* Closes the array; the text stays the trace's. NULL: no memory. */
const char *pen_trace__end(struct pen_trace *trace);
void pen_trace__free(struct pen_trace *trace);

/* A decimal of so many places, without zeros at its end: out holds 32. Returns out. */
char *pen_trace__decimal(int64_t value, int places, char out[32]);

#endif
