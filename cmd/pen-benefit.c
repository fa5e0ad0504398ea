/* pen-benefit: benefits, assessed, paid month by month, stopped and ended. */
#include "command.h"
#include "option.h"

static struct {
	const char *month, *person, *reason, *note, *paper, *bank, *as_of;
	int32_t on;
	int64_t amount;
	bool amount_told;
} given;

/* ---- assess ---- */

static struct pen_assess_options assessed;
static struct option_list supposed;
static const char *due;

static enum pen_status assess(struct command *command, struct pen_error *error)
{
	if (due && (command->argc || assessed.person || assessed.what_if))
		return wrong_usage(error, _("--due only lists who reaches the age: say nobody and no list with it"));
	if (due)
		return pen_due(command->session, due, command->printer, error);
	assessed.list = command->argc ? command->argv[0] : NULL;
	assessed.set = supposed.at;
	assessed.sets = supposed.count;
	assessed.dry_run = command->dry_run;
	return pen_assess(command->session, &assessed, command->printer, error);
}

static const struct option_row assess_rows[] = {
	{ 0, "person", OPTION_TEXT, &assessed.person, "ID", N_("citizen id"), NULL },
	{ 0, "retired-on", OPTION_DATE, &assessed.retired_on, "DATE", N_("day of the formalities; the pension is from the month after it"), NULL },
	{ 0, "route", OPTION_TEXT, &assessed.route, "ROUTE", N_("statutory (if not told), early, late, special-trade or exception"), NULL },
	{ 0, "category", OPTION_TEXT, &assessed.category, "CATEGORY", N_("male60, female55 or female50, where the registration does not say"), NULL },
	{ 0, "index", OPTION_TEXT, &assessed.index, "INDEX", N_("index of the transitional pension, where it has one of its own"), NULL },
	{ 0, "extra", OPTION_YUAN, &assessed.extra_fen, "YUAN", N_("a local addition that a paper grants"), NULL },
	{ 0, "reason", OPTION_TEXT, &assessed.reason, "TEXT", N_("why an exception is made"), NULL },
	{ 0, "paper", OPTION_TEXT, &assessed.paper, "FILE", N_("the paper of an exception, kept in the store"), NULL },
	{ 0, "what-if", OPTION_FLAG, &assessed.what_if, NULL, N_("print what it would come to, with every step, and write nothing"), NULL },
	{ 0, "set", OPTION_LIST, &supposed, "FIGURE=VALUE", N_("suppose a figure, with --what-if; may be repeated"), NULL },
	{ 0, "due", OPTION_TEXT, &due, "MONTH", N_("list who reaches the age in a month, as 2026-12; the CSV is a list to assess"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- show ---- */

static enum pen_status show(struct command *command, struct pen_error *error)
{
	if (!given.person)
		return wrong_usage(error, _("say whose pension, with --person and a citizen id"));
	return pen_assessment_show(command->session, given.person, given.as_of, command->printer, error);
}

static const struct option_row show_rows[] = {
	{ 0, "person", OPTION_TEXT, &given.person, "ID", N_("citizen id"), NULL },
	{ 0, "as-of", OPTION_TEXT, &given.as_of, "INDEX|DATE", N_("as it stood then: a journal index, or a date"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- approve ---- */

static enum pen_status approve(struct command *command, struct pen_error *error)
{
	return pen_benefit_approve(command->session, command->argv[0], command->dry_run, command->printer, error);
}

/* ---- run ---- */

static enum pen_status run(struct command *command, struct pen_error *error)
{
	if (!given.month)
		return wrong_usage(error, _("say which month is to be paid, with --month"));
	return pen_month_run(command->session, given.month, command->dry_run, command->printer, error);
}

static const struct option_row run_rows[] = {
	{ 0, "month", OPTION_TEXT, &given.month, "MONTH", N_("the month, as 2026-11"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- pay, history ---- */

static enum pen_status pay(struct command *command, struct pen_error *error)
{
	if (!given.month == !given.bank)
		return wrong_usage(error, _("say of which month the file for the bank is wanted, with --month, or which file came back, with --return"));
	if (given.bank)
		return pen_pay_return(command->session, given.bank, command->dry_run, command->printer, error);
	return pen_pay_file(command->session, given.month, command->printer, error);
}

static const struct option_row pay_rows[] = {
	{ 0, "month", OPTION_TEXT, &given.month, "MONTH", N_("the month, as 2026-11"), NULL },
	{ 0, "return", OPTION_TEXT, &given.bank, "FILE", N_("what the bank says to it (CSV, form bank-return)"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status history(struct command *command, struct pen_error *error)
{
	if (!given.person)
		return wrong_usage(error, _("say whose benefit, with --person and a citizen id"));
	return pen_pay_history(command->session, given.person, given.as_of, command->printer, error);
}

/* ---- stop, resume, end; recover, repaid ---- */

static enum pen_status change(struct command *command, const char *kind, const char *reason, struct pen_error *error)
{
	const struct pen_benefit_change_options options = {
		.kind = kind, .person = given.person, .reason = reason, .month = given.month, .on = given.on,
		.amount_fen = given.amount_told ? given.amount : -1, .note = given.note, .paper = given.paper, .dry_run = command->dry_run
	};

	if (!given.person)
		return wrong_usage(error, _("say whose benefit, with --person and a citizen id"));
	if (!reason)
		return wrong_usage(error, _("say why, with --reason"));
	return pen_benefit_change(command->session, &options, command->printer, error);
}

static enum pen_status stop(struct command *command, struct pen_error *error)
{
	return change(command, "stop", given.reason, error);
}

static enum pen_status resume(struct command *command, struct pen_error *error)
{
	return change(command, "resume", given.reason, error);
}

static enum pen_status end(struct command *command, struct pen_error *error)
{
	return change(command, "end", given.reason, error);
}

static enum pen_status recover(struct command *command, struct pen_error *error)
{
	return change(command, "recover", "overpaid", error);
}

static enum pen_status repaid(struct command *command, struct pen_error *error)
{
	return change(command, "repaid", "overpaid", error);
}

#define PERSON_ROW { 0, "person", OPTION_TEXT, &given.person, "ID", N_("citizen id"), NULL }
#define MONTH_ROW { 0, "month", OPTION_TEXT, &given.month, "MONTH", N_("from which month on, as 2026-11"), NULL }
#define PAPER_ROWS \
	{ 0, "note", OPTION_TEXT, &given.note, "TEXT", N_("what else is to be said, on one line"), NULL }, \
	{ 0, "paper", OPTION_TEXT, &given.paper, "FILE", N_("the proof, kept in the store"), NULL }, \
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }

static const struct option_row change_rows[] = {
	PERSON_ROW,
	{ 0, "reason", OPTION_TEXT, &given.reason, "REASON", N_("such as death, qualification-overdue, prison"), NULL },
	{ 0, "on", OPTION_DATE, &given.on, "DATE", N_("the day on which it happened"), NULL },
	MONTH_ROW,
	PAPER_ROWS
};

static const struct option_row amount_rows[] = {
	PERSON_ROW,
	{ 0, "amount", OPTION_YUAN, &given.amount, "YUAN", N_("how much, in yuan"), &given.amount_told },
	{ 0, "on", OPTION_DATE, &given.on, "DATE", N_("the day on which it happened"), NULL },
	MONTH_ROW,
	PAPER_ROWS
};

/* ---- adjust ---- */

static enum pen_status adjust(struct command *command, struct pen_error *error)
{
	return pen_adjust(command->session, command->argv[0], command->dry_run, command->printer, error);
}

static const struct verb verbs[] = {
	{ "assess", "[FILE]", N_("work out the pension of somebody who retires, or of everybody on a list"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 1, assess_rows, assess },
	{ "approve", "BATCHES", N_("sign batches of benefits in the role whose turn it is; after the last, seal them"),
	    VERB_SESSION | VERB_DRY_RUN, 1, 1, NULL, approve },
	{ "show", "", N_("show a person's assessment with every step of the arithmetic"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, show_rows, show },
	{ "run", "", N_("make the roll of a month, and reconcile it with the month before"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, run_rows, run },
	{ "pay", "", N_("write the file for the bank, or take in what it says to it"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, pay_rows, pay },
	{ "history", "", N_("show all that somebody's benefit went through"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, show_rows, history },
	{ "stop", "", N_("suspend somebody's benefit from a month on"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, change_rows, stop },
	{ "resume", "", N_("let a benefit go on that was stopped"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, change_rows, resume },
	{ "end", "", N_("end somebody's benefit, or record a death in service: with funeral and consolation"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, change_rows, end },
	{ "recover", "", N_("say how much at most is kept back a month of what was overpaid"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, amount_rows, recover },
	{ "repaid", "", N_("enter what somebody handed back of what was overpaid"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, amount_rows, repaid },
	{ "adjust", "SCHEME", N_("apply a scheme of adjustment to everybody who retired in time"),
	    VERB_SESSION | VERB_DRY_RUN, 1, 1, NULL, adjust },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-benefit", N_("benefits"), verbs };

	return command_main(&tool, argc, argv);
}
