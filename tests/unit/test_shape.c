#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "form_fixture.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/months.h"
#include "model/shape.h"

#define TODAY 20261123
#define CODE "91330100MA27Y12345"
#define NEW_CODE "91110000MA00000152"
#define WANG "330106199008072465"
#define LI "330106198503121231"

static const char table[] =
	"name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
	"contribution.unit,000000,employee,,,16,percent,test,yes,\n"
	"contribution.personal,000000,employee,,,8,percent,test,yes,\n"
	"base.floor,330000,,,,4462.00,yuan,test,yes,\n"
	"base.cap,330000,,,,24060.00,yuan,test,yes,\n"
	"share.tolerance,000000,,,,0.500,fen/month,test,yes,\n";

static struct pen_parameters *parameters;
static struct pen_error error;

/* ------------------------------------------------------ a small store -- */

/* Wang is registered, Li staged; employer 1 is CODE. What is claimed gets the
 * number 90 and is known from then on. */
static struct {
	char claimed[32];
	int claims;
	bool levy_known, registered;
	struct pen_account_facts account;
	int asked;
} store;

static const struct pen_person_facts *ask_person(void *context, const char id18[19], bool claim)
{
	static const struct pen_person_facts wang = { .person = 7, .registered = true, .name = "王敏",
		.id_number = WANG, .payer = "employee", .born = 19900807, .insured_on = 20120901, .sex = 2 };
	static const struct pen_person_facts li = { .person = 8 }, claimed = { .person = 90 };

	assert_ptr_equal(context, &store);
	store.claims += claim;
	if (strcmp(id18, WANG) == 0)
		return &wang;
	if (strcmp(id18, LI) == 0)
		return &li;
	if (claim)
		snprintf(store.claimed, sizeof(store.claimed), "%s", id18);
	return strcmp(store.claimed, id18) == 0 ? &claimed : NULL;
}

static int64_t ask_employer(void *context, const char *credit_code, bool claim)
{
	assert_ptr_equal(context, &store);
	store.claims += claim;
	if (strcmp(credit_code, CODE) == 0)
		return 1;
	if (claim)
		snprintf(store.claimed, sizeof(store.claimed), "%s", credit_code);
	return strcmp(store.claimed, credit_code) == 0 ? 90 : 0;
}

static bool ask_levy(void *context, int64_t employer, const struct pen_row *row)
{
	assert_ptr_equal(context, &store);
	assert_int_equal(employer, row->v[PEN_SUBJECT].i);
	store.asked++;
	return store.levy_known;
}

static bool ask_registered(void *context, int64_t person, int64_t employer, int32_t since)
{
	assert_ptr_equal(context, &store);
	store.asked++;
	return store.registered && person == 7 && employer == 1 && since == 20120901;
}

static void ask_account(void *context, int64_t person, struct pen_account_facts *facts)
{
	assert_ptr_equal(context, &store);
	*facts = person == 7 ? store.account : (struct pen_account_facts){ 0 };
}

static const char *ask_area(void *context, int64_t employer)
{
	assert_ptr_equal(context, &store);
	return employer == 1 ? "330106" : NULL;
}

/* ------------------------------------------------------------ shaping -- */

static struct pen_reference reference;
static struct pen_surroundings around;
static struct pen_form *form;
static struct pen_shape *shape;
static struct pen_cell cells[PEN_FIELDS_MOST];
static struct pen_shaped shaped;
static struct pen_findings findings;

static int set_up(void **state)
{
	(void)state;
	parameters = pen_parameter__new();
	assert_non_null(parameters);
	return pen_parameter__add(parameters, "test", table, strlen(table), &error) != PEN_OK;
}

static int tear_down(void **state)
{
	(void)state;
	pen_parameter__free(parameters);
	return 0;
}

static void open_form(const char *name)
{
	memset(&store, 0, sizeof(store));
	reference = (struct pen_reference){ .context = &store, .person = ask_person, .employer = ask_employer,
			.levy_known = ask_levy, .registered = ask_registered, .account = ask_account, .area = ask_area };
	around = (struct pen_surroundings){ .parameters = parameters, .area = "330100", .today = TODAY };
	form = shipped_form(name);
	assert_int_equal(pen_shape__open(&shape, form, &error), PEN_OK);
}

static int close_form(void **state)
{
	(void)state;
	pen_shape__close(shape);
	pen_form__free(form);
	shape = NULL;
	form = NULL;
	return 0;
}

/* Shapes a line given as "field=value;…"; what is not given is empty, or, of an
 * optional column, not in the file. */
static void line(const char *text)
{
	char buffer[1024], *pair, *rest = buffer, *value;
	static char values[PEN_FIELDS_MOST][128];
	bool given[PEN_FIELDS_MOST] = { false };
	int i;

	memset(values, 0, sizeof(values));
	memset(cells, 0, sizeof(cells));
	snprintf(buffer, sizeof(buffer), "%s", text);
	while ((pair = strsep(&rest, ";")) && *pair) {
		value = strchr(pair, '=');
		*value++ = '\0';
		i = pen_form__field(form, pair);
		assert_true(i >= 0);
		snprintf(values[i], sizeof(values[i]), "%s", value);
		given[i] = true;
	}
	for (i = 0; i < form->count; i++)
		if (given[i] || !form->fields[i].optional)
			pen_field__read(&form->fields[i], values[i], strlen(values[i]), TODAY, &cells[i]);
	findings.count = 0;
	pen_shape__row(shape, cells, 5, &reference, &around, &shaped, &findings);
	assert_int_equal(shaped.row.v[PEN_LINE].i, 5);
	assert_null(around.person);
	assert_null(around.name);
}

/* "field:rule field:rule …" */
static void assert_findings(const char *expected)
{
	char text[1024] = "";
	size_t n = 0;
	int i;

	for (i = 0; i < findings.count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s:%s", i ? " " : "",
		    findings.at[i].field, findings.at[i].rule->id);
	assert_string_equal(text, expected);
}

static void assert_text(int column, const char *expected)
{
	assert_int_equal(shaped.row.v[column].type, PEN_STRING);
	assert_int_equal(shaped.row.v[column].n, strlen(expected));
	assert_memory_equal(shaped.row.v[column].s, expected, strlen(expected));
}

static void assert_number(int column, int64_t expected)
{
	assert_int_equal(shaped.row.v[column].type, PEN_INTEGER);
	assert_int_equal(shaped.row.v[column].i, expected);
}

/* ----------------------------------------------------------- employers -- */

#define EMPLOYER(code) "credit_code=" code ";name=某公司;area=330106;insured_on=2010-01-01"

static void a_new_employer_gets_a_number_and_its_defaults(void **state)
{
	(void)state;
	open_form("employer");
	line(EMPLOYER(NEW_CODE));
	assert_findings("");
	assert_number(PEN_SUBJECT, 90);
	assert_text(PEN_EMPLOYER_CREDIT_CODE, NEW_CODE);
	assert_text(PEN_EMPLOYER_NAME, "某公司");
	assert_text(PEN_EMPLOYER_AREA, "330106");
	assert_number(PEN_EMPLOYER_INSURED_ON, 20100101);
	assert_number(PEN_EMPLOYER_NEWLY_COVERED, 0);
	assert_int_equal(shaped.row.v[PEN_EMPLOYER_UNIT_NUMBER].type, PEN_NULL);
	assert_int_equal(shaped.employer, 0);	/* the form's folios are of no employer */
	assert_int_equal(shaped.amount_fen, 0);
	line(EMPLOYER(NEW_CODE) ";newly_covered=是;unit_number=０0７");
	assert_findings("credit_code:employer.repeated");
}

static void an_employer_of_the_store_is_repeated(void **state)
{
	(void)state;
	open_form("employer");
	line(EMPLOYER(CODE) ";newly_covered=是;unit_number=007");
	assert_findings("credit_code:employer.repeated");
	assert_string_equal(findings.at[0].found, CODE);
	assert_int_equal(store.claims, 0);
	assert_number(PEN_EMPLOYER_NEWLY_COVERED, 1);
	assert_text(PEN_EMPLOYER_UNIT_NUMBER, "007");
}

static void a_row_with_findings_claims_nothing(void **state)
{
	(void)state;
	open_form("employer");
	line("credit_code=" NEW_CODE ";name=;area=330106;insured_on=2010-01-01");
	assert_findings("name:field.required");
	assert_int_equal(store.claims, 0);
	line(EMPLOYER(NEW_CODE));
	assert_findings("");
}

/* ------------------------------------------------------- registrations -- */

#define REGISTRATION(id, sex, born, category) NAMED(id, "李强", sex, born, category)
#define NAMED(id, name, sex, born, category) "id_number=" id ";name=" name ";sex=" sex ";born=" born \
	";credit_code=" CODE ";insured_on=2012-09-01;worked_on=2012-08-20;category=" category ";base=6500.00"

static void a_registration_is_of_its_employers_folio_and_begins_a_period(void **state)
{
	(void)state;
	open_form("registration");
	line(NAMED("330106199008072465", "王敏", "女", "1990-08-07", "女干部") ";basis=两个确认;deemed_months=1");
	assert_findings("");
	assert_int_equal(shaped.employer, 1);
	assert_int_equal(shaped.period, 0);
	assert_int_equal(shaped.since, 20120901);
	assert_int_equal(shaped.until, 0);
	assert_number(PEN_SUBJECT, 7);
	assert_number(PEN_REGISTRATION_SEX, 2);
	assert_number(PEN_REGISTRATION_BORN, 19900807);
	assert_text(PEN_REGISTRATION_STATUS, "cadre");
	assert_text(PEN_REGISTRATION_PAYER, "employee");
	assert_number(PEN_REGISTRATION_BASE, 650000);
	assert_text(PEN_REGISTRATION_BASIS, "two-confirmations");
	assert_number(PEN_REGISTRATION_DEEMED_MONTHS, 1);
}

static void a_person_who_is_new_gets_a_number(void **state)
{
	(void)state;
	open_form("registration");
	line(REGISTRATION("440000750301003", "1", "1975-03-01", "男职工"));
	assert_findings("");
	assert_number(PEN_SUBJECT, 90);
	assert_non_null(shaped.person);
	assert_string_equal(store.claimed, "440000197503010037");
	assert_text(PEN_REGISTRATION_ID_NUMBER, "440000750301003");	/* as received */
	assert_int_equal(shaped.row.v[PEN_REGISTRATION_STATUS].type, PEN_NULL);
	assert_int_equal(shaped.row.v[PEN_REGISTRATION_BASIS].type, PEN_NULL);
	assert_number(PEN_REGISTRATION_DEEMED_MONTHS, 0);
}

static void the_category_goes_with_the_sex(void **state)
{
	static const struct { const char *line, *findings, *status, *payer; } cases[] = {
		{ NAMED(WANG, "王敏", "女", "1990-08-07", "女工人"), "", "worker", "employee" },
		{ NAMED(WANG, "王敏", "女", "1990-08-07", "灵活就业"), "", NULL, "flexible" },
		{ REGISTRATION(LI, "男", "1985-03-12", "灵活就业"), "", NULL, "flexible" },
		{ REGISTRATION(LI, "男", "1985-03-12", "男职工"), "", NULL, "employee" },
		{ REGISTRATION(LI, "男", "1985-03-12", "女工人"), "category:registration.category", "worker", "employee" },
		{ NAMED(WANG, "王敏", "女", "1990-08-07", "男职工"), "category:registration.category", NULL, "employee" },
	};
	size_t i;

	(void)state;
	open_form("registration");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		line(cases[i].line);
		assert_findings(cases[i].findings);
		assert_text(PEN_REGISTRATION_PAYER, cases[i].payer);
		if (cases[i].status)
			assert_text(PEN_REGISTRATION_STATUS, cases[i].status);
		else
			assert_int_equal(shaped.row.v[PEN_REGISTRATION_STATUS].type, PEN_NULL);
	}
}

static void a_registration_that_the_store_has_is_repeated(void **state)
{
	(void)state;
	open_form("registration");
	store.registered = true;
	line(NAMED(WANG, "王敏", "女", "1990-08-07", "女干部"));
	assert_findings("id_number:registration.repeated");
	line(REGISTRATION(LI, "男", "1985-03-12", "男职工"));
	assert_findings("");
}

static void a_registration_has_the_name_that_its_person_has(void **state)
{
	(void)state;
	open_form("registration");
	line(REGISTRATION(WANG, "女", "1990-08-07", "女干部"));
	assert_findings("name:name.matches");
	line(NAMED(WANG, "王 敏", "女", "1990-08-07", "女干部"));
	assert_findings("");
	assert_true(shaped.name_folded);
	/* Somebody new, by the number of 15 and of 18. */
	line(REGISTRATION("440000750301003", "1", "1975-03-01", "男职工"));
	assert_findings("");
	assert_false(shaped.name_folded);
	line(NAMED("440000197503010037", "李刚", "1", "1975-03-01", "男职工"));
	assert_findings("name:name.matches");
	assert_non_null(strstr(findings.at[0].expected, "line "));
	line(NAMED("440000197503010037", "李　强", "1", "1975-03-01", "男职工"));
	assert_findings("");
	assert_true(shaped.name_folded);
}

static void a_new_number_that_ends_in_zeros_has_to_be_compared(void **state)
{
	(void)state;
	open_form("registration");
	line(REGISTRATION("110000196501150000", "女", "1965-01-15", "女干部"));
	assert_findings("id_number:id.zeros");
	assert_int_equal(store.claims, 0);
	line(REGISTRATION("110000196501150000", "女", "1965-01-15", "女干部") ";id_checked=否");
	assert_findings("id_number:id.zeros");
	line(REGISTRATION("110000196501150000", "女", "1965-01-15", "女干部") ";id_checked=是");
	assert_findings("");
	/* A wrong check character stays wrong, whoever looked. */
	line(REGISTRATION("440000197503010000", "女", "1975-03-01", "女干部") ";id_checked=是");
	assert_findings("id_number:id.check");
}

static void all_findings_come_in_the_forms_order_under_its_names(void **state)
{
	(void)state;
	open_form("registration");
	line("id_number=330106199008072466;name=;sex=男;born=1990-08-07;credit_code=" NEW_CODE
	    ";insured_on=2012-08-01;worked_on=2012-08-20;category=女干部;base=100");
	assert_findings("id_number:id.check name:field.required credit_code:employer.known "
	    "insured_on:registration.dates category:registration.category base:base.floor");
	line(NAMED(WANG, "王敏", "男", "1990-08-08", "男职工"));
	assert_findings("sex:registration.sex born:registration.born");
}

/* ---------------------------------------------------------- breakdowns -- */

#define BREAKDOWN(id, name, months, unit, personal) "year=2024;credit_code=" CODE ";id_number=" id \
	";name=" name ";base=6500.00;months=" months ";unit=" unit ";personal=" personal

static void a_breakdown_is_a_normal_contribution_of_the_employers_year(void **state)
{
	(void)state;
	open_form("breakdown");
	line(BREAKDOWN(WANG, "王　敏", "12", "12480.00", "6240.00") ";arrived=2024-12-20;voucher=V1");
	assert_findings("");
	assert_int_equal(shaped.employer, 1);
	assert_int_equal(shaped.period, 2024);
	assert_int_equal(shaped.amount_fen, 1872000);
	assert_int_equal(shaped.first_month, 1);
	assert_int_equal(shaped.person->person, 7);
	assert_number(PEN_SUBJECT, 7);
	assert_number(PEN_CONTRIBUTION_KIND, PEN_NORMAL);
	assert_number(PEN_CONTRIBUTION_MONTHS, PEN_MONTHS_ALL);
	assert_number(PEN_CONTRIBUTION_MONTHS_ASSUMED, 0);
	assert_number(PEN_CONTRIBUTION_UNIT, 1248000);
	assert_number(PEN_CONTRIBUTION_PERSONAL, 624000);
	assert_int_equal(shaped.row.v[PEN_CONTRIBUTION_FOR_YEAR].type, PEN_NULL);
	assert_number(PEN_CONTRIBUTION_ARRIVED, 20241220);
	assert_text(PEN_CONTRIBUTION_VOUCHER, "V1");
	assert_int_equal(store.claims, 0);
}

static void fewer_than_twelve_months_without_a_first_are_assumed(void **state)
{
	(void)state;
	open_form("breakdown");
	line(BREAKDOWN(WANG, "王敏", "6", "6240.00", "3120.00"));
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_MONTHS, 0x03f);
	assert_number(PEN_CONTRIBUTION_MONTHS_ASSUMED, 1);
}

static void a_first_month_makes_the_months_known(void **state)
{
	(void)state;
	open_form("breakdown");
	line(BREAKDOWN(WANG, "王敏", "6", "6240.00", "3120.00") ";first_month=7");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_MONTHS, 0xfc0);
	assert_number(PEN_CONTRIBUTION_MONTHS_ASSUMED, 0);
	line(BREAKDOWN(WANG, "王敏", "7", "7280.00", "3640.00") ";first_month=7");
	assert_findings("first_month:month.range");
	assert_string_equal(findings.at[0].found, "7 months from month 7");
	line(BREAKDOWN(WANG, "王敏", "13", "7280.00", "3640.00"));
	assert_findings("months:month.range");
}

static void who_came_in_the_year_is_assumed_to_pay_from_that_month(void **state)
{
	(void)state;
	open_form("breakdown");
	line("year=2012;credit_code=" CODE ";id_number=" WANG ";name=王敏;base=6500.00;months=3;unit=3120;personal=1560");
	assert_findings("");
	assert_int_equal(shaped.first_month, 9);
	assert_number(PEN_CONTRIBUTION_MONTHS, 0x700);
	/* More months than are left: as late as they fit. */
	line("year=2012;credit_code=" CODE ";id_number=" WANG ";name=王敏;base=6500.00;months=5;unit=5200;personal=2600");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_MONTHS, 0xf80);
}

static void people_who_are_unknown_staged_or_of_another_name_are_refused(void **state)
{
	(void)state;
	open_form("breakdown");
	line(BREAKDOWN("510105200806010173", "赵六", "12", "12480.00", "6240.00"));
	assert_findings("id_number:person.registered");
	assert_string_equal(findings.at[0].found, "510105200806010173");
	assert_null(shaped.person);
	line(BREAKDOWN(LI, "李强", "12", "12480.00", "6240.00"));
	assert_findings("id_number:person.registered");
	assert_string_equal(findings.at[0].found, LI);
	line(BREAKDOWN(WANG, "王玟", "12", "12480.00", "6240.00"));
	assert_findings("name:name.matches");
	assert_string_equal(findings.at[0].found, "王玟");
	assert_string_equal(findings.at[0].expected, "王敏");
}

static void amounts_count_as_far_as_they_can_be_read(void **state)
{
	(void)state;
	open_form("breakdown");
	line("year=2024;credit_code=" CODE ";id_number=330106199008072466;name=王敏;base=6500.00;months=12"
	    ";unit=1,2480.00;personal=6240.00");
	assert_findings("id_number:id.check unit:amount.format");
	assert_int_equal(shaped.amount_fen, 624000);
	line(BREAKDOWN(WANG, "王敏", "12", "12480.07", "6239.00"));
	assert_findings("unit:share.unit personal:share.personal");
	assert_int_equal(shaped.amount_fen, 1871907);
}

/* -------------------------------------------------------------- levies -- */

#define LEVY(voucher, amount) "voucher=" voucher ";credit_code=" CODE \
	";year=2024;paid_on=2024-07-15;amount=" amount ";voucher_kind=税收通用缴款书"

static void a_levy_is_of_pension_without_late_fee_unless_it_says_so(void **state)
{
	(void)state;
	open_form("levy");
	line(LEVY("V1", "100.00"));
	assert_findings("");
	assert_int_equal(shaped.employer, 0);
	assert_int_equal(shaped.period, 0);
	assert_int_equal(shaped.amount_fen, 10000);
	assert_number(PEN_SUBJECT, 1);
	assert_text(PEN_LEVY_VOUCHER, "V1");
	assert_number(PEN_LEVY_YEAR, 2024);
	assert_text(PEN_LEVY_VOUCHER_KIND, "payment-book");
	assert_text(PEN_LEVY_INSURANCE, PEN_INSURANCE_PENSION);
	assert_number(PEN_LEVY_LATE_FEE, 0);
	assert_number(PEN_LEVY_REFUND, 0);
	line(LEVY("V2", "100.00") ";insurance=失业保险;late_fee=1.50");
	assert_findings("");
	assert_text(PEN_LEVY_INSURANCE, "失业保险");
	assert_number(PEN_LEVY_LATE_FEE, 150);
}

static void a_refund_is_negative_and_flagged_however_it_came(void **state)
{
	static const char *const lines[] = {
		LEVY("V1", "100.00") ";refund=是", LEVY("V2", "-100.00"), LEVY("V3", "-100.00") ";refund=是"
	};
	int i;

	(void)state;
	open_form("levy");
	for (i = 0; i < 3; i++) {
		line(lines[i]);
		assert_findings("");
		assert_number(PEN_LEVY_AMOUNT, -10000);
		assert_number(PEN_LEVY_REFUND, 1);
		assert_int_equal(shaped.amount_fen, -10000);
	}
	line(LEVY("V4", "100.00") ";refund=否");
	assert_number(PEN_LEVY_AMOUNT, 10000);
	assert_number(PEN_LEVY_REFUND, 0);
}

static void a_negative_amount_that_is_said_to_be_a_payment_is_refused(void **state)
{
	static const char *const lines[] = {
		LEVY("V1", "-100.00") ";refund=缴费", LEVY("V2", "-100.00") ";refund=否", LEVY("V3", "-100.00") ";refund=0"
	};
	int i;

	(void)state;
	open_form("levy");
	for (i = 0; i < 3; i++) {
		line(lines[i]);
		assert_findings("amount:amount.negative");
		assert_string_equal(findings.at[0].found, "-100.00");
	}
	line(LEVY("V4", "100.00") ";late_fee=-0.01");
	assert_findings("late_fee:amount.negative");
}

static void county_staff_name_only_employers_of_their_county(void **state)
{
	(void)state;
	open_form("levy");
	around.county = "330106";
	line(LEVY("V1", "100.00"));
	assert_findings("");
	around.county = "330102";
	line(LEVY("V2", "100.00"));
	assert_findings("credit_code:employer.area");
	assert_string_equal(findings.at[0].found, "330106");
	assert_string_equal(findings.at[0].expected, "330102");
}

static void an_account_that_stands_is_not_opened(void **state)
{
	(void)state;
	open_form("opening");
	store.account = (struct pen_account_facts){ .settlement = 9, .settled = 2022 };
	line("id_number=" WANG ";name=王敏;year=2023;personal_principal=100.00");
	assert_findings("");
	store.account.settled = 2023;
	line("id_number=" WANG ";name=王敏;year=2023;personal_principal=100.00");
	assert_findings("year:opening.settled");
	assert_string_equal(findings.at[0].rule->clause, "R4.2.3");
	store.account = (struct pen_account_facts){ .opening = 8 };
	line("id_number=" WANG ";name=王敏;year=2023;personal_principal=100.00");
	assert_findings("id_number:opening.repeated");
	assert_string_equal(findings.at[0].found, "an opening balance in folio 8");
}

static void a_payment_given_twice_is_refused(void **state)
{
	(void)state;
	open_form("levy");
	line(LEVY("V1", "100.00"));
	assert_findings("");
	line(LEVY("V1", "100.01"));
	assert_findings("");
	line(LEVY("V1", "100.00") ";insurance=失业保险");
	assert_findings("");
	line(LEVY("V1", "100.00") ";refund=是");	/* the refund of the first */
	assert_findings("");
	line(LEVY("V2", "100.00") ";late_fee=x");
	assert_findings("late_fee:amount.format");
	line(LEVY("V2", "100.00"));		/* the one before was not let in */
	assert_findings("");
	line(LEVY("V1", "100") ";insurance=基本养老保险");
	assert_findings("voucher:levy.repeated");
	line(LEVY("V1", "100.00") ";refund=是");
	assert_findings("voucher:levy.repeated");
	store.levy_known = true;
	line(LEVY("V9", "100.00"));
	assert_findings("voucher:levy.repeated");
	assert_string_equal(findings.at[0].found, "V9");
}

static void a_levy_of_an_unknown_employer_is_refused(void **state)
{
	(void)state;
	open_form("levy");
	line("voucher=V1;credit_code=" NEW_CODE ";year=2024;paid_on=2024-07-15;amount=1.00;voucher_kind=levy-data");
	assert_findings("credit_code:employer.known");
	assert_string_equal(findings.at[0].found, NEW_CODE);
	assert_int_equal(store.asked, 0);
	line("voucher=V1;credit_code=;year=;paid_on=;amount=;voucher_kind=");
	assert_findings("credit_code:field.required year:field.required paid_on:field.required "
	    "amount:field.required voucher_kind:field.required");
}

/* ------------------------------------------------------------ openings -- */

static void an_opening_has_four_parts_of_which_three_may_be_absent(void **state)
{
	(void)state;
	open_form("opening");
	line("id_number=" WANG ";name=王敏;year=2023;personal_principal=100.00;personal_interest=10.00"
	    ";unit_principal=5.00;unit_interest=0.55");
	assert_findings("");
	assert_number(PEN_OPENING_YEAR, 2023);
	assert_number(PEN_OPENING_PERSONAL_PRINCIPAL, 10000);
	assert_number(PEN_OPENING_PERSONAL_INTEREST, 1000);
	assert_number(PEN_OPENING_UNIT_PRINCIPAL, 500);
	assert_number(PEN_OPENING_UNIT_INTEREST, 55);
	assert_int_equal(shaped.amount_fen, 11555);
	line("id_number=" WANG ";name=王敏;year=2023;personal_principal=100.00");
	assert_findings("");
	assert_number(PEN_OPENING_UNIT_INTEREST, 0);
	line("id_number=" LI ";name=李强;year=2023;personal_principal=-100.00");
	assert_findings("id_number:person.registered personal_principal:amount.negative");
}

/* --------------------------------------------------------------- forms -- */

/* The form as JSON with one word replaced by another. */
static enum pen_status open_edited(const char *name, const char *from, const char *to)
{
	size_t n;
	char *json = form_text(name, &n), *at;
	struct pen_text edited = { 0 };
	enum pen_status status;

	at = strstr(json, from);
	assert_non_null(at);
	pen_text__add(&edited, json, (size_t)(at - json));
	pen_text__puts(&edited, to);
	pen_text__puts(&edited, at + strlen(from));
	assert_int_equal(pen_form__read(&form, edited.s, edited.n, &error), PEN_OK);
	pen_memory__free(json);
	pen_text__free(&edited);
	status = pen_shape__open(&shape, form, &error);
	return status;
}

static void a_form_without_a_field_that_its_record_needs_is_refused(void **state)
{
	(void)state;
	assert_int_equal(open_edited("breakdown", "\"name\": \"unit\"", "\"name\": \"unity\""), PEN_INPUT);
	assert_string_equal(error.code, "form.field");
	assert_non_null(strstr(error.text, "\"unit\""));
}

static void a_form_that_makes_a_date_a_text_is_refused(void **state)
{
	(void)state;
	assert_int_equal(open_edited("levy", "\"type\": \"date\"", "\"type\": \"string\""), PEN_INPUT);
	assert_string_equal(error.code, "form.type");
}

static void a_form_of_which_no_record_is_made_is_refused(void **state)
{
	(void)state;
	form = shipped_form("answers");
	assert_int_equal(pen_shape__open(&shape, form, &error), PEN_INPUT);
	assert_string_equal(error.code, "form.record");
	pen_form__free(form);
	form = shipped_form("settlement");
	assert_int_equal(pen_shape__open(&shape, form, &error), PEN_INPUT);
	assert_string_equal(error.code, "form.record");
}

int main(void)
{
#define SHAPE(test) cmocka_unit_test_teardown(test, close_form)
	const struct CMUnitTest tests[] = {
		SHAPE(a_new_employer_gets_a_number_and_its_defaults),
		SHAPE(an_employer_of_the_store_is_repeated),
		SHAPE(a_row_with_findings_claims_nothing),
		SHAPE(a_registration_is_of_its_employers_folio_and_begins_a_period),
		SHAPE(a_person_who_is_new_gets_a_number),
		SHAPE(the_category_goes_with_the_sex),
		SHAPE(a_registration_that_the_store_has_is_repeated),
		SHAPE(a_new_number_that_ends_in_zeros_has_to_be_compared),
		SHAPE(a_registration_has_the_name_that_its_person_has),
		SHAPE(all_findings_come_in_the_forms_order_under_its_names),
		SHAPE(a_breakdown_is_a_normal_contribution_of_the_employers_year),
		SHAPE(fewer_than_twelve_months_without_a_first_are_assumed),
		SHAPE(a_first_month_makes_the_months_known),
		SHAPE(who_came_in_the_year_is_assumed_to_pay_from_that_month),
		SHAPE(people_who_are_unknown_staged_or_of_another_name_are_refused),
		SHAPE(amounts_count_as_far_as_they_can_be_read),
		SHAPE(a_levy_is_of_pension_without_late_fee_unless_it_says_so),
		SHAPE(a_refund_is_negative_and_flagged_however_it_came),
		SHAPE(a_negative_amount_that_is_said_to_be_a_payment_is_refused),
		SHAPE(county_staff_name_only_employers_of_their_county),
		SHAPE(an_account_that_stands_is_not_opened),
		SHAPE(a_payment_given_twice_is_refused),
		SHAPE(a_levy_of_an_unknown_employer_is_refused),
		SHAPE(an_opening_has_four_parts_of_which_three_may_be_absent),
		SHAPE(a_form_without_a_field_that_its_record_needs_is_refused),
		SHAPE(a_form_that_makes_a_date_a_text_is_refused),
		SHAPE(a_form_of_which_no_record_is_made_is_refused),
	};
	return cmocka_run_group_tests_name("model/shape", tests, set_up, tear_down);
}
