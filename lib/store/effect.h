/* What a change comes to: for each person touched the account and the pension
 * before and after, and what the rules find that they did not find before. */
#ifndef PEN_STORE_EFFECT_H
#define PEN_STORE_EFFECT_H

#include "model/account.h"
#include "model/rule.h"
#include "store/resettle.h"

/* One person. The account is that at the end of `year`, the last that is settled or
 * opened; year 0: there is none. */
struct pen_effect {
	int64_t person;
	int32_t year;
	struct pen_balance before, after;
	bool has_pension;
	int64_t pension_before_fen, pension_after_fen;	/* a month */
};

/* One thing that a rule finds after the change and did not find before. */
struct pen_effect_finding {
	char rule[40], field[40], record[256], found[160], expected[160];
	const char *severity, *clause, *advice;
};

/* What a change came to. Start it as {0}. */
struct pen_trial {
	struct pen_effect *effect;		/* by person */
	size_t effects, effect_room;
	struct pen_effect_finding *finding;	/* in the order in which they were met */
	size_t findings, finding_room;
	int64_t versions;			/* new rows that were asked for */
	int64_t settled;			/* account years that were settled again */
};
void pen_effect__free(struct pen_trial *trial);

/* The people of a change, sorted by number: how they stand before anything is written,
 * and by the entry `at` once it is. */
enum pen_status pen_effect__before(struct pen_trial *trial, struct pen_store *store, const struct pen_resettle_person *person,
    size_t persons, int64_t at, struct pen_error *error);
enum pen_status pen_effect__after(struct pen_trial *trial, struct pen_store *store, int64_t at, struct pen_error *error);

#endif
