#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include "base/file.h"

#include <sys/wait.h>

static void place(struct fixture *f, struct pen_keypair *pair)
{
	assert_ok(pen_keypair__place(pair, f->dir, "op1", &f->error));
}

static bool there(const char *dir, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

/* A run that writes a pair for a store, and is killed before it is settled. */
static void write_and_die(struct fixture *f, const char *store)
{
	struct pen_keypair pair;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (pen_keypair__place(&pair, f->dir, "op1", &f->error) != PEN_OK ||
		    pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error) != PEN_OK ||
		    pen_keypair__write(&pair, store, NULL, NULL, &f->error) != PEN_OK)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(there(f->dir, "op1.pem") && there(f->dir, "op1.pub") && there(f->dir, "op1.pem.new"));
}

static void a_pair_that_is_settled_stays_and_its_claim_goes(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;

	place(f, &pair);
	assert_ok(pen_keypair__check(&pair, f->path, &f->error));
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error));
	pen_keypair__settle(&pair);
	pen_keypair__free(&pair);
	assert_true(there(f->dir, "op1.pem") && there(f->dir, "op1.pub"));
	assert_false(there(f->dir, "op1.pem.new"));
	place(f, &pair);
	assert_fails(pen_keypair__check(&pair, f->path, &f->error), PEN_USAGE, "key.exists");
}

static void a_pair_that_is_not_settled_goes_with_its_claim(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;

	place(f, &pair);
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error));
	pen_keypair__free(&pair);
	assert_false(there(f->dir, "op1.pem") || there(f->dir, "op1.pub") || there(f->dir, "op1.pem.new"));
}

static void what_a_killed_run_has_left_is_made_anew_for_the_same_store_alone(void **state)
{
	struct fixture *f = *state;
	char link[PATH_MAX], slashes[PATH_MAX];
	struct pen_keypair pair;

	write_and_die(f, f->path);
	place(f, &pair);
	snprintf(link, sizeof(link), "%s/other", f->dir);
	assert_fails(pen_keypair__check(&pair, link, &f->error), PEN_USAGE, "key.exists");
	assert_fails(pen_keypair__check(&pair, "/nowhere/store", &f->error), PEN_USAGE, "key.exists");
	/* The same store by another name. */
	assert_int_equal(symlink("store", link), 0);
	assert_ok(pen_keypair__check(&pair, link, &f->error));
	snprintf(slashes, sizeof(slashes), "%s/./store//", f->dir);
	assert_ok(pen_keypair__check(&pair, slashes, &f->error));
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error));
	pen_keypair__settle(&pair);
	pen_keypair__free(&pair);
	assert_true(there(f->dir, "op1.pem") && there(f->dir, "op1.pub"));
	assert_false(there(f->dir, "op1.pem.new"));
}

static void a_store_that_is_still_to_come_is_named_by_its_place(void **state)
{
	struct fixture *f = *state;
	char store[PATH_MAX], same[PATH_MAX];
	struct pen_keypair pair;

	snprintf(store, sizeof(store), "%s/later", f->dir);
	snprintf(same, sizeof(same), "%s/../%s/later/", f->dir, strrchr(f->dir, '/') + 1);
	write_and_die(f, store);
	place(f, &pair);
	assert_ok(pen_keypair__check(&pair, same, &f->error));
}

static void a_key_that_somebody_has_put_there_since_is_never_touched(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;

	write_and_die(f, f->path);
	place(f, &pair);
	assert_ok(pen_file__save(pair.private_path, "mine", 4, 0600, &f->error));
	assert_fails(pen_keypair__check(&pair, f->path, &f->error), PEN_USAGE, "key.exists");
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_fails(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error), PEN_USAGE, "key.exists");
	assert_true(there(f->dir, "op1.pem") && there(f->dir, "op1.pub"));
	pen_keypair__free(&pair);
	assert_true(there(f->dir, "op1.pem") && there(f->dir, "op1.pub"));
}

static void a_claim_whose_pair_turned_out_to_last_goes_and_the_pair_stays(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;

	write_and_die(f, f->path);
	place(f, &pair);
	pen_keypair__settle_left(&pair, "/nowhere/store");
	assert_true(there(f->dir, "op1.pem.new"));
	pen_keypair__settle_left(&pair, f->path);
	assert_false(there(f->dir, "op1.pem.new"));
	assert_fails(pen_keypair__check(&pair, f->path, &f->error), PEN_USAGE, "key.exists");
}

static void while_another_run_is_at_it_it_is_busy(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair, second;

	place(f, &pair);
	place(f, &second);
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__generate(&second, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error));
	assert_fails(pen_keypair__check(&second, f->path, &f->error), PEN_USAGE, "key.exists");
	assert_fails(pen_keypair__write(&second, f->path, NULL, NULL, &f->error), PEN_BUSY, "key.busy");
	pen_keypair__free(&second);
	assert_true(there(f->dir, "op1.pem"));
	pen_keypair__settle(&pair);
	pen_keypair__free(&pair);
}

static void a_name_that_is_too_long_is_refused_before_anything_is_written(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;
	char dir[PATH_MAX];
	size_t n;

	/* The key's own name still fits; that of its draft, and of the claim, does not. */
	n = (size_t)snprintf(dir, sizeof(dir), "%s/", f->dir);
	memset(dir + n, 'x', sizeof(dir) - n);
	while (n + 201 < PATH_MAX - 8) {
		n += 200;
		dir[n++] = '/';
	}
	dir[PATH_MAX - 9] = '\0';
	if (pen_keypair__place(&pair, dir, "op1", &f->error) != PEN_OK)
		fail_msg("%s", f->error.text);
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_fails(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error), PEN_USAGE, "system.path");
	pen_keypair__free(&pair);
}

static void half_a_pair_that_a_killed_run_has_left_is_made_anew(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;

	write_and_die(f, f->path);
	place(f, &pair);
	assert_int_equal(unlink(pair.public_path), 0);
	assert_ok(pen_keypair__check(&pair, f->path, &f->error));
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__write(&pair, f->path, NULL, NULL, &f->error));
	pen_keypair__settle(&pair);
	pen_keypair__free(&pair);
	assert_true(there(f->dir, "op1.pem") && there(f->dir, "op1.pub"));
}

static void a_pair_of_a_store_whose_place_cannot_be_told_is_written_without_a_claim(void **state)
{
	struct fixture *f = *state;
	struct pen_keypair pair;
	char path[PATH_MAX + 8], *claim;
	size_t n;

	place(f, &pair);
	assert_ok(pen_keypair__generate(&pair, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_keypair__write(&pair, "/nowhere/at/all", NULL, NULL, &f->error));
	snprintf(path, sizeof(path), "%s.new", pair.private_path);
	assert_ok(pen_file__load(path, 4096, &claim, &n, &f->error));
	assert_int_equal(n, 0);
	pen_memory__free(claim);
	pen_keypair__free(&pair);
	assert_false(there(f->dir, "op1.pem") || there(f->dir, "op1.pem.new"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pair_that_is_settled_stays_and_its_claim_goes),
		TEST(a_pair_that_is_not_settled_goes_with_its_claim),
		TEST(what_a_killed_run_has_left_is_made_anew_for_the_same_store_alone),
		TEST(a_store_that_is_still_to_come_is_named_by_its_place),
		TEST(a_key_that_somebody_has_put_there_since_is_never_touched),
		TEST(a_claim_whose_pair_turned_out_to_last_goes_and_the_pair_stays),
		TEST(while_another_run_is_at_it_it_is_busy),
		TEST(a_name_that_is_too_long_is_refused_before_anything_is_written),
		TEST(half_a_pair_that_a_killed_run_has_left_is_made_anew),
		TEST(a_pair_of_a_store_whose_place_cannot_be_told_is_written_without_a_claim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
