/* pen-report: the reports of the regulation, by name. */
#include "command.h"
#include "option.h"

static struct {
	int32_t year;
	const char *employer, *person, *month, *agency, *as_of;
} given;

static enum pen_status report(struct command *command, const char *name, struct pen_error *error)
{
	const struct pen_report_options options = {
		.name = name, .year = given.year, .employer = given.employer, .as_of = given.as_of
	};

	if (!given.year)
		return wrong_usage(error, _("say which year, with --year"));
	return pen_report(command->session, &options, command->printer, error);
}

static enum pen_status breakdown(struct command *command, struct pen_error *error)
{
	return report(command, "breakdown", error);
}

static enum pen_status detail(struct command *command, struct pen_error *error)
{
	return report(command, "statement-detail", error);
}

static enum pen_status statement(struct command *command, struct pen_error *error)
{
	if (!given.year || !given.person)
		return wrong_usage(error, _("a statement needs --year, and --person with a citizen id"));
	return pen_statement(command->session, given.year, given.person, given.as_of, command->printer, error);
}

static enum pen_status amendment_log(struct command *command, struct pen_error *error)
{
	const struct pen_amendment_log_options options = { .month = given.month, .agency = given.agency, .as_of = given.as_of };

	if (!given.month)
		return wrong_usage(error, _("say which month, with --month"));
	return pen_amendment_log(command->session, &options, command->printer, error);
}

static enum pen_status objections(struct command *command, struct pen_error *error)
{
	return pen_objections(command->session, given.as_of, command->printer, error);
}

static struct pen_list_options list_options(bool of_month)
{
	return (struct pen_list_options){ .employer = given.employer, .month = of_month ? given.month : NULL, .as_of = given.as_of };
}

static enum pen_status employer_roster(struct command *command, struct pen_error *error)
{
	const struct pen_list_options options = list_options(false);

	return pen_roster(command->session, &options, command->printer, error);
}

static enum pen_status new_insured(struct command *command, struct pen_error *error)
{
	const struct pen_list_options options = list_options(true);

	if (!given.month)
		return wrong_usage(error, _("say which month, with --month"));
	return pen_roster(command->session, &options, command->printer, error);
}

static enum pen_status employer_retirees(struct command *command, struct pen_error *error)
{
	const struct pen_list_options options = list_options(false);

	return pen_retirees(command->session, &options, command->printer, error);
}

static enum pen_status new_retirees(struct command *command, struct pen_error *error)
{
	const struct pen_list_options options = list_options(true);

	if (!given.month)
		return wrong_usage(error, _("say which month, with --month"));
	return pen_retirees(command->session, &options, command->printer, error);
}

static enum pen_status roll(struct command *command, struct pen_error *error)
{
	const struct pen_list_options options = list_options(true);

	if (!given.month)
		return wrong_usage(error, _("say which month, with --month"));
	return pen_rollsheet(command->session, &options, command->printer, error);
}

#define YEAR { 0, "year", OPTION_YEAR, &given.year, "YEAR", N_("the year"), NULL }
#define EMPLOYER { 0, "employer", OPTION_TEXT, &given.employer, "CODE", N_("credit code of one employer (else all of them)"), NULL }
#define MONTH { 0, "month", OPTION_TEXT, &given.month, "MONTH", N_("the month, as 2024-03"), NULL }
#define AS_OF { 0, "as-of", OPTION_TEXT, &given.as_of, "INDEX|DATE", N_("as it stood then: a journal index, or a date"), NULL }

static const struct option_row employer_rows[] = {
	YEAR,
	EMPLOYER,
	AS_OF,
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct option_row person_rows[] = {
	YEAR,
	{ 0, "person", OPTION_TEXT, &given.person, "ID", N_("citizen id"), NULL },
	AS_OF,
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct option_row month_rows[] = {
	MONTH,
	{ 0, "agency", OPTION_TEXT, &given.agency, "CODE", N_("of one area, six digits (else all of them)"), NULL },
	AS_OF,
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct option_row as_of_rows[] = {
	AS_OF,
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct option_row list_rows[] = {
	EMPLOYER,
	AS_OF,
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct option_row month_list_rows[] = {
	MONTH,
	EMPLOYER,
	AS_OF,
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct verb verbs[] = {
	{ "breakdown", "", N_("年度职工社会保险费缴费分解表: what each employer's breakdown says, for the signatures"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, employer_rows, breakdown },
	{ "statement-detail", "", N_("年度个人账户对账单明细表: what each employer is given to check (R4.2.2)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, employer_rows, detail },
	{ "statement", "", N_("个人账户对账单: one person's account of a year, when all of it is sealed (R4.2.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, person_rows, statement },
	{ "amendment-log", "", N_("业务数据修改日志表: each field that was changed in a month, by whom, on whose approval (R5.3.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, month_rows, amendment_log },
	{ "objections", "", N_("对账单异议登记表: the objections against statements, and those that came too late (R4.2.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, as_of_rows, objections },
	{ "employer-roster", "", N_("参保单位职工基本情况表: who works for each employer, as registered (R4.1.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, list_rows, employer_roster },
	{ "new-insured", "", N_("新增参保人员基本情况表: those whom the forms of a month brought in (R4.1.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, month_list_rows, new_insured },
	{ "employer-retirees", "", N_("参保单位退休人员基本情况表: who retired from each employer, and the pension (R4.3.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, list_rows, employer_retirees },
	{ "new-retirees", "", N_("新增退休人员基本情况表: the retirements that a month's forms brought in (R4.3.3)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, month_list_rows, new_retirees },
	{ "roll", "", N_("养老待遇发放表: what is paid to whom in a month, with totals by employer and item (R4.3.1d)"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, month_list_rows, roll },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-report", N_("the reports of the regulation"), verbs };

	return command_main(&tool, argc, argv);
}
