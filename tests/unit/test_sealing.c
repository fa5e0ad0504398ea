#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/sealing.h"

#define ROOT "7777777777777777777777777777777777777777777777777777777777777777"

/* The folios of the breakdown, with roots that stand for any. */
static void folios_of(struct year *y, struct pen_batch *batch, struct pen_folio folios[2])
{
	struct fixture *f = y->f;
	int64_t first = ask(f, "SELECT MIN(id) FROM folio WHERE batch = 4");
	bool found;
	int i;

	assert_ok(pen_batch__find(store_of(f), 4, batch, &found, &f->error));
	for (i = 0; i < 2; i++) {
		assert_ok(pen_folio__set_root(store_of(f), first + i, ROOT, &f->error));
		assert_ok(pen_folio__find(store_of(f), first + i, &folios[i], &found, &f->error));
		assert_true(found);
	}
}

static void agree(struct year *y, int64_t folio, int64_t at, int32_t on)
{
	struct fixture *f = y->f;
	struct pen_agreement agreement = { .answer = "agreed", .document = ROOT, .answered_on = on };

	assert_ok(pen_sealing__agree(store_of(f), folio, at, &agreement, NULL, &f->error));
}

static void enter(struct year *y, int64_t id, int64_t at, const struct pen_folio *folios, const char *text)
{
	struct fixture *f = y->f;
	struct pen_seal seal = { .id = id, .batch = 4, .at = at, .state = "open", .digest = ROOT };

	assert_ok(pen_sealing__enter(store_of(f), &seal, text, folios, 2, &f->error));
}

static void a_text_is_drawn_up_again_to_the_byte_whatever_is_answered_later(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_text first = { NULL, 0, 0, false }, again = { NULL, 0, 0, false };
	struct pen_folio folios[2];
	struct pen_batch batch;

	folios_of(y, &batch, folios);
	agree(y, folios[0].id, 20, 20240201);
	agree(y, folios[1].id, 20, 20240202);
	assert_ok(pen_sealing__text(store_of(f), 1, "", &batch, folios, 2, &first, &f->error));
	enter(y, 1, 30, folios, first.s);
	agree(y, folios[0].id, 40, 20240303);
	assert_ok(pen_sealing__text(store_of(f), 1, "", &batch, folios, 2, &again, &f->error));
	assert_string_equal(first.s, again.s);
	assert_non_null(strstr(first.s, "agreed-on: 2024-02-01\n"));
	assert_non_null(strstr(first.s, "previous: -\n"));
	assert_non_null(strstr(first.s, "roles: operator lead\n"));
	assert_non_null(strstr(first.s, "folios: 2\n"));
	pen_text__free(&first);
	pen_text__free(&again);
}

static void seals_are_numbered_and_each_names_the_one_before(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_folio folios[2];
	struct pen_batch batch;
	char previous[PEN_DIGEST_HEX];
	int64_t id;

	folios_of(y, &batch, folios);
	assert_ok(pen_sealing__next(store_of(f), &id, previous, &f->error));
	assert_int_equal(id, 1);
	assert_string_equal(previous, "");
	enter(y, 1, 30, folios, "a text");
	assert_ok(pen_sealing__next(store_of(f), &id, previous, &f->error));
	assert_int_equal(id, 2);
	assert_string_equal(previous, ROOT);
	assert_ok(pen_sealing__previous(store_of(f), 2, previous, &f->error));
	assert_string_equal(previous, ROOT);
	assert_ok(pen_sealing__previous(store_of(f), 1, previous, &f->error));
	assert_string_equal(previous, "");
}

static void a_void_seal_holds_no_folio(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_folio folios[2];
	struct pen_batch batch;
	struct pen_seal seal;
	int64_t in;
	bool found;

	folios_of(y, &batch, folios);
	enter(y, 1, 30, folios, "a text");
	assert_ok(pen_sealing__of_folio(store_of(f), folios[1].id, &in, &f->error));
	assert_int_equal(in, 1);
	assert_ok(pen_sealing__set_state(store_of(f), 1, "void", 31, &f->error));
	assert_ok(pen_sealing__of_folio(store_of(f), folios[1].id, &in, &f->error));
	assert_int_equal(in, 0);
	assert_ok(pen_sealing__find(store_of(f), 1, &seal, &found, &f->error));
	assert_true(found);
	assert_string_equal(seal.state, "void");
	assert_int_equal(seal.ended_at, 31);
	assert_ok(pen_sealing__find(store_of(f), 2, &seal, &found, &f->error));
	assert_false(found);
}

static void folios_and_signatures_come_back_as_they_went_in(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_seal_signature in = { .role = "operator", .staff = "op1", .at = 30, .n = 64 }, out[2];
	struct pen_folio folios[2], *kept;
	struct pen_batch batch;
	size_t count;
	char *text;

	folios_of(y, &batch, folios);
	enter(y, 1, 30, folios, "a text\n");
	memset(in.bytes, 9, sizeof(in.bytes));
	assert_ok(pen_sealing__sign(store_of(f), 1, &in, &f->error));
	assert_ok(pen_sealing__signatures(store_of(f), 1, out, 2, &count, &f->error));
	assert_int_equal(count, 1);
	assert_int_equal(out[0].n, 64);
	assert_memory_equal(out[0].bytes, in.bytes, 64);
	assert_string_equal(out[0].staff, "op1");
	assert_ok(pen_sealing__folios(store_of(f), 1, &kept, &count, &f->error));
	assert_int_equal(count, 2);
	assert_int_equal(kept[1].id, folios[1].id);
	assert_string_equal(kept[0].root, ROOT);
	pen_memory__free(kept);
	assert_ok(pen_sealing__load_text(store_of(f), 1, &text, &f->error));
	assert_string_equal(text, "a text\n");
	pen_memory__free(text);
}

static void a_seal_that_is_not_there_has_no_text(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	char *text;

	assert_fails(pen_sealing__load_text(store_of(f), 9, &text, &f->error), PEN_INTEGRITY, "seal.missing");
}

static void the_newest_answer_of_an_employer_counts(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_agreement agreement = { .answer = "objected", .document = ROOT, .answered_on = 20240305 };
	struct pen_folio folios[2];
	struct pen_batch batch;

	folios_of(y, &batch, folios);
	agree(y, folios[0].id, 20, 20240201);
	assert_ok(pen_sealing__agree(store_of(f), folios[0].id, 21, &agreement, "months of 王1", &f->error));
	assert_ok(pen_sealing__agreement(store_of(f), folios[0].id, &agreement, &f->error));
	assert_string_equal(agreement.answer, "objected");
	assert_int_equal(agreement.answered_on, 20240305);
	assert_ok(pen_sealing__agreement(store_of(f), folios[1].id, &agreement, &f->error));
	assert_string_equal(agreement.answer, "");
}

static void the_digest_of_answers_is_that_of_their_lines(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_agreement agreement = { .answer = "agreed", .document = ROOT, .answered_on = 20240201 };
	struct pen_text lines = { NULL, 0, 0, false };
	char expected[PEN_DIGEST_HEX], digest[PEN_DIGEST_HEX];

	assert_ok(pen_sealing__agree(store_of(f), 17, 20, &agreement, NULL, &f->error));
	assert_ok(pen_sealing__agree(store_of(f), 16, 20, &agreement, "盖章", &f->error));
	pen_text__puts(&lines, "16 agreed 20240201 " ROOT " \"盖章\"\n17 agreed 20240201 " ROOT " \"\"\n");
	assert_ok(pen_store__digest(store_of(f), lines.s, lines.n, expected, &f->error));
	assert_ok(pen_sealing__answers(store_of(f), 20, digest, &f->error));
	assert_string_equal(digest, expected);
	tamper(f, "UPDATE acknowledgement SET note = NULL WHERE folio = 16");
	assert_ok(pen_sealing__answers(store_of(f), 20, digest, &f->error));
	assert_string_not_equal(digest, expected);
	pen_text__free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_text_is_drawn_up_again_to_the_byte_whatever_is_answered_later),
		WITH_YEAR(seals_are_numbered_and_each_names_the_one_before),
		WITH_YEAR(a_void_seal_holds_no_folio),
		WITH_YEAR(folios_and_signatures_come_back_as_they_went_in),
		WITH_YEAR(a_seal_that_is_not_there_has_no_text),
		WITH_YEAR(the_newest_answer_of_an_employer_counts),
		WITH_YEAR(the_digest_of_answers_is_that_of_their_lines),
	};

	return cmocka_run_group_tests_name("store/sealing", tests, NULL, NULL);
}
