/* Running logs: entries about days, each made by an act that binds all of it. */
#ifndef PEN_STORE_RUNLOG_H
#define PEN_STORE_RUNLOG_H

#include "base/memory.h"
#include "store/session.h"

/* What an entry says, in the order of the names of its columns, which are the keys
 * of its act's body; what it does not say is null. */
enum pen_runlog_column {
	PEN_RUNLOG_AGENCY, PEN_RUNLOG_CLAUSE, PEN_RUNLOG_CLEARED, PEN_RUNLOG_CORRECTS, PEN_RUNLOG_CUT_OFF,
	PEN_RUNLOG_DOCUMENT, PEN_RUNLOG_ENTRIES, PEN_RUNLOG_EQUIPMENT, PEN_RUNLOG_FAULTS, PEN_RUNLOG_FINDINGS,
	PEN_RUNLOG_FOLLOWS, PEN_RUNLOG_FOUND, PEN_RUNLOG_MEASURES, PEN_RUNLOG_NOTE, PEN_RUNLOG_ON_DATE,
	PEN_RUNLOG_POINTS, PEN_RUNLOG_PORTS, PEN_RUNLOG_REPORTED_TO, PEN_RUNLOG_SERVERS, PEN_RUNLOG_UNIT,
	PEN_RUNLOG_UNTIL_DATE,
	PEN_RUNLOG_COLUMNS
};

/* The strings are borrowed. */
struct pen_runlog {
	int64_t id, at;
	const char *kind;		/* network, inspect, incident, breach */
	struct pen_value v[PEN_RUNLOG_COLUMNS];
	/* What is known of one that is read: who entered it and when, and the entry that
	 * corrects it (0: none). */
	const char *staff, *name, *time;
	int64_t corrected_by;
};

/* Has an entry say a text: trimmed, on one line, not blank, not endless; NULL and ""
 * say nothing. PEN_USAGE names the option, or the column, that it came from. */
enum pen_status pen_runlog__say(struct pen_runlog *entry, enum pen_runlog_column column, const char *option,
    const char *text, struct pen_error *error);

/* Makes the act log.KIND and the entry, in the caller's transaction; fills id and at. */
enum pen_status pen_runlog__enter(struct pen_session *session, struct pen_runlog *entry, struct pen_error *error);

/* The strings of what is found lie in the arena. */
enum pen_status pen_runlog__find(struct pen_store *store, int64_t id, struct pen_arena *arena,
    struct pen_runlog *entry, bool *found, struct pen_error *error);
/* The entry after `after` of that kind, day and agency that nothing corrects; 0: none. */
enum pen_status pen_runlog__of_day(struct pen_store *store, const struct pen_runlog *like, int64_t after,
    int64_t *id, struct pen_error *error);
/* Whether two entries say the same. */
bool pen_runlog__same(const struct pen_runlog *a, const struct pen_runlog *b);

/* Entries by day, of a kind (NULL: all), from one day to another, as of an index. */
struct pen_runlog_choice { const char *kind; int32_t since, until; int64_t as_of; };
typedef enum pen_status pen_runlog_visit(void *context, const struct pen_runlog *entry, struct pen_error *error);
enum pen_status pen_runlog__each(struct pen_store *store, const struct pen_runlog_choice *choice,
    pen_runlog_visit *visit, void *context, struct pen_error *error);

/* The last day that an entry of a kind is about, of the store's own agency; 0: none. */
enum pen_status pen_runlog__last(struct pen_store *store, const char *kind, int32_t *on, struct pen_error *error);

#endif
