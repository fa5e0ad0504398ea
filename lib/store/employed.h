/* Who works where, with what their registrations say: everybody of an employer, and those
 * whom forms of a month brought in. As a report of a journal index sees it. */
#ifndef PEN_STORE_EMPLOYED_H
#define PEN_STORE_EMPLOYED_H

#include "store/store.h"

/* How somebody came to an employer. */
enum pen_employed_by { PEN_EMPLOYED_REGISTERED, PEN_EMPLOYED_JOINED, PEN_EMPLOYED_MOVED };

/* A period with an employer: since when, and the folio that told of it. */
struct pen_employed {
	int64_t person, employer, folio;
	int32_t since;
	enum pen_employed_by by;
};

/* The periods that are open, of people who have not retired: of one employer, or of all
 * (0); one for each person and employer, by employer and person. Read in slices. Free with
 * pen_memory__free. */
enum pen_status pen_employed__all(struct pen_store *store, int64_t employer, int64_t as_of,
    struct pen_employed **list, size_t *count, struct pen_error *error);

/* The periods of one employer, or of all (0), that forms told of which were confirmed from
 * one time (UTC) to before another, registrations before changes; new versions of rows that
 * cases made are none. Likewise. */
enum pen_status pen_employed__entered(struct pen_store *store, int64_t employer, const char *begin, const char *end,
    int64_t as_of, struct pen_employed **list, size_t *count, struct pen_error *error);

/* What is registered of somebody: with the employer of a period, else with any. The base
 * is that of the change of employment, where one tells it. Numbers are 0 and texts ""
 * where nothing is told. */
struct pen_employed_detail {
	char id_number[32], name[256], status[16], payer[16], basis[24];
	int sex;
	int32_t born, insured_on, worked_on;
	int64_t base_fen, deemed_months;
	bool sealed;			/* the folio that told of the period */
};
enum pen_status pen_employed__detail(struct pen_store *store, const struct pen_employed *employed, int64_t as_of,
    struct pen_employed_detail *detail, bool *found, struct pen_error *error);

#endif
