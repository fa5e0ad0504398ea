/* What the fuzzers have in common. Each is a program of libFuzzer: it reads bytes as a
 * file that anybody may have written, and has to come to an end with a status, not with a
 * crash; what a reader promises beyond that is held by `holds`. */
#ifndef PEN_FUZZ_H
#define PEN_FUZZ_H

#include "pen.h"
#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define holds(condition) do { if (!(condition)) abort(); } while (0)

/* What was refused is bad input and says why. */
static inline void refused_well(enum pen_status status, const struct pen_error *error)
{
	holds(status == PEN_OK || status == PEN_INPUT || status == PEN_INTEGRITY);
	holds(status == PEN_OK || (error->status == status && error->text[0]));
}

#endif
