/* Fields that whoever brings a file in declares for all its rows (--set), since
 * the file has no column for them: as typed, as kept in the batch, as read back. */
#ifndef PEN_MODEL_GIVEN_H
#define PEN_MODEL_GIVEN_H

#include "model/intake.h"

/* In the order of the fields' names, so that the same declarations are the same
 * text; start it as {0}. The strings live as long as the set. */
struct pen_given_set {
	struct pen_given at[PEN_FIELDS_MOST];
	size_t count;
	struct pen_arena *arena;
};

/* From "FIELD=VALUE" texts, the field by its name, title, synonym or code. What
 * has no "=", names no field of the form or one twice, or gives a value that the
 * field cannot have, is PEN_USAGE. `today` bounds dates. */
enum pen_status pen_given__read(struct pen_given_set *set, const struct pen_form *form,
    const char *const *texts, size_t count, int32_t today, struct pen_error *error);
void pen_given__free(struct pen_given_set *set);

/* As a JSON object on one line, {"year":"2024"}; PEN_USAGE if there is no room. */
enum pen_status pen_given__text(const struct pen_given_set *set, char *out, size_t room, struct pen_error *error);
/* That text read again ("" stands for {}): PEN_INTEGRITY if it is none. */
enum pen_status pen_given__parse(struct pen_given_set *set, const char *json, struct pen_error *error);

#endif
