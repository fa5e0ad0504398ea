/* Folios and rows of accounts put straight into a store, as imports leave them.
 * Included after store_fixture.h. */
#ifndef PEN_ACCOUNT_FIXTURE_H
#define PEN_ACCOUNT_FIXTURE_H

#include <inttypes.h>

static inline void putf(struct fixture *f, const char *format, ...) PEN_PRINTF(2, 3);
static inline void putf(struct fixture *f, const char *format, ...)
{
	char sql[1024];
	va_list ap;

	va_start(ap, format);
	assert_true(vsnprintf(sql, sizeof(sql), format, ap) < (int)sizeof(sql));
	va_end(ap);
	tamper(f, sql);
}

/* A folio confirmed and, from 0 on, sealed at an entry. */
static inline void folio(struct fixture *f, int64_t id, const char *form, int64_t employer, int period,
    int64_t confirmed, int64_t sealed)
{
	putf(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen,"
	    " amount_fen, confirmed_at, sealed_at) VALUES (%" PRId64 ", 900, '%s', NULLIF(%" PRId64 ", 0), %d, 1, '%s',"
	    " 0, 0, 0, 0, %" PRId64 ", NULLIF(%" PRId64 ", -1))",
	    id, form, employer, period, sealed < 0 ? "confirmed" : "sealed", confirmed, sealed);
}

/* A contribution of somebody whom nothing registers with the employer. */
static inline void paid(struct fixture *f, int64_t in, int64_t person, int64_t line, int months, int64_t personal)
{
	putf(f, "INSERT INTO contribution VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", 1, 1, 500000, %d, 0, %" PRId64
	    ", %" PRId64 ", NULL, NULL, NULL)", in, person, line, months, 2 * personal, personal);
	putf(f, "INSERT OR IGNORE INTO contribution_aside SELECT %" PRId64 ", period, id FROM folio WHERE id = %" PRId64, person, in);
}

static inline void opened(struct fixture *f, int64_t in, int64_t person, int year, int64_t principal, int64_t interest)
{
	putf(f, "INSERT INTO opening VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", %d, %" PRId64 ", %" PRId64 ", 0, 0, NULL, NULL)",
	    in, person, person + 1, year, principal, interest);
	putf(f, "INSERT INTO account_year VALUES (%" PRId64 ", %d, %" PRId64 ")", person, year, in);
}

/* A settled year: its balance, and where it stands. */
static inline void settled(struct fixture *f, int64_t in, int64_t person, int year, int64_t principal)
{
	putf(f, "INSERT INTO movement VALUES (%" PRId64 ", %" PRId64 ", %d, %d, 'balance', %" PRId64 ", 0, 0, 0, 0, NULL, NULL)",
	    in, person, year, year, principal);
	putf(f, "INSERT INTO account_year VALUES (%" PRId64 ", %d, %" PRId64 ")", person, year, in);
}

#endif
