/* Files of employers' answers (form `answers`): a record of no kind, read by a
 * reader of its own. */
#ifndef PEN_WORK_ANSWERS_H
#define PEN_WORK_ANSWERS_H

#include "pen.h"

/* answer: agreed or objected. on: the day of the answer, today if none is given.
 * year 0: of every year. line 0: it comes from no file. */
struct pen_answer { char code[32], answer[16], note[256]; int32_t on, year; long line; };

/* All or nothing: the first line that cannot be is PEN_INPUT with its place.
 * Free with pen_memory__free. */
enum pen_status pen_answers__read(const char *path, struct pen_answer **answers, size_t *count, struct pen_error *error);

#endif
