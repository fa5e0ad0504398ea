#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each test has an empty directory of its own, and stands in it. */
static char scratch[PATH_MAX];

static int enter(void **state)
{
	const char *dir = getenv("TMPDIR");

	(void)state;
	snprintf(scratch, sizeof(scratch), "%s/pen-test-XXXXXX", dir && *dir ? dir : "/tmp");
	return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int entries(const char *path, bool remove_them)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		n++;
		if (remove_them && unlinkat(dirfd(dir), entry->d_name, 0) != 0)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
	return n;
}

static int leave(void **state)
{
	(void)state;
	entries(scratch, true);
	return chdir("/") == 0 && rmdir(scratch) == 0 ? 0 : -1;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void check_file(const char *path, const char *text)
{
	struct pen_error error = { 0 };
	char *bytes;
	size_t n;

	assert_int_equal(pen_file__load(path, 1 << 20, &bytes, &n, &error), PEN_OK);
	assert_string_equal(bytes, text);
	assert_int_equal(n, strlen(text));
	pen_memory__free(bytes);
}

/* Reads to the end in pieces of `step` bytes and compares. */
static void check_rest(struct pen_file *file, size_t step, const char *text)
{
	struct pen_error error = { 0 };
	size_t n, at = 0;
	char buf[64];

	do {
		assert_int_equal(pen_file__read(file, buf, step, &n, &error), PEN_OK);
		assert_true(n <= step && at + n <= strlen(text));
		assert_memory_equal(buf, text + at, n);
		at += n;
	} while (n > 0);
	assert_int_equal(at, strlen(text));
}

static void a_file_is_read_in_pieces_and_again(void **state)
{
	struct pen_error error = { 0 };
	struct pen_file *file;

	(void)state;
	write_file("a.csv", "one\ntwo\nthree\n");
	assert_int_equal(pen_file__open(&file, "./a.csv", &error), PEN_OK);
	assert_string_equal(pen_file__name(file), "a.csv");
	check_rest(file, 5, "one\ntwo\nthree\n");
	assert_int_equal(pen_file__rewind(file, &error), PEN_OK);
	check_rest(file, 64, "one\ntwo\nthree\n");
	pen_file__close(file);
	pen_file__close(NULL);
}

static void an_empty_file_ends_at_once(void **state)
{
	struct pen_error error = { 0 };
	struct pen_file *file;

	(void)state;
	write_file("empty", "");
	assert_int_equal(pen_file__open(&file, "empty", &error), PEN_OK);
	check_rest(file, 8, "");
	pen_file__close(file);
	check_file("empty", "");
}

static void what_is_no_file_is_unusable_input(void **state)
{
	static const struct { const char *path, *code; } cases[] = {
		{ "absent", "file.missing" }, { "a/b", "file.missing" }, { "plain/x", "file.missing" },
		{ ".", "file.directory" }, { "/", "file.directory" }, { "", "file.missing" },
	};
	struct pen_error error = { 0 };
	struct pen_file *file;
	char *bytes;
	size_t i, n;

	(void)state;
	write_file("plain", "");
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(pen_file__open(&file, cases[i].path, &error), PEN_INPUT);
		assert_null(file);
		assert_string_equal(error.code, cases[i].code);
		assert_string_equal(error.file, cases[i].path);
		assert_int_equal(pen_file__load(cases[i].path, 10, &bytes, &n, &error), PEN_INPUT);
		assert_null(bytes);
	}
}

/* Puts a pipe or a file in the place of stdin while `check` runs. */
static void with_stdin(int fd, void (*check)(struct pen_file *file))
{
	struct pen_error error = { 0 };
	struct pen_file *file;
	int saved = dup(STDIN_FILENO);

	assert_true(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	close(fd);
	assert_int_equal(pen_file__open(&file, "-", &error), PEN_OK);
	assert_string_equal(pen_file__name(file), "stdin");
	check(file);
	pen_file__close(file);
	/* stdin is not ours to close. */
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void read_twice(struct pen_file *file)
{
	struct pen_error error = { 0 };
	char buf[4];
	size_t n;

	/* Turn back in the middle, then read on over what was kept and beyond. */
	assert_int_equal(pen_file__read(file, buf, 4, &n, &error), PEN_OK);
	assert_int_equal(n, 4);
	assert_int_equal(pen_file__rewind(file, &error), PEN_OK);
	check_rest(file, 3, "abcdefghij");
	assert_int_equal(pen_file__rewind(file, &error), PEN_OK);
	check_rest(file, 64, "abcdefghij");
}

static void stdin_from_a_pipe_can_be_read_again(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abcdefghij", 10), 10);
	close(ends[1]);
	with_stdin(ends[0], read_twice);
}

static void stdin_from_a_file_starts_where_it_stands(void **state)
{
	int fd;

	(void)state;
	write_file("in", "..abcdefghij");
	fd = open("in", O_RDONLY);
	lseek(fd, 2, SEEK_SET);
	with_stdin(fd, read_twice);
}

static void a_named_pipe_can_be_read_again(void **state)
{
	struct pen_error error = { 0 };
	struct pen_file *file;
	int fd;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDWR);	/* so that nobody waits for the other end */
	assert_int_equal(write(fd, "abcdefghij", 10), 10);
	assert_int_equal(pen_file__open(&file, "pipe", &error), PEN_OK);
	close(fd);
	read_twice(file);
	pen_file__close(file);
}

static void a_large_pipe_is_kept_whole(void **state)
{
	struct pen_error error = { 0 };
	struct pen_file *file;
	static char buf[65536];
	size_t n, total = 0;
	char name[64];
	int ends[2], pass;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		memset(buf, 'x', sizeof(buf));
		for (pass = 0; pass < 40; pass++)
			n = (size_t)write(ends[1], buf, sizeof(buf));
		_exit(0);
	}
	close(ends[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	assert_int_equal(pen_file__open(&file, name, &error), PEN_OK);
	close(ends[0]);
	for (pass = 0; pass < 2; pass++) {
		do {
			assert_int_equal(pen_file__read(file, buf, sizeof(buf), &n, &error), PEN_OK);
			total += n;
		} while (n > 0);
		pen_file__rewind(file, &error);
	}
	assert_int_equal(total, 2 * 40 * sizeof(buf));
	pen_file__close(file);
	waitpid(child, NULL, 0);
}

static void a_spool_that_cannot_be_made_is_a_failing_system(void **state)
{
	struct pen_error error = { 0 };
	struct pen_file *file;
	const char *old = getenv("TMPDIR");
	char *saved = old ? strdup(old) : NULL;

	(void)state;
	setenv("TMPDIR", "absent", 1);
	assert_int_equal(pen_file__open(&file, "/dev/null", &error), PEN_SYSTEM);
	assert_null(file);
	if (saved)
		setenv("TMPDIR", saved, 1);
	else
		unsetenv("TMPDIR");
	free(saved);
}

static void a_load_stops_at_its_limit(void **state)
{
	struct pen_error error = { 0 };
	char *bytes;
	size_t n;

	(void)state;
	write_file("ten", "0123456789");
	assert_int_equal(pen_file__load("ten", 10, &bytes, &n, &error), PEN_OK);
	assert_int_equal(n, 10);
	assert_string_equal(bytes, "0123456789");
	pen_memory__free(bytes);
	assert_int_equal(pen_file__load("ten", 9, &bytes, &n, &error), PEN_INPUT);
	assert_null(bytes);
	assert_string_equal(error.code, "file.large");
	assert_string_equal(error.file, "ten");
	/* One without an end. */
	assert_int_equal(pen_file__load("/dev/zero", 100000, &bytes, &n, &error), PEN_INPUT);
	assert_string_equal(error.code, "file.large");
}

static void a_draft_is_not_there_until_it_is_kept(void **state)
{
	struct pen_error error = { 0 };
	struct pen_draft *draft;

	(void)state;
	write_file("out", "old");
	assert_int_equal(pen_file__draft(&draft, "out", 0600, &error), PEN_OK);
	fputs("new", pen_file__stream(draft));
	fflush(pen_file__stream(draft));
	check_file("out", "old");
	assert_int_equal(entries(".", false), 2);
	assert_int_equal(pen_file__keep(draft, &error), PEN_OK);
	check_file("out", "new");
	assert_int_equal(entries(".", false), 1);
}

static void a_discarded_draft_leaves_nothing(void **state)
{
	struct pen_error error = { 0 };
	struct pen_draft *draft;

	(void)state;
	assert_int_equal(pen_file__draft(&draft, "out", 0600, &error), PEN_OK);
	fputs("new", pen_file__stream(draft));
	pen_file__discard(draft);
	pen_file__discard(NULL);
	assert_int_equal(entries(".", false), 0);
}

static void the_mode_is_kept_to_under_the_umask(void **state)
{
	struct pen_error error = { 0 };
	struct stat st;
	mode_t old = umask(027);

	(void)state;
	assert_int_equal(pen_file__save("key", "k", 1, 0600, &error), PEN_OK);
	assert_int_equal(stat("key", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(pen_file__save("report", "r", 1, 0666, &error), PEN_OK);
	assert_int_equal(stat("report", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(old);
}

static void a_draft_takes_away_what_a_killed_run_left_of_it_and_nothing_else(void **state)
{
	struct pen_error error = { 0 };
	struct pen_draft *draft, *other;

	(void)state;
	assert_int_equal(pen_file__save("out.123-0.tmp", "half", 4, 0600, &error), PEN_OK);
	assert_int_equal(pen_file__save("other.123-0.tmp", "half", 4, 0600, &error), PEN_OK);
	assert_int_equal(pen_file__save("out.old.tmp", "kept", 4, 0600, &error), PEN_OK);
	assert_int_equal(pen_file__draft(&draft, "out", 0600, &error), PEN_OK);
	assert_int_not_equal(access("out.123-0.tmp", F_OK), 0);
	assert_int_equal(access("other.123-0.tmp", F_OK), 0);
	assert_int_equal(access("out.old.tmp", F_OK), 0);
	/* One that is being written is somebody's. */
	assert_int_equal(pen_file__draft(&other, "out", 0600, &error), PEN_OK);
	assert_int_equal(pen_file__keep(draft, &error), PEN_OK);
	pen_file__discard(other);
}

static void a_draft_follows_a_symbolic_link(void **state)
{
	struct pen_error error = { 0 };
	struct stat st;

	(void)state;
	write_file("real", "old");
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(pen_file__save("link", "new", 3, 0600, &error), PEN_OK);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	check_file("real", "new");
}

static void a_pipe_is_written_to_and_not_replaced(void **state)
{
	struct pen_error error = { 0 };
	struct stat st;
	char buf[4];
	int fd;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDWR);
	assert_int_equal(pen_file__save("pipe", "abc", 3, 0600, &error), PEN_OK);
	assert_int_equal(read(fd, buf, 4), 3);
	assert_memory_equal(buf, "abc", 3);
	close(fd);
	assert_int_equal(stat("pipe", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(entries(".", false), 1);
}

static void a_full_disk_is_said_to_be_full(void **state)
{
	struct pen_error error = { 0 };
	struct pen_draft *draft;
	static char bytes[100000];
	struct stat st;

	(void)state;
	if (stat("/dev/full", &st) != 0)
		skip();
	assert_int_equal(pen_file__save("/dev/full", "x", 1, 0600, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "system.full");
	assert_string_equal(error.file, "/dev/full");
	/* Also when it was full long before the end. */
	assert_int_equal(pen_file__draft(&draft, "/dev/full", 0600, &error), PEN_OK);
	fwrite(bytes, 1, sizeof(bytes), pen_file__stream(draft));
	assert_int_equal(pen_file__keep(draft, &error), PEN_SYSTEM);
}

/* As somebody whom permissions bind, where the tests run as root. */
static void what_may_not_be_read_or_made_says_so(void **state)
{
	bool root = geteuid() == 0;
	struct pen_error error = { 0 };
	struct pen_file *file;
	char name[300];

	(void)state;
	write_file("secret", "x");
	assert_int_equal(chmod("secret", 0), 0);
	assert_int_equal(mkdir("closed", 0), 0);
	assert_int_equal(chmod(".", 0755), 0);
	assert_true(!root || seteuid(65534) == 0);
	assert_int_equal(pen_file__open(&file, "secret", &error), PEN_INPUT);
	assert_string_equal(error.code, "file.unreadable");
	assert_int_equal(pen_file__directory("closed/within", 0700, &error), PEN_SYSTEM);
	assert_string_equal(error.file, "closed/within");
	assert_true(!root || seteuid(0) == 0);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(pen_file__open(&file, name, &error), PEN_SYSTEM);
	assert_memory_equal(error.file, name, 40);
}

static void a_temporary_name_that_does_not_fit_is_an_error_and_leaves_nothing(void **state)
{
	struct pen_error error = { 0 };
	struct pen_draft *draft;
	char path[PATH_MAX];

	(void)state;
	memset(path, '/', sizeof(path));
	memcpy(path, ".", 1);
	memcpy(path + sizeof(path) - 5, "long", 5);
	assert_int_equal(pen_file__draft(&draft, path, 0600, &error), PEN_SYSTEM);
	assert_null(draft);
	assert_int_equal(entries(".", false), 0);
}

static void a_draft_that_cannot_be_says_why_and_leaves_nothing(void **state)
{
	struct pen_error error = { 0 };
	struct pen_draft *draft;
	char name[300];

	(void)state;
	assert_int_equal(pen_file__draft(&draft, "absent/out", 0600, &error), PEN_SYSTEM);
	assert_null(draft);
	assert_string_equal(error.file, "absent/out");
	assert_int_equal(pen_file__draft(&draft, ".", 0600, &error), PEN_USAGE);
	assert_string_equal(error.code, "file.directory");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(pen_file__save(name, "x", 1, 0600, &error), PEN_SYSTEM);
	/* The place has become a directory meanwhile. */
	assert_int_equal(pen_file__draft(&draft, "taken", 0600, &error), PEN_OK);
	assert_int_equal(mkdir("taken", 0700), 0);
	assert_int_equal(pen_file__keep(draft, &error), PEN_SYSTEM);
	assert_int_equal(entries(".", false), 1);
}

static void directories_are_made_with_their_parents(void **state)
{
	struct pen_error error = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(pen_file__directory("a//b/c/", 0700, &error), PEN_OK);
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(pen_file__directory("a/b/c", 0700, &error), PEN_OK);
	assert_int_equal(pen_file__directory("/", 0700, &error), PEN_OK);
	assert_int_equal(pen_file__directory("", 0700, &error), PEN_SYSTEM);
	rmdir("a/b/c");
	rmdir("a/b");
	write_file("plain", "");
	assert_int_equal(pen_file__directory("plain", 0700, &error), PEN_SYSTEM);
	assert_int_equal(pen_file__directory("plain/x", 0700, &error), PEN_SYSTEM);
	assert_string_equal(error.file, "plain");
}

static void what_cannot_be_looked_at_is_not_taken_for_absent(void **state)
{
	struct pen_error error = { 0 };
	bool found;

	(void)state;
	write_file("plain", "");
	assert_int_equal(pen_file__there("plain", R_OK, &found, &error), PEN_OK);
	assert_true(found);
	assert_int_equal(pen_file__there("absent", R_OK, &found, &error), PEN_OK);
	assert_false(found);
	assert_int_equal(pen_file__there("plain/x", F_OK, &found, &error), PEN_OK);
	assert_false(found);
	/* A ring of links, since permissions do not bind root. */
	assert_int_equal(symlink("ring", "ring"), 0);
	assert_int_equal(pen_file__there("ring/x", F_OK, &found, &error), PEN_SYSTEM);
	assert_non_null(strstr(error.text, "ring/x"));
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
	struct pen_error error = { 0 };
	char out[8];

	(void)state;
	assert_int_equal(pen_file__join(out, sizeof(out), "abc", "def", &error), PEN_OK);
	assert_string_equal(out, "abc/def");
	assert_int_equal(pen_file__join(out, sizeof(out), "abc/", "def", &error), PEN_OK);
	assert_string_equal(out, "abc/def");
	assert_int_equal(pen_file__join(out, sizeof(out), "/", "def", &error), PEN_OK);
	assert_string_equal(out, "/def");
	assert_int_equal(pen_file__join(out, sizeof(out), "abc", "defg", &error), PEN_SYSTEM);
	assert_string_equal(error.code, "system.path");
}

/* The directory is found once a process, so each case is a process. */
static void check_share(const char *given, const char *expected)
{
	char found[PATH_MAX], wanted[PATH_MAX];
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (given)
			setenv("PEN_SHARE", given, 1);
		else
			unsetenv("PEN_SHARE");
		if (strcmp(pen_file__share(), expected) == 0)
			_exit(0);
		_exit(realpath(pen_file__share(), found) && realpath(expected, wanted) &&
		    strcmp(found, wanted) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void the_share_files_lie_where_the_variable_says(void **state)
{
	(void)state;
	check_share("/somewhere/else", "/somewhere/else");
}

static void the_share_files_lie_beside_the_program_or_under_the_prefix(void **state)
{
	char beside[PATH_MAX], *slash;
	struct stat st;
	ssize_t n = readlink("/proc/self/exe", beside, sizeof(beside) - 20);

	(void)state;
	assert_true(n > 0);
	beside[n] = '\0';
	slash = strrchr(beside, '/');
	memcpy(slash, "/../share/pen", sizeof("/../share/pen"));
	if (stat(beside, &st) != 0)
		snprintf(beside, sizeof(beside), "%s", PEN_PREFIX "/share/pen");
	check_share(NULL, beside);
	check_share("", beside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_read_in_pieces_and_again, enter, leave),
		cmocka_unit_test_setup_teardown(an_empty_file_ends_at_once, enter, leave),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_unusable_input, enter, leave),
		cmocka_unit_test_setup_teardown(stdin_from_a_pipe_can_be_read_again, enter, leave),
		cmocka_unit_test_setup_teardown(stdin_from_a_file_starts_where_it_stands, enter, leave),
		cmocka_unit_test_setup_teardown(a_named_pipe_can_be_read_again, enter, leave),
		cmocka_unit_test_setup_teardown(a_large_pipe_is_kept_whole, enter, leave),
		cmocka_unit_test_setup_teardown(a_spool_that_cannot_be_made_is_a_failing_system, enter, leave),
		cmocka_unit_test_setup_teardown(a_load_stops_at_its_limit, enter, leave),
		cmocka_unit_test_setup_teardown(a_draft_is_not_there_until_it_is_kept, enter, leave),
		cmocka_unit_test_setup_teardown(a_discarded_draft_leaves_nothing, enter, leave),
		cmocka_unit_test_setup_teardown(the_mode_is_kept_to_under_the_umask, enter, leave),
		cmocka_unit_test_setup_teardown(a_draft_takes_away_what_a_killed_run_left_of_it_and_nothing_else, enter, leave),
		cmocka_unit_test_setup_teardown(a_draft_follows_a_symbolic_link, enter, leave),
		cmocka_unit_test_setup_teardown(a_pipe_is_written_to_and_not_replaced, enter, leave),
		cmocka_unit_test_setup_teardown(a_full_disk_is_said_to_be_full, enter, leave),
		cmocka_unit_test_setup_teardown(what_may_not_be_read_or_made_says_so, enter, leave),
		cmocka_unit_test_setup_teardown(a_temporary_name_that_does_not_fit_is_an_error_and_leaves_nothing, enter, leave),
		cmocka_unit_test_setup_teardown(a_draft_that_cannot_be_says_why_and_leaves_nothing, enter, leave),
		cmocka_unit_test_setup_teardown(directories_are_made_with_their_parents, enter, leave),
		cmocka_unit_test_setup_teardown(what_cannot_be_looked_at_is_not_taken_for_absent, enter, leave),
		cmocka_unit_test_setup_teardown(a_path_that_does_not_fit_is_refused, enter, leave),
		cmocka_unit_test(the_share_files_lie_where_the_variable_says),
		cmocka_unit_test(the_share_files_lie_beside_the_program_or_under_the_prefix),
	};

	return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
