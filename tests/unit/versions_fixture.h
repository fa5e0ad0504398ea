/* A small agency whose accounts are settled, straight into a store: employer 1, in
 * folios 1 to 9, and people of it. Included after account_fixture.h. */
#ifndef PEN_VERSIONS_FIXTURE_H
#define PEN_VERSIONS_FIXTURE_H

#include "base/file.h"
#include "store/settlement.h"
#include "work/trial.h"

static inline void load_shipped(struct fixture *f, const char *name)
{
	char path[512], digest[PEN_DIGEST_HEX], *csv = NULL;
	size_t n;

	snprintf(path, sizeof(path), "%s/share/params/%s.csv", PEN_SOURCE, name);
	assert_ok(pen_file__load(path, 1 << 20, &csv, &n, &f->error));
	assert_ok(pen_settings__load(store_of(f), name, csv, n, enter_act(f, "parameters.load", true), digest, &f->error));
	pen_memory__free(csv);
}

static inline void settle_year(struct fixture *f, int32_t year)
{
	struct pen_settling_plan plan;
	struct pen_settlement work;

	assert_ok(pen_settlement__plan(&work, &f->session, year, &plan, &f->error));
	assert_ok(pen_settlement__collect(&work, &plan, &f->error));
	assert_ok(pen_settlement__write(&work, &f->error));
	pen_settlement__free(&work);
}

static inline void register_person(struct fixture *f, int64_t person, int64_t since)
{
	putf(f, "INSERT INTO person VALUES (%" PRId64 ", 900)", person);
	putf(f, "INSERT INTO registration VALUES (2, %" PRId64 ", %" PRId64 ", '33010619850812002%d', '王秀英', 2, 19850812, %" PRId64
	    ", 20080701, 'worker', 'employee', 500000, NULL, 0)", person, person, (int)(person % 10), since);
	putf(f, "INSERT INTO employment VALUES (%" PRId64 ", 1, %" PRId64 ", NULL, 2)", person, since);
}

/* A whole year at a base in fen, at 16 and 8 percent. */
static inline void pay_year(struct fixture *f, int64_t in, int64_t person, int64_t base)
{
	putf(f, "INSERT INTO contribution VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", 1, 1, %" PRId64 ", 4095, 0, %" PRId64
	    ", %" PRId64 ", NULL, NULL, NULL)", in, person, person, base, base * 12 * 16 / 100, base * 12 * 8 / 100);
}

/* Employer 1; people 10 and 11 with 5000.00 in 2022, 2023, 2024 (folios 4, 5, 6); a levy
 * of a million for each year. Whose year is another is said by base. */
static inline void agency(struct fixture *f, int64_t base_2022)
{
	int year;

	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	load_shipped(f, "interest");
	load_shipped(f, "rates");
	load_shipped(f, "policy");
	load_shipped(f, "bases");
	folio(f, 1, "employer", 0, 0, 1, 1);
	folio(f, 2, "registration", 1, 0, 1, 1);
	folio(f, 3, "levy", 0, 0, 1, 1);
	putf(f, "INSERT INTO employer VALUES (1, 900)");
	putf(f, "INSERT INTO employer_alias VALUES ('credit-code', '91330106MA1080192C', 1, 900)");
	putf(f, "INSERT INTO employer_record VALUES (1, 1, 2, '91330106MA1080192C', '某厂', '330106', 20100101, 0, NULL, NULL)");
	register_person(f, 10, 20100301);
	register_person(f, 11, 20100301);
	for (year = 2022; year <= 2024; year++) {
		putf(f, "INSERT INTO levy_year VALUES (1, %d, 3, 100000000)", year);
		folio(f, year - 2018, "breakdown", 1, year, 2, 2);
		pay_year(f, year - 2018, 10, year == 2022 ? base_2022 : 500000);
		pay_year(f, year - 2018, 11, 500000);
		putf(f, "UPDATE folio SET rows = 2, unit_fen = (SELECT SUM(unit_fen) FROM contribution WHERE folio = %d),"
		    " personal_fen = (SELECT SUM(personal_fen) FROM contribution WHERE folio = %d) WHERE id = %d",
		    year - 2018, year - 2018, year - 2018);
	}
	while (enter_act(f, "test", true) < 10)
		;
	for (year = 2022; year <= 2024; year++)
		settle_year(f, year);
}

/* The record of a row as it stands. */
static inline struct pen_amended *standing(struct fixture *f, struct pen_amendeds *list, const char *form, int64_t in,
    int64_t employer, int32_t period, int64_t subject)
{
	struct pen_amended *made;
	const struct pen_row *row;
	struct pen_rows *rows;

	assert_ok(pen_rows__open_subject(&rows, store_of(f), pen_amended__kind(form), in, subject, &f->error));
	assert_ok(pen_rows__next(rows, &row, &f->error));
	assert_non_null(row);
	made = pen_amended__standing(list, form, in, employer, period, row);
	pen_rows__close(rows);
	assert_non_null(made);
	return made;
}

#endif
