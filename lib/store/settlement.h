/* The settlement of a year as a computed batch. */
#ifndef PEN_STORE_SETTLEMENT_H
#define PEN_STORE_SETTLEMENT_H

#include "store/computed.h"
#include "store/settling.h"

/* People of one employer, from `first` of the order on: one folio. */
struct pen_settlement_group { size_t first, count; int64_t employer; };

/* `order` are the people to be settled, by employer and number: cut into groups,
 * each of which becomes a folio. The sums are of those people. */
struct pen_settlement {
	struct pen_computed computed;
	struct pen_settling s;
	const char *credit_month;
	int64_t *held;				/* those that the plan names */
	struct pen_settling_person **order;
	struct pen_settlement_group *group;
	size_t orders, groups;
	int64_t credited, interest_opening, interest_year, merged, pension, interest_pension;
	int64_t interest_merge;
};

/* Begins one, of which nothing is known yet. It must not be moved. */
void pen_settlement__start(struct pen_settlement *settlement, struct pen_session *session);

/* Draws up the plan of a year: its reference, rate and way of crediting, and the
 * text whose digest names it. PEN_REFUSED: no rate is in force. */
enum pen_status pen_settlement__plan(struct pen_settlement *settlement, struct pen_session *session,
    int32_t year, struct pen_settling_plan *plan, struct pen_error *error);
/* Reads all that the plan rests on: settlement->s, orders and groups. */
enum pen_status pen_settlement__collect(struct pen_settlement *settlement, const struct pen_settling_plan *plan,
    struct pen_error *error);
/* Puts those to be settled in the order in which they are written, and cuts them into
 * groups; the last step of collecting, for whoever collects otherwise. */
enum pen_status pen_settlement__arrange(struct pen_settlement *settlement, struct pen_error *error);
/* Works out the sums and writes nothing but, with `note`, that it was looked at. */
enum pen_status pen_settlement__count(struct pen_settlement *settlement, bool note, struct pen_error *error);
/* Writes and confirms; the caller holds the store. PEN_INCOMPLETE if the session
 * wants to stop. */
enum pen_status pen_settlement__write(struct pen_settlement *settlement, struct pen_error *error);
void pen_settlement__free(struct pen_settlement *settlement);

/* The same for people who were collected otherwise, in the caller's transaction: rows
 * (their lines go on from settlement->computed.rows), places and what is replaced, all under the
 * entry `at`; the batch is there. */
enum pen_status pen_settlement__enter(struct pen_settlement *settlement, int64_t at, struct pen_error *error);

/* Before this year an account also took a share of what the unit paid (11 % in all,
 * 国发〔2005〕38号 six): balances from then come in by the opening form. */
#define PEN_SETTLEMENT_FIRST 2006

/* Assumptions, as the receipt lists them. */
#define PEN_SETTLEMENT_UNARRIVED N_("no day of arrival was told: credited in the months that it is for")
#define PEN_SETTLEMENT_OUTSIDE N_("arrived before or after the year: credited in January or December")
#define PEN_SETTLEMENT_PROVISIONAL N_("the rate of the year is not published yet: settled by the provisional one, and to be settled again when it is")

#endif
