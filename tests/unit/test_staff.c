#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

static bool holds(struct fixture *f, const char *id, const char *role, int64_t at)
{
	bool holds_it;

	assert_ok(pen_staff__holds(store_of(f), id, role, at, &holds_it, &f->error));
	return holds_it;
}

static void assert_key_at(struct fixture *f, const char *id, int64_t at, const char *expected)
{
	char *pem;

	assert_ok(pen_staff__key_at(store_of(f), id, at, &pem, &f->error));
	if (expected)
		assert_string_equal(pem, expected);
	else
		assert_null(pem);
	pen_memory__free(pem);
}

/* ---- persons ---- */

static void a_person_entered_is_found_and_nobody_else(void **state)
{
	struct pen_staff op = { "op1", "张三", "330106" }, found;
	struct fixture *f = *state;
	bool there;

	assert_ok(pen_staff__enter(store_of(f), &op, 1, &f->error));
	assert_ok(pen_staff__find(store_of(f), "op1", &found, &there, &f->error));
	assert_true(there);
	assert_string_equal(found.id, "op1");
	assert_string_equal(found.name, "张三");
	assert_string_equal(found.agency, "330106");
	assert_ok(pen_staff__find(store_of(f), "OP1", &found, &there, &f->error));
	assert_false(there);
	assert_ok(pen_staff__find(store_of(f), "", &found, &there, &f->error));
	assert_false(there);
}

static void an_id_stands_in_a_file_name_and_a_name_on_a_line(void **state)
{
	static const char *const ids[] = { "", ".", "..", "../x", "a/b", "-x", "a b", "张三", "a\nb", "a:b" };
	char long_id[65], long_name[129];
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		assert_fails(pen_staff__check(ids[i], NULL, &f->error), PEN_USAGE, "staff.id");
	memset(long_id, 'a', 64);
	long_id[64] = '\0';
	assert_fails(pen_staff__check(long_id, NULL, &f->error), PEN_USAGE, "staff.id");
	assert_ok(pen_staff__check(long_id + 1, NULL, &f->error));
	assert_ok(pen_staff__check("Op-1_a.b", "张三", &f->error));
	assert_ok(pen_staff__check("op1", "𠮷田", &f->error));	/* outside the BMP */
	assert_fails(pen_staff__check("op1", "", &f->error), PEN_USAGE, "staff.name");
	assert_fails(pen_staff__check("op1", "a\nb", &f->error), PEN_USAGE, "staff.name");
	assert_fails(pen_staff__check("op1", "\xff", &f->error), PEN_USAGE, "staff.name");
	memset(long_name, 'n', 128);
	long_name[128] = '\0';
	assert_fails(pen_staff__check("op1", long_name, &f->error), PEN_USAGE, "staff.name");
	assert_ok(pen_staff__check("op1", long_name + 1, &f->error));
}

/* ---- roles ---- */

static void a_grant_holds_from_the_entry_after_it_until_the_one_that_revokes_it(void **state)
{
	struct fixture *f = *state;
	int64_t since;

	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", 5, true, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", 9, false, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", 12, true, &f->error));
	assert_false(holds(f, "op1", "operator", 0));
	assert_false(holds(f, "op1", "operator", 5));
	assert_true(holds(f, "op1", "operator", 6));
	assert_true(holds(f, "op1", "operator", 9));
	assert_false(holds(f, "op1", "operator", 10));
	assert_false(holds(f, "op1", "operator", 12));
	assert_true(holds(f, "op1", "operator", 13));
	assert_true(holds(f, "op1", "operator", INT64_MAX));
	assert_ok(pen_staff__held_since(store_of(f), "op1", "operator", 9, &since, &f->error));
	assert_int_equal(since, 5);
	assert_ok(pen_staff__held_since(store_of(f), "op1", "operator", 10, &since, &f->error));
	assert_int_equal(since, -1);
	assert_ok(pen_staff__held_since(store_of(f), "op1", "operator", 13, &since, &f->error));
	assert_int_equal(since, 12);
}

static void a_role_is_one_persons_and_no_other(void **state)
{
	struct fixture *f = *state;

	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", 5, true, &f->error));
	assert_false(holds(f, "op1", "lead", 6));
	assert_false(holds(f, "op2", "operator", 6));
}

static void what_init_granted_holds_from_the_start(void **state)
{
	struct fixture *f = *state;

	assert_true(holds(f, "head1", "head", 0));
	assert_true(holds(f, "head1", "head", 1));
	assert_ok(pen_staff__set_role(store_of(f), "head1", "head", 3, false, &f->error));
	assert_true(holds(f, "head1", "head", 3));
	assert_false(holds(f, "head1", "head", 4));
}

static void the_eight_roles_are_roles_and_nothing_else_is(void **state)
{
	int n;

	(void)state;
	for (n = 0; pen_staff__roles[n]; n++)
		assert_true(pen_staff__is_role(pen_staff__roles[n]));
	assert_int_equal(n, 8);
	assert_false(pen_staff__is_role(""));
	assert_false(pen_staff__is_role("Operator"));
	assert_false(pen_staff__is_role("operator "));
}

struct seen { char text[512]; size_t n; };

static enum pen_status see(void *context, const struct pen_staff *staff, const char *role,
    bool granted, int64_t at, struct pen_error *error)
{
	struct seen *seen = context;

	(void)error;
	seen->n += (size_t)snprintf(seen->text + seen->n, sizeof(seen->text) - seen->n, "%s %s %s%s %d\n",
	    staff->id, staff->name, granted ? "+" : "-", role, (int)at);
	return PEN_OK;
}

static void every_grant_and_revocation_is_visited_in_order(void **state)
{
	struct pen_staff op = { "op1", "张三", "330100" };
	struct fixture *f = *state;
	struct seen seen = { "", 0 };

	assert_ok(pen_staff__enter(store_of(f), &op, 1, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", 5, true, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "op1", "auditor", 7, true, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", 6, false, &f->error));
	assert_ok(pen_staff__each(store_of(f), see, &seen, &f->error));
	assert_string_equal(seen.text, "head1 王敏 +head 0\nop1 张三 +auditor 7\nop1 张三 +operator 5\nop1 张三 -operator 6\n");
}

/* ---- keys ---- */

static void a_key_counts_from_the_entry_after_its_own(void **state)
{
	struct fixture *f = *state;

	assert_ok(pen_staff__set_key(store_of(f), "op1", 5, "first", &f->error));
	assert_ok(pen_staff__set_key(store_of(f), "op1", 8, "second", &f->error));
	assert_key_at(f, "op1", 5, NULL);
	assert_key_at(f, "op1", 6, "first");
	assert_key_at(f, "op1", 8, "first");
	assert_key_at(f, "op1", 9, "second");
	assert_key_at(f, "op2", 9, NULL);
	assert_key_at(f, "head1", 0, f->pem);
}

/* A key pair; its public half is entered as that person's. */
static struct pen_key *give_key(struct fixture *f, const char *id, int64_t at)
{
	struct pen_key *key;
	char *pem;

	assert_ok(pen_signature__generate(&key, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_signature__write_public(key, &pem, &f->error));
	assert_ok(pen_staff__set_key(store_of(f), id, at, pem, &f->error));
	pen_memory__free(pem);
	return key;
}

static void assert_owner(struct fixture *f, const char *id, const struct pen_key *key, const char *expected)
{
	char *owner;

	assert_ok(pen_staff__key_owner(store_of(f), id, key, &owner, &f->error));
	if (expected)
		assert_string_equal(owner, expected);
	else
		assert_null(owner);
	pen_memory__free(owner);
}

static void the_owner_of_a_key_is_found_even_if_it_is_an_old_one(void **state)
{
	struct fixture *f = *state;
	struct pen_key *first = give_key(f, "op1", 5), *second = give_key(f, "op1", 8), *third;

	assert_owner(f, "lead1", first, "op1");
	assert_owner(f, "lead1", second, "op1");
	assert_owner(f, "op1", first, NULL);
	assert_ok(pen_signature__generate(&third, PEN_ED25519_SHA256, &f->error));
	assert_owner(f, "op1", third, NULL);
	/* The fixture's head holds the key of its log. */
	assert_owner(f, "head1", f->session.key, "the store's log");
	pen_signature__free(first);
	pen_signature__free(second);
	pen_signature__free(third);
}

static void a_key_that_somebody_spoilt_is_no_answer_that_there_is_none(void **state)
{
	struct fixture *f = *state;
	struct pen_key *key = give_key(f, "op1", 5);
	char *owner;

	assert_ok(pen_staff__set_key(store_of(f), "op0", 6, "spoilt", &f->error));
	assert_fails(pen_staff__key_owner(store_of(f), "lead1", key, &owner, &f->error), PEN_INTEGRITY, "staff.key");
	assert_null(owner);
	pen_signature__free(key);
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 0777 : 0;
}

static void a_pair_is_written_for_its_owner_alone_and_read_back(void **state)
{
	struct fixture *f = *state;
	struct pen_key *read;
	char private[128], public[128], *pem;

	umask(022);
	snprintf(private, sizeof(private), "%s/op1.pem", f->dir);
	snprintf(public, sizeof(public), "%s/op1.pub", f->dir);
	assert_ok(pen_keypair__write_files(f->session.key, NULL, NULL, private, public, &f->error));
	assert_int_equal(mode_of(private), 0600);
	assert_int_equal(mode_of(public), 0644);
	assert_ok(pen_staff__read_public(PEN_ED25519_SHA256, public, &read, &pem, &f->error));
	assert_true(pen_signature__same(read, f->session.key));
	assert_string_equal(pem, f->pem);
	pen_signature__free(read);
	pen_memory__free(pem);
	assert_fails(pen_staff__read_public(PEN_SM2_SM3, public, &read, &pem, &f->error), PEN_INPUT, "key.suite");
	assert_non_null(strstr(f->error.file, "op1.pub"));
	assert_fails(pen_staff__read_public(PEN_ED25519_SHA256, private, &read, &pem, &f->error), PEN_INPUT, "key.unreadable");
}

static void keys_are_never_overwritten_and_a_pair_comes_whole_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	char private[128], public[128];

	snprintf(private, sizeof(private), "%s/op1.pem", f->dir);
	snprintf(public, sizeof(public), "%s/op1.pub", f->dir);
	assert_ok(pen_keypair__check_file(private, &f->error));
	assert_ok(pen_file__save(public, "mine", 4, 0600, &f->error));
	assert_fails(pen_keypair__write_files(f->session.key, NULL, NULL, private, public, &f->error), PEN_USAGE, "key.exists");
	assert_int_equal(access(private, F_OK), -1);
	assert_fails(pen_keypair__check_file(public, &f->error), PEN_USAGE, "key.exists");
	assert_int_equal(unlink(public), 0);
	/* A link that leads nowhere is there too. */
	assert_int_equal(symlink("/nowhere/at/all", private), 0);
	assert_fails(pen_keypair__write_files(f->session.key, NULL, NULL, private, public, &f->error), PEN_USAGE, "key.exists");
	assert_int_equal(access(public, F_OK), -1);
}

static int give(void *context, char *buf, int room)
{
	return snprintf(buf, (size_t)room, "%s", (const char *)context);
}

static int give_up(void *context, char *buf, int room)
{
	(void)context;
	(void)buf;
	(void)room;
	return -1;
}

static void a_pair_under_a_passphrase_opens_with_it_alone(void **state)
{
	struct fixture *f = *state;
	char private[128], public[128], right[] = "一二三四", wrong[] = "1234", *pem;
	struct pen_key *key;
	size_t n;

	snprintf(private, sizeof(private), "%s/op1.pem", f->dir);
	snprintf(public, sizeof(public), "%s/op1.pub", f->dir);
	assert_fails(pen_keypair__write_files(f->session.key, give_up, NULL, private, public, &f->error), PEN_USAGE, "key.passphrase");
	assert_ok(pen_keypair__write_files(f->session.key, give, right, private, public, &f->error));
	assert_ok(pen_file__load(private, 4096, &pem, &n, &f->error));
	assert_non_null(strstr(pem, "BEGIN ENCRYPTED PRIVATE KEY"));
	assert_fails(pen_signature__read_private(&key, PEN_ED25519_SHA256, pem, n, give, wrong, &f->error), PEN_REFUSED, "key.passphrase");
	assert_ok(pen_signature__read_private(&key, PEN_ED25519_SHA256, pem, n, give, right, &f->error));
	assert_true(pen_signature__same(key, f->session.key));
	pen_signature__free(key);
	pen_memory__free(pem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_person_entered_is_found_and_nobody_else),
		WITHOUT_STORE(an_id_stands_in_a_file_name_and_a_name_on_a_line),
		WITH_STORE(a_grant_holds_from_the_entry_after_it_until_the_one_that_revokes_it),
		WITH_STORE(a_role_is_one_persons_and_no_other),
		WITH_STORE(what_init_granted_holds_from_the_start),
		cmocka_unit_test(the_eight_roles_are_roles_and_nothing_else_is),
		WITH_STORE(every_grant_and_revocation_is_visited_in_order),
		WITH_STORE(a_key_counts_from_the_entry_after_its_own),
		WITH_STORE(the_owner_of_a_key_is_found_even_if_it_is_an_old_one),
		WITH_STORE(a_key_that_somebody_spoilt_is_no_answer_that_there_is_none),
		WITHOUT_STORE(a_pair_is_written_for_its_owner_alone_and_read_back),
		WITHOUT_STORE(keys_are_never_overwritten_and_a_pair_comes_whole_or_not_at_all),
		WITHOUT_STORE(a_pair_under_a_passphrase_opens_with_it_alone),
	};

	return cmocka_run_group_tests_name("store/staff", tests, NULL, NULL);
}
