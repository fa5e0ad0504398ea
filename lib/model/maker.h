/* The acts that make a batch out of what the store has, one list for all that has to know
 * them: whose act it is (journal.role), what its entry binds (journal.acts), and the rules
 * in SQL, which get the names as :makers. */
#ifndef PEN_MODEL_MAKER_H
#define PEN_MODEL_MAKER_H

/* act, role that it asks for, key under which its entry says what the rows come to */
#define PEN_MAKERS(MAKER) \
	MAKER("account.settle", "operator", "balance_fen") \
	MAKER("account.close", "operator", "amount_fen") \
	MAKER("account.merge", "operator", "amount_fen") \
	MAKER("benefit.assess", "operator", "pension_fen") \
	MAKER("benefit.run", "operator", "amount_fen") \
	MAKER("benefit.adjust", "lead", "increase_fen") \
	MAKER("benefit.change", "operator", "amount_fen") \
	MAKER("benefit.return", "operator", "amount_fen")

struct pen_maker { const char *act, *role, *amount; };

extern const struct pen_maker pen_maker__all[];		/* ends with act NULL */
extern const char pen_maker__names[];			/* " account.settle account.close … ": a space around each */
const struct pen_maker *pen_maker__of(const char *act);	/* NULL: it makes none */

#endif
