#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "model/months.h"
#include "store/settings.h"
#include "store/staging.h"

/* A breakdown of 2024 on its way; person 2 left for retirement in June. */
struct way {
	struct fixture *f;
	struct pen_form *form;
	struct pen_book *book;
	struct pen_pile *pile;
	struct pen_rejects *rejects;
	struct pen_staging *staging;
};

static void put(struct way *w, int64_t employer, int64_t person, int64_t line, int32_t months, bool assumed)
{
	struct pen_shaped shaped = { .employer = employer, .period = 2024, .amount_fen = 300,
		.row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) }, .first_month = 1 };
	struct pen_value *v = shaped.row.v;
	struct fixture *f = w->f;

	v[PEN_SUBJECT] = pen_value__integer(person);
	v[PEN_LINE] = pen_value__integer(line);
	v[PEN_CONTRIBUTION_KIND] = pen_value__integer(PEN_NORMAL);
	v[PEN_CONTRIBUTION_BASE] = pen_value__integer(1000);
	v[PEN_CONTRIBUTION_MONTHS] = pen_value__integer(months);
	v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(assumed);
	v[PEN_CONTRIBUTION_UNIT] = pen_value__integer(200);
	v[PEN_CONTRIBUTION_PERSONAL] = pen_value__integer(100);
	assert_ok(pen_pile__add(w->pile, &shaped, line * 100, &f->error));
}

/* Person 1 at both employers; 2 before and after retirement, some of it twice. */
static void set_out(struct way *w, struct fixture *f)
{
	*w = (struct way){ .f = f };
	assert_ok(pen_settings__form(NULL, "breakdown", &w->form, NULL, &f->error));
	assert_ok(pen_reference__open(&w->book, store_of(f), w->form, INT64_MAX, &f->error));
	assert_ok(pen_rejects__new(&w->rejects, w->form, PEN_UTF8, pen_store__dir(store_of(f)), PEN_REJECTS_MEMORY, &f->error));
	w->pile = pen_pile__new(w->form->kind, f->dir, PEN_PILE_RUN);
	assert_non_null(w->pile);
	put(w, 1, 1, 2, PEN_MONTHS_ALL, false);
	put(w, 1, 2, 3, pen_months__span(8, 3), false);
	put(w, 1, 2, 4, pen_months__span(1, 6), false);
	put(w, 1, 2, 5, pen_months__span(9, 3), false);
	put(w, 1, 2, 6, pen_months__span(11, 2), false);
	put(w, 1, 3, 7, pen_months__span(1, 4), true);
	put(w, 1, 3, 8, pen_months__span(1, 4), true);
	put(w, 2, 1, 9, pen_months__span(1, 2), true);
	put(w, 2, 4, 10, PEN_MONTHS_ALL, false);
	assert_ok(pen_staging__open(&w->staging, store_of(f), w->form, w->pile, w->book, w->rejects, &f->error));
}

static void give_up(struct way *w)
{
	pen_staging__close(w->staging);
	pen_pile__free(w->pile);
	pen_rejects__free(w->rejects);
	pen_reference__close(w->book);
	pen_form__free(w->form);
}

static void prepare(struct fixture *f)
{
	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	tamper(f, "INSERT INTO person (id, batch) VALUES (1, 1), (2, 1), (3, 1), (4, 1);"
	    "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (1, 1, 'movement', 1, 0, 1, 'confirmed', 1, 0, 0, 0, 0);"
	    "INSERT INTO employment_change (folio, person, line, kind, month, since, reason) VALUES (1, 2, 2, 'leave', 202406, 20100101, 'retirement')");
}

static void write_all(struct way *w, size_t most, int64_t done)
{
	struct fixture *f = w->f;
	int64_t before;

	do {
		before = done;
		assert_ok(pen_staging__chunk(w->staging, most, &done, &f->error));
	} while (done > before);
	assert_int_equal(done, pen_staging__rows(w->staging));
	assert_ok(pen_staging__finish(w->staging, &f->error));
}

static void what_is_to_be_looked_at_has_folios_of_its_own_behind_the_others(void **state)
{
	struct fixture *f = *state;
	struct pen_staging_review review;
	struct way w;

	prepare(f);
	set_out(&w, f);
	assert_int_equal(pen_staging__rows(w.staging), 8);
	assert_int_equal(pen_rejects__count(w.rejects), 1);	/* line 5 says October again */
	assert_int_equal(pen_staging__aside(w.staging), 2);
	assert_ok(pen_staging__enter(w.staging, store_of(f), 20, &f->error));
	write_all(&w, 100, 0);
	review = pen_staging__review(w.staging, 0);
	assert_string_equal(review.rule, "person.retired");
	assert_string_equal(review.found, "months 8-10 of 2024");
	assert_int_equal(review.folio, 4);
	review = pen_staging__review(w.staging, 1);
	assert_string_equal(review.rule, "person.elsewhere");
	assert_int_equal(review.folio, 5);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM contribution WHERE folio = 4 AND line IN (3, 6)"), 2);
	assert_int_equal(ask(f, "SELECT sequence FROM contribution WHERE line = 6"), 2);
	/* As if those set aside had not been there. */
	assert_int_equal(ask(f, "SELECT sequence FROM contribution WHERE line = 4"), 1);
	assert_int_equal(ask(f, "SELECT months FROM contribution WHERE line = 8"), pen_months__span(5, 4));
	assert_int_equal(ask(f, "SELECT rows FROM folio WHERE id = 2 AND state = 'staged'"), 4);
	assert_int_equal(ask(f, "SELECT rows FROM folio WHERE id = 4 AND state = 'held'"), 2);
	assert_int_equal(ask(f, "SELECT number FROM folio WHERE id = 5"), 2);
	give_up(&w);
}

static void a_staging_that_was_interrupted_goes_on_with_the_same_rows_set_aside(void **state)
{
	struct fixture *f = *state;
	int64_t done, stop;
	struct way w;
	bool same;

	prepare(f);
	set_out(&w, f);
	assert_ok(pen_staging__enter(w.staging, store_of(f), 20, &f->error));
	write_all(&w, 100, 0);
	give_up(&w);
	for (stop = 1; stop < 8; stop++) {
		set_out(&w, f);
		assert_ok(pen_staging__enter(w.staging, store_of(f), 20 + stop, &f->error));
		done = 0;
		assert_ok(pen_staging__chunk(w.staging, (size_t)stop, &done, &f->error));
		assert_int_equal(done, stop);
		give_up(&w);
		set_out(&w, f);
		assert_ok(pen_staging__find(w.staging, store_of(f), 20 + stop, &same, &f->error));
		assert_true(same);
		write_all(&w, 2, done);
		give_up(&w);
	}
	/* Folio by folio, in the order of each batch. */
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM contribution AS a JOIN contribution AS b ON b.line = a.line AND b.person = a.person"
	    " AND b.sequence = a.sequence AND b.months = a.months AND (b.folio - a.folio) % 4 = 0 WHERE a.folio BETWEEN 2 AND 5"), 64);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM contribution"), 64);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE batch >= 20 AND rows = (SELECT COUNT(*) FROM contribution WHERE folio = folio.id)"), 32);
}

/* Person 1 is registered with employer 1; 4's period with employer 2 has not entered yet. */
static void who_has_no_period_with_the_employer_is_listed_as_the_rows_are_written(void **state)
{
	struct fixture *f = *state;
	struct way w;

	prepare(f);
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (2, 1, 'registration', 1, 0, 1, 'confirmed', 1, 0, 0, 0, 0), (3, 1, 'registration', 2, 0, 1, 'staged', 1, 0, 0, 0, NULL);"
	    "INSERT INTO registration (folio, person, line, id_number, name, born, sex, insured_on, worked_on, payer, base_fen, deemed_months)"
	    " VALUES (2, 1, 2, '110101199003071234', 'A', 19900307, 1, 20100101, 20100101, 'employee', 0, 0);"
	    "INSERT INTO employment (person, employer, since, folio) VALUES (1, 1, 20100101, 2), (2, 1, 20100101, 1), (4, 2, 20100101, 3)");
	set_out(&w, f);
	assert_ok(pen_staging__enter(w.staging, store_of(f), 20, &f->error));
	write_all(&w, 100, 0);
	give_up(&w);
	/* By a registration the first, by a change of employment the second. */
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM contribution_aside AS a JOIN folio AS f ON f.id = a.folio WHERE f.employer = 1 AND person IN (1, 2)"), 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM contribution_aside AS a JOIN folio AS f ON f.id = a.folio AND f.period = a.year"
	    " WHERE (person, f.employer) IN ((3, 1), (1, 2), (4, 2))"), 3);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM contribution_aside"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(what_is_to_be_looked_at_has_folios_of_its_own_behind_the_others),
		WITH_STORE(a_staging_that_was_interrupted_goes_on_with_the_same_rows_set_aside),
		WITH_STORE(who_has_no_period_with_the_employer_is_listed_as_the_rows_are_written),
	};

	return cmocka_run_group_tests_name("store/staging", tests, NULL, NULL);
}
