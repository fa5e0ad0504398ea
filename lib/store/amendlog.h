/* What cases of amendment changed, field by field, with who asked, approved, opened,
 * entered and checked it: the lines of 业务数据修改日志表 (R5.3.3). */
#ifndef PEN_STORE_AMENDLOG_H
#define PEN_STORE_AMENDLOG_H

#include "base/memory.h"
#include "store/people.h"
#include "store/store.h"

/* As what somebody acted in a case. The lead approves, and a lead checks and closes. */
enum pen_amendlog_part {
	PEN_AMENDLOG_REQUESTED, PEN_AMENDLOG_LEAD, PEN_AMENDLOG_HEAD, PEN_AMENDLOG_UNSEALED, PEN_AMENDLOG_APPLIED,
	PEN_AMENDLOG_CHECKED, PEN_AMENDLOG_CLOSED, PEN_AMENDLOG_PARTS
};
/* staff NULL: nobody did by then, or the case has no such step. */
struct pen_amendlog_actor { const char *staff, *name, *time; int64_t at; };

/* A case that was applied; the strings lie in the arena that it was read into. */
struct pen_amendlog_case {
	int64_t id, applied;		/* the entry of the change */
	int64_t batch;			/* 0: none */
	int64_t revision;
	const char *form, *agency, *reason, *digest, *original, *evidence;
	struct pen_amendlog_actor part[PEN_AMENDLOG_PARTS];
};

/* A field that was changed: column and values as canonical JSON scalars. */
struct pen_amendlog_line {
	int64_t record, number;		/* of the field within the record */
	const char *kind, *form;
	int64_t folio, subject, line, employer;	/* 0: none, as of a record that was missing */
	int32_t period;
	const char *field, *old, *new;
	bool follows;			/* worked out from the others */
};

/* The case applied next after an entry, between two moments (UTC, "…Z"; the second is
 * not within), of an agency (NULL: all), as of an index. */
struct pen_amendlog_choice { const char *begin, *end, *agency; int64_t as_of; };
enum pen_status pen_amendlog__next(struct pen_store *store, const struct pen_amendlog_choice *choice, int64_t after,
    struct pen_arena *arena, struct pen_amendlog_case *one, bool *found, struct pen_error *error);
/* Its fields after one of them, at most `room`, in their order. */
enum pen_status pen_amendlog__lines(struct pen_store *store, const struct pen_amendlog_case *one, int64_t record,
    int64_t number, struct pen_arena *arena, struct pen_amendlog_line *lines, size_t room, size_t *count,
    struct pen_error *error);

/* The first month (yyyymm, local) with a change of an area whose log was not printed
 * since the month was over, or that is not over; 0: there is none. */
enum pen_status pen_amendlog__owed(struct pen_store *store, int32_t *month, struct pen_error *error);

#endif
