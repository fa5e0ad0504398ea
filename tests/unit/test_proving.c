#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "model/proven.h"
#include "store/paragraphs.h"
#include "store/sealwalk.h"

#include <stdlib.h>

/* A store made by its public calls alone, so that every entry says what it should: so
 * many employers that a seal's paragraphs have a kept node, and one with so many people
 * that its rows have one. It is made once; tests that change it come last. */
#define EMPLOYERS 300
#define CROWD 300	/* people of employer 1; everybody else has one */

static struct fixture *f;
static char keys[128];
static struct pen_session *op1, *lead1, *head1;

static struct pen_session *open_as(const char *staff)
{
	const struct pen_session_options options = { .store = f->path, .staff = staff };
	struct pen_session *session;

	assert_ok(pen_session_open(&session, &options, &f->error));
	return session;
}

#define QUIETLY(call) do { \
	struct pen_printer *printer; \
	FILE *out_ = fopen("/dev/null", "w"); \
	assert_non_null(out_); \
	assert_ok(pen_printer_open(&printer, out_, PEN_JSON, &f->error)); \
	assert_ok(call); \
	pen_printer_free(printer); \
	fclose(out_); \
} while (0)

static void bring_in(const char *form, struct pen_text *csv, int64_t rows)
{
	char path[128];
	const struct pen_stage_options options = { .form = form, .path = path, .confirm = true, .expect = { .rows = rows } };

	assert_false(csv->failed);
	snprintf(path, sizeof(path), "%s/%s.csv", f->dir, form);
	assert_ok(pen_file__save(path, csv->s, csv->n, 0600, &f->error));
	QUIETLY(pen_stage(op1, &options, printer, &f->error));
	pen_text__clear(csv);
}

static int employer_at(int person) { return person < CROWD ? 1 : person - CROWD + 2; }

static void bring_in_all(void)
{
	const int people = CROWD + EMPLOYERS - 1;
	struct pen_text csv = { 0 };
	char id[19], code[19];
	int i;

	pen_text__puts(&csv, "统一社会信用代码,单位名称,行政区划,参保日期\n");
	for (i = 1; i <= EMPLOYERS; i++) {
		credit_code(i, code);
		pen_text__printf(&csv, "%s,第%d机械厂,330106,2010-01-01\n", code, i);
	}
	bring_in("employer", &csv, EMPLOYERS);
	pen_text__puts(&csv, "公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,证件已核\n");
	for (i = 0; i < people; i++) {
		citizen_id(i, id);
		credit_code(employer_at(i), code);
		pen_text__printf(&csv, "%s,王%d,%s,1980-01-01,%s,2010-01-01,2000-01-01,%s,6000.00,是\n", id, i,
		    i % 2 ? "男" : "女", code, i % 2 ? "男职工" : "女干部");
	}
	bring_in("registration", &csv, people);
	pen_text__free(&csv);
}

static void make(void)
{
	const struct pen_init_options init = { .store = f->path, .agency = "330100", .name = "某市",
		.head_id = "head1", .head_name = "王敏", .suite = "ed25519-sha256" };
	const struct pen_staffing_options operator = { .id = "op1", .name = "张三", .role = "operator" };
	const struct pen_staffing_options lead = { .id = "lead1", .name = "李四", .role = "lead" };

	QUIETLY(pen_init(&init, printer, &f->error));
	head1 = open_as("head1");
	QUIETLY(pen_staffing_add(head1, &operator, printer, &f->error));
	QUIETLY(pen_staffing_add(head1, &lead, printer, &f->error));
	op1 = open_as("op1");
	lead1 = open_as("lead1");
	bring_in_all();
	QUIETLY(pen_sign(op1, "1-2", false, printer, &f->error));
	QUIETLY(pen_sign(lead1, "1-2", false, printer, &f->error));
	QUIETLY(pen_close(op1, "1-2", false, printer, &f->error));
	f->session.store = op1->store;
}

static int set_up(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	unsetenv("PEN_CLOCK");
	snprintf(f->dir, sizeof(f->dir), "%s/pen-test-XXXXXX", parent && *parent ? parent : "/tmp");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/store", f->dir);
	snprintf(keys, sizeof(keys), "%s/pen", f->dir);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	make();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pen_session_close(op1);
	pen_session_close(lead1);
	pen_session_close(head1);
	remove_tree(f->dir);
	free(f);
	return 0;
}

/* ---- proofs ---- */

/* The proof of somebody's registration: its bytes, or NULL with the error. */
static char *proof_of(int person, size_t *n)
{
	struct pen_prove_options options = { .folio = 1 + employer_at(person) };
	struct pen_printer *printer;
	enum pen_status status;
	char id[19], *bytes = NULL;
	FILE *out = open_memstream(&bytes, n);

	citizen_id(person, id);
	options.person = id;
	memset(&f->error, 0, sizeof(f->error));
	assert_non_null(out);
	assert_int_equal(pen_printer_open(&printer, out, PEN_TEXT, &f->error), PEN_OK);
	status = pen_prove(op1, &options, printer, &f->error);
	pen_printer_free(printer);
	fclose(out);
	if (status == PEN_OK)
		return bytes;
	free(bytes);
	return NULL;
}

static enum pen_vouched_trust trust(void *context, const char *staff, const struct pen_key *key)
{
	(void)context;
	(void)staff;
	(void)key;
	return PEN_VOUCHED_TRUSTED;
}

/* The first thing that does not hold is enough. */
static enum pen_status stop_at_first(void *context, const struct pen_vouched_found *found, struct pen_error *error)
{
	snprintf(context, 64, "%s", found->check);
	return pen_error__set(error, PEN_INTEGRITY, "test.broken", "%s", found->record);
}

/* PEN_OK, or what kept the bytes from being a proof that holds; `check` is the first
 * that failed. */
static enum pen_status judge(const char *bytes, size_t n, const struct pen_key *log_key, char check[64])
{
	const struct pen_vouched_options options = { .log_key = log_key, .trust = trust, .visit = stop_at_first, .context = check };
	struct pen_arena *arena = pen_memory__arena();
	struct pen_error error = { 0 };
	struct pen_proven proven;
	struct pen_proof proof;
	enum pen_status status = pen_proof__read(&proof, arena, bytes, n, &error);

	check[0] = '\0';
	if (status == PEN_OK) {
		status = pen_proven__open(&proven, &proof, arena, &options, &error);
		pen_proven__close(&proven);
	}
	pen_memory__drop(arena);
	return status;
}

static struct pen_key *log_key(void)
{
	struct pen_key *key;
	char path[160], *pem;
	size_t n;

	snprintf(path, sizeof(path), "%s/log-330100.pub", keys);
	assert_ok(pen_file__load(path, 4096, &pem, &n, &f->error));
	assert_ok(pen_signature__read_public(&key, PEN_ED25519_SHA256, pem, n, &f->error));
	pen_memory__free(pem);
	return key;
}

/* At both sides of every place where subtrees are kept. */
static void rows_and_folios_at_the_edges_of_kept_subtrees_are_proven(void **state)
{
	static const int people[] = { 0, 1, 254, 255, 256, CROWD - 1, CROWD,
	    CROWD + 13, CROWD + 14, CROWD + 253, CROWD + 254, CROWD + 285, CROWD + 286, CROWD + EMPLOYERS - 2 };
	struct pen_key *key = log_key();
	char *bytes, check[64];
	size_t i, n;

	(void)state;
	assert_int_equal(ask(f, "SELECT count(*) FROM folio_node"), 2);	/* of employer 1's people, and of the employers */
	assert_int_equal(ask(f, "SELECT count(*) FROM seal_node WHERE level = 4"), (EMPLOYERS + 1) / 16);
	assert_int_equal(ask(f, "SELECT count(*) FROM seal_node WHERE level = 8"), 1);
	for (i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		bytes = proof_of(people[i], &n);
		if (!bytes)
			fail_msg("person %d: %s", people[i], f->error.text);
		if (judge(bytes, n, key, check) != PEN_OK)
			fail_msg("person %d: %s", people[i], check);
		free(bytes);
	}
	pen_signature__free(key);
}

static void a_proof_that_is_cut_off_anywhere_is_none(void **state)
{
	struct pen_key *key = log_key();
	char *bytes, *cut, check[64];
	size_t n, i;

	(void)state;
	bytes = proof_of(CROWD, &n);
	assert_non_null(bytes);
	for (i = 0; i < n; i++) {
		cut = malloc(i + 1);	/* of just that size, so that reading on is noticed */
		assert_non_null(cut);
		memcpy(cut, bytes, i);
		assert_int_equal(judge(cut, i, key, check), PEN_INPUT);
		free(cut);
	}
	free(bytes);
	pen_signature__free(key);
}

/* Every byte of it matters: there is none that can be another. */
static void a_proof_with_any_byte_changed_does_not_hold(void **state)
{
	struct pen_key *key = log_key();
	enum pen_status status;
	char *bytes, check[64];
	size_t n, i;

	(void)state;
	bytes = proof_of(CROWD, &n);
	assert_non_null(bytes);
	for (i = 0; i < n; i++) {
		bytes[i] ^= (char)(1 << i % 7);
		status = judge(bytes, n, key, check);
		if (status != PEN_INPUT && status != PEN_INTEGRITY)
			fail_msg("byte %zu as '%c': %d", i, bytes[i], status);
		bytes[i] ^= (char)(1 << i % 7);
	}
	assert_int_equal(judge(bytes, n, key, check), PEN_OK);
	free(bytes);
	pen_signature__free(key);
}

/* ---- what was changed behind the tools' back ---- */

static struct year walked;

static void walk_seals(void)
{
	walked = (struct year){ .f = f };
	walked.walk = (struct pen_walk){ .session = op1, .visit = keep_finding, .context = &walked, .size = 1000000 };
	assert_ok(pen_sealwalk__run(&walked.walk, NULL, 0, &f->error));
	pen_walk__end(&walked.walk);
}

static void nodes_over_paragraphs_that_were_changed_are_found_and_prove_nothing(void **state)
{
	static const char *const changes[][2] = {
		{ "UPDATE seal_node SET hash = zeroblob(32)", "prove.seal" }, { "UPDATE seal_node SET hash = x'00'", "prove.nodes" },
		{ "UPDATE seal_node SET level = level + 1", "prove.nodes" }, { "UPDATE seal_node SET number = number + 1000", "prove.nodes" },
		{ "UPDATE seal_node SET seal = 1", "prove.nodes" }, { "DELETE FROM seal_node", "prove.nodes" },
	};
	size_t i, n;

	(void)state;
	walk_seals();
	assert_clean(&walked);
	tamper(f, "CREATE TEMP TABLE kept AS SELECT * FROM seal_node");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		tamper(f, changes[i][0]);
		walk_seals();
		assert_string_equal(finding(&walked, "seal.nodes")->field, "hash");
		assert_null(proof_of(CROWD + EMPLOYERS - 2, &n));
		assert_int_equal(f->error.status, PEN_INTEGRITY);
		assert_string_equal(f->error.code, changes[i][1]);
		tamper(f, "DELETE FROM seal_node; INSERT INTO seal_node SELECT * FROM kept");
	}
	tamper(f, "INSERT INTO seal_node VALUES (1, 8, 0, zeroblob(32))");
	walk_seals();
	assert_string_equal(finding(&walked, "seal.nodes")->record, "seal 1 of batch 1");
	tamper(f, "DELETE FROM seal_node WHERE seal = 1");
}

/* A seal whose signature names other paragraphs than its text has: the root in the
 * entry is another, or the text is. */
static void paragraphs_that_were_not_signed_are_found_and_prove_nothing(void **state)
{
	size_t n;

	(void)state;
	tamper(f, "DROP TRIGGER journal_stays_u");
	tamper(f, "CREATE TEMP TABLE entry AS SELECT at, text, instr(text, '\"paragraphs\":\"') + 13 AS root FROM journal WHERE act = 'seal.sign' AND subject = 'seal 2'");
	tamper(f, "UPDATE journal SET text = (SELECT substr(text, 1, root) || '0000' || substr(text, root + 5) FROM entry WHERE at = journal.at) WHERE at IN (SELECT at FROM entry)");
	walk_seals();
	assert_string_equal(finding(&walked, "seal.text")->field, "paragraphs");
	assert_null(proof_of(CROWD, &n));
	assert_string_equal(f->error.code, "prove.seal");
	tamper(f, "UPDATE journal SET text = (SELECT text FROM entry WHERE at = journal.at) WHERE at IN (SELECT at FROM entry)");
	tamper(f, "UPDATE seal SET text = replace(text, 'rows: 1' || char(10), 'rows: 2' || char(10)) WHERE id = 2");
	walk_seals();
	assert_string_equal(finding(&walked, "seal.text")->record, "seal 2 of batch 2");
	assert_null(proof_of(CROWD, &n));
	assert_int_equal(f->error.status, PEN_INTEGRITY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_folios_at_the_edges_of_kept_subtrees_are_proven),
		cmocka_unit_test(a_proof_that_is_cut_off_anywhere_is_none),
		cmocka_unit_test(a_proof_with_any_byte_changed_does_not_hold),
		cmocka_unit_test(nodes_over_paragraphs_that_were_changed_are_found_and_prove_nothing),
		cmocka_unit_test(paragraphs_that_were_not_signed_are_found_and_prove_nothing),
	};

	return cmocka_run_group_tests_name("store/proving", tests, set_up, tear_down);
}
