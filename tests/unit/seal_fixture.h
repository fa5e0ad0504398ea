/* A store with a year in it: two employers, 300 people at the first and two at
 * the second, their levy and their breakdown, confirmed; op1 and lead1 with keys
 * of their own; and a walk whose findings are kept. Made by the flows, from files
 * that are written here. Included after cmocka.h. */
#ifndef PEN_SEAL_FIXTURE_H
#define PEN_SEAL_FIXTURE_H

#include "store_fixture.h"
#include "base/text.h"
#include "store/walk.h"

#define PEOPLE 302
#define FINDINGS 64

struct kept_finding { char rule[64], record[256], field[64], found[160], expected[160]; int64_t batch, line; };

struct year {
	struct fixture *f;
	struct pen_session op1, lead1;
	struct pen_key *op1_key, *lead1_key;
	struct pen_walk walk;
	struct kept_finding at[FINDINGS];
	size_t count;
};

/* GB 11643: 17 digits and their check character. */
static inline void citizen_id(int number, char out[19])
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0, i;

	snprintf(out, 19, "33010619800101%03u", (unsigned)number % 1000);
	for (i = 0; i < 17; i++)
		sum += (out[i] - '0') * weights[i];
	out[17] = "10X98765432"[sum % 11];
	out[18] = '\0';
}

/* GB 32100: 17 characters and their check character. */
static inline void credit_code(int number, char out[19])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	int sum = 0, weight = 1, i;

	snprintf(out, 19, "91330106MA%07u", (unsigned)number % 10000000);
	for (i = 0; i < 17; i++) {
		sum += (int)(strchr(alphabet, out[i]) - alphabet) * weight;
		weight = weight * 3 % 31;
	}
	out[17] = alphabet[(31 - sum % 31) % 31];
	out[18] = '\0';
}

static inline int employer_of(int person) { return person < PEOPLE - 2 ? 1 : 2; }

static inline void add_person(struct year *y, struct pen_session *session, struct pen_key **key, const char *id,
    const char *role)
{
	struct fixture *f = y->f;
	char subject[64], *pem;
	int64_t at;

	assert_ok(pen_signature__generate(key, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_signature__write_public(*key, &pem, &f->error));
	snprintf(subject, sizeof(subject), "staff %s", id);
	*session = (struct pen_session){ .store = f->session.store, .key = *key };
	snprintf(session->terminal, sizeof(session->terminal), "%s", f->session.terminal);
	snprintf(session->staff.id, sizeof(session->staff.id), "%s", id);
	snprintf(session->staff.agency, sizeof(session->staff.agency), "330100");
	snprintf(session->staff.name, sizeof(session->staff.name), "%s", id);
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_session__act(&f->session, "staff.add", subject, NULL, true, &at, &f->error));
	assert_ok(pen_staff__enter(store_of(f), &session->staff, at, &f->error));
	assert_ok(pen_staff__set_key(store_of(f), id, at, pem, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), id, role, at, true, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	pen_memory__free(pem);
}

/* Runs something that prints, to nowhere. */
#define SILENTLY(y, call) do { \
	struct fixture *f_ = (y)->f; \
	struct pen_printer *printer; \
	FILE *out_ = fopen("/dev/null", "w"); \
	assert_non_null(out_); \
	if (pen_printer_open(&printer, out_, PEN_JSON, &f_->error) != PEN_OK) \
		fail_msg("%s", f_->error.text); \
	(call); \
	pen_printer_free(printer); \
	fclose(out_); \
} while (0)

static inline void import(struct year *y, const char *form, const struct pen_text *csv, int64_t rows)
{
	struct fixture *f = y->f;
	char path[128], rejects[128];
	struct pen_stage_options options = { .form = form, .path = path, .confirm = true,
		.expect = { .rows = rows }, .rejects = rejects };
	enum pen_status status;

	snprintf(path, sizeof(path), "%s/%s.csv", f->dir, form);
	snprintf(rejects, sizeof(rejects), "%s/%s.rejects.csv", f->dir, form);
	assert_false(csv->failed);
	assert_ok(pen_file__save(path, csv->s, csv->n, 0600, &f->error));
	SILENTLY(y, status = pen_stage(&y->op1, &options, printer, &f->error));
	assert_ok(status);
}

/* The pension levy of 2022, and its breakdown, of which some waits or is rejected:
 * batches 5 and 6. Confirmed if `count` is how many are let in (0: staged). */
static inline void import_2022(struct year *y, const char *rows, int64_t count)
{
	struct fixture *f = y->f;
	struct pen_text csv = { NULL, 0, 0, false };
	char code[19], path[128], rejects[128];
	struct pen_stage_options options = { .form = "breakdown", .path = path, .confirm = count > 0,
		.expect = { .rows = count ? count : -1 }, .rejects = rejects };
	enum pen_status status;
	int i;

	pen_text__puts(&csv, "凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类\n");
	for (i = 1; i <= 2; i++) {
		credit_code(i, code);
		pen_text__printf(&csv, "W%d,%s,2022,2022-12-20,9000000.00,税收通用缴款书\n", i, code);
	}
	import(y, "levy", &csv, 2);
	snprintf(path, sizeof(path), "%s/2022.csv", f->dir);
	snprintf(rejects, sizeof(rejects), "%s/2022.rejects.csv", f->dir);
	pen_text__clear(&csv);
	pen_text__printf(&csv, "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,起始月份,单位缴费,个人缴费\n%s", rows);
	assert_ok(pen_file__save(path, csv.s, csv.n, 0600, &f->error));
	SILENTLY(y, status = pen_stage(&y->op1, &options, printer, &f->error));
	assert_int_equal(status, PEN_FINDINGS);
	pen_text__free(&csv);
}

/* A row of it, of months with a base of 6000. */
static inline void row_2022(struct pen_text *rows, int employer, int person, int months, int first)
{
	char id[19], code[19];

	citizen_id(person, id);
	credit_code(employer, code);
	pen_text__printf(rows, "2022,%s,%s,王%d,6000.00,%d,%d,%d.00,%d.00\n", code, id, person, months, first, 960 * months,
	    480 * months);
}

static inline void import_year(struct year *y)
{
	struct pen_text csv = { NULL, 0, 0, false };
	char id[19], code[19];
	int i;

	pen_text__puts(&csv, "统一社会信用代码,单位名称,行政区划,参保日期\n");
	for (i = 1; i <= 2; i++) {
		credit_code(i, code);
		pen_text__printf(&csv, "%s,第%d机械厂,330106,2010-01-01\n", code, i);
	}
	import(y, "employer", &csv, 2);
	pen_text__clear(&csv);
	pen_text__puts(&csv, "公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,证件已核\n");
	for (i = 0; i < PEOPLE; i++) {
		citizen_id(i, id);
		credit_code(employer_of(i), code);
		pen_text__printf(&csv, "%s,王%d,%s,1980-01-01,%s,2010-01-01,2000-01-01,%s,6000.00,是\n", id, i,
		    i % 2 ? "男" : "女", code, i % 2 ? "男职工" : "女干部");
	}
	import(y, "registration", &csv, PEOPLE);
	pen_text__clear(&csv);
	pen_text__puts(&csv, "凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类\n");
	for (i = 1; i <= 2; i++) {
		credit_code(i, code);
		pen_text__printf(&csv, "V%d,%s,2023,2023-12-20,9000000.00,税收通用缴款书\n", i, code);
	}
	import(y, "levy", &csv, 2);
	pen_text__clear(&csv);
	pen_text__puts(&csv, "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费\n");
	for (i = 0; i < PEOPLE; i++) {
		citizen_id(i, id);
		credit_code(employer_of(i), code);
		pen_text__printf(&csv, "2023,%s,%s,王%d,6000.00,12,11520.00,5760.00\n", code, id, i);
	}
	import(y, "breakdown", &csv, PEOPLE);
	pen_text__free(&csv);
}

static inline enum pen_status keep_finding(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct year *y = context;
	struct kept_finding *kept = &y->at[y->count];

	(void)error;
	if (y->count == FINDINGS)
		return PEN_OK;
	y->count++;
	snprintf(kept->rule, sizeof(kept->rule), "%s", found->rule);
	snprintf(kept->record, sizeof(kept->record), "%s", found->record);
	snprintf(kept->field, sizeof(kept->field), "%s", found->field);
	snprintf(kept->found, sizeof(kept->found), "%s", found->found);
	snprintf(kept->expected, sizeof(kept->expected), "%s", found->expected);
	kept->batch = found->batch;
	kept->line = found->line;
	return PEN_OK;
}

static inline int start_year(void **state)
{
	struct year *y = calloc(1, sizeof(*y));
	void *inner;

	if (!y)
		abort();
	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	start(&inner);
	y->f = inner;
	*state = y;
	add_person(y, &y->op1, &y->op1_key, "op1", "operator");
	add_person(y, &y->lead1, &y->lead1_key, "lead1", "lead");
	import_year(y);
	y->walk = (struct pen_walk){ .session = &y->op1, .visit = keep_finding, .context = y, .size = 1000000 };
	return 0;
}

static inline void answer(struct year *y, int employer, const char *said)
{
	struct fixture *f = y->f;
	char code[19], paper[128];
	const struct pen_acknowledge_options options = { .batch = "4", .employer = code, .answer = said, .document = paper };
	enum pen_status status;

	credit_code(employer, code);
	snprintf(paper, sizeof(paper), "%s/breakdown.csv", f->dir);	/* any file will do as a paper */
	SILENTLY(y, status = pen_acknowledge(&y->op1, &options, printer, &f->error));
	assert_ok(status);
}

static inline enum pen_status sign(struct year *y, struct pen_session *by, const char *batches)
{
	enum pen_status status;

	SILENTLY(y, status = pen_sign(by, batches, false, printer, &y->f->error));
	return status;
}

/* Everything agreed, signed by both, and closed. */
static inline int start_sealed(void **state)
{
	struct fixture *f;
	struct year *y;
	enum pen_status status;

	start_year(state);
	y = *state;
	f = y->f;
	answer(y, 1, "agreed");
	answer(y, 2, "agreed");
	assert_ok(sign(y, &y->op1, "1-4"));
	assert_ok(sign(y, &y->lead1, "1-4"));
	SILENTLY(y, status = pen_close(&y->op1, "1-4", false, printer, &f->error));
	assert_ok(status);
	return 0;
}

static inline int stop_year(void **state)
{
	struct year *y = *state;
	void *inner = y->f;

	pen_walk__end(&y->walk);
	pen_signature__free(y->op1_key);
	pen_signature__free(y->lead1_key);
	stop(&inner);
	free(y);
	return 0;
}

/* The first finding of a rule; fails if there is none. */
static inline const struct kept_finding *finding(struct year *y, const char *rule)
{
	size_t i;

	for (i = 0; i < y->count; i++) {
		if (strcmp(y->at[i].rule, rule) == 0)
			return &y->at[i];
	}
	fail_msg("no finding of %s among %zu", rule, y->count);
	return NULL;
}

static inline void assert_clean(struct year *y)
{
	if (y->count)
		fail_msg("%s: %s: found %s, expected %s", y->at[0].rule, y->at[0].record, y->at[0].found, y->at[0].expected);
}

/* Behind the tools' back: without the triggers. */
static inline void break_in(struct year *y, const char *sql)
{
	static const char *const triggers[] = { "journal_stays_u", "journal_stays_d", "contribution_stays_u",
		"contribution_stays_d", "registration_stays_u", "registration_stays_d", "levy_stays_u", "levy_stays_d" };
	char drop[96];
	size_t i;

	for (i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
		snprintf(drop, sizeof(drop), "DROP TRIGGER IF EXISTS %s", triggers[i]);
		tamper(y->f, drop);
	}
	tamper(y->f, sql);
}

#define WITH_YEAR(test) cmocka_unit_test_setup_teardown(test, start_year, stop_year)
#define WITH_SEALS(test) cmocka_unit_test_setup_teardown(test, start_sealed, stop_year)

#endif
