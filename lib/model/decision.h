/* What is decided about somebody's benefit: that it stops, goes on or ends, by which
 * instalments something is recovered, that something was handed back. */
#ifndef PEN_MODEL_DECISION_H
#define PEN_MODEL_DECISION_H

#include "adapter/digest.h"
#include "model/kind.h"

/* Fen; -1: does not apply. paper: digest of a blob; "": none. */
struct pen_decision {
	char kind[12], reason[64];
	int64_t person, employer;		/* employer 0: none */
	int32_t month, happened_on;		/* happened_on 0: not told */
	int64_t amount_fen, funeral_fen, consolation_fen, balance_fen;
	char note[512], paper[PEN_DIGEST_HEX];
};

/* As a row of kind benefit-change. Its text is borrowed from the decision. */
struct pen_row pen_decision__row(const struct pen_decision *decision, int64_t line);

/* The reasons of a kind; NULL ends the list. */
const char *const *pen_decision__reasons(const char *kind);
bool pen_decision__is_reason(const char *kind, const char *reason);

#endif
