/* A store with the people of a case, and a case about one contribution. Included after
 * cmocka.h. */
#ifndef PEN_CASE_FIXTURE_H
#define PEN_CASE_FIXTURE_H

#include "store_fixture.h"
#include "store/applications.h"
#include "store/casework.h"

/* Whoever acts from now on, with the one key that the store's head has. */
static inline void act_as(struct fixture *f, const char *id)
{
	bool found;

	assert_ok(pen_staff__find(store_of(f), id, &f->session.staff, &found, &f->error));
	assert_true(found);
}

static inline void enter_staff(struct fixture *f, const char *id, const char *role)
{
	struct pen_staff staff = { .name = "张三", .agency = "330100" };
	const int64_t at = enter_act(f, "staff.add", true);

	snprintf(staff.id, sizeof(staff.id), "%s", id);
	assert_ok(pen_staff__enter(store_of(f), &staff, at, &f->error));
	assert_ok(pen_staff__set_key(store_of(f), id, at, f->pem, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), id, role, at, true, &f->error));
}

static inline int start_cases(void **state)
{
	static const char *const people[][2] = {
		{ "op1", "operator" }, { "lead1", "lead" }, { "lead2", "lead" }, { "head2", "head" }, { "sys1", "syslead" },
		{ "amender1", "amender" },
	};
	size_t i;

	start(state);
	for (i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		enter_staff(*state, people[i][0], people[i][1]);
	return 0;
}

/* A contribution of folio 5, whose base is to be another. */
static inline void fill_change(struct pen_amendeds *list)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };
	struct pen_amended *record;
	int i;

	for (i = 0; i < row.kind->count; i++)
		row.v[i] = pen_value__integer(1);
	row.v[PEN_SUBJECT] = pen_value__integer(21);
	row.v[PEN_LINE] = pen_value__integer(17);
	row.v[PEN_CONTRIBUTION_BASE] = pen_value__integer(600000);
	record = pen_amended__standing(list, "breakdown", 5, 3, 2024, &row);
	assert_non_null(record);
	record->new.v[PEN_CONTRIBUTION_BASE] = pen_value__integer(650000);
	record->set = 1u << PEN_CONTRIBUTION_BASE;
	record->new.v[PEN_CONTRIBUTION_UNIT] = pen_value__integer(104000);
	record->follow = 1u << PEN_CONTRIBUTION_UNIT;
}

/* op1 asks for it; the case's number. */
static inline int64_t request(struct fixture *f)
{
	struct pen_casework work = { .move = PEN_AMENDMENT_REQUEST };
	struct pen_case entered = { .form = PEN_AMENDMENT_CHANGE, .revision = 1 };
	struct pen_application application = {
		.revision = 1, .form = "change", .agency = "330100", .requested_by = "op1", .reason = "基数录错", .original = "aa", .evidence = "bb",
	};
	struct pen_amendeds list = { 0 };
	struct pen_text text = { 0 };
	char digest[PEN_DIGEST_HEX];
	int64_t at, id;

	act_as(f, "op1");
	fill_change(&list);
	snprintf(entered.agency, sizeof(entered.agency), "330100");
	snprintf(entered.requested_by, sizeof(entered.requested_by), "op1");
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_cases__next(store_of(f), &entered.id, &f->error));
	application.amendment = entered.id;
	assert_ok(pen_applications__text(store_of(f), &application, &list, &text, digest, &f->error));
	work.application = digest;
	assert_ok(pen_casework__make(&f->session, &entered, &work, &at, &f->error));
	assert_ok(pen_applications__enter(store_of(f), &application, at, &text, digest, &list, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	id = entered.id;
	pen_text__free(&text);
	pen_amended__free(&list);
	pen_cases__free(&entered);
	return id;
}

static inline void move_as(struct fixture *f, int64_t id, const char *staff, const struct pen_casework *work)
{
	struct pen_case moved = { 0 };

	act_as(f, staff);
	assert_ok(pen_casework__begin(&f->session, id, work->move, false, &moved, &f->error));
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_casework__make(&f->session, &moved, work, NULL, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	pen_cases__free(&moved);
}

static inline void go(struct fixture *f, int64_t id, const char *staff, enum pen_amendment_move move)
{
	const bool ends = move == PEN_AMENDMENT_REJECT || move == PEN_AMENDMENT_RETURN || move == PEN_AMENDMENT_WITHDRAW;

	move_as(f, id, staff, &(struct pen_casework){
		.move = move, .batch = move == PEN_AMENDMENT_APPLY ? 77 : 0, .reason = ends ? "理由" : NULL });
}

static inline void unseal(struct fixture *f, int64_t id, const char *until)
{
	move_as(f, id, "sys1", &(struct pen_casework){ .move = PEN_AMENDMENT_UNSEAL, .open_until = until });
}

static inline void refuse(struct fixture *f, int64_t id, const char *staff, enum pen_amendment_move move, const char *code, const char *clause)
{
	struct pen_case looked = { 0 };

	act_as(f, staff);
	assert_fails(pen_casework__begin(&f->session, id, move, false, &looked, &f->error), PEN_REFUSED, code);
	assert_string_equal(f->error.clause, clause);
	pen_cases__free(&looked);
}

static inline void look(struct fixture *f, int64_t id, struct pen_case *found)
{
	bool is;

	assert_ok(pen_cases__find(store_of(f), id, found, &is, &f->error));
	assert_true(is);
}

#define WITH_CASES(test) cmocka_unit_test_setup_teardown(test, start_cases, stop)

#endif
